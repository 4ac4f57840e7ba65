import type {
  AggregateCall,
  BoundExpression,
  BoundFrame,
  Column,
  NamedExpression,
  SortKey,
  WindowCall,
} from '../../../planner/expression.ts';
import type {
  HashAggregate,
  HashJoin,
  NestedLoopJoin,
  PhysicalJoinType,
  PhysicalPlan,
  SortOperator,
  TopN,
  UnionAll,
  WindowOperator,
} from '../../../planner/physical/plan.ts';
import { functionCatalog } from '../../../src/functions/registry.ts';
import { BOOLEAN } from '../../../src/types/data-type.ts';
import { NO_SPAN } from '../../../src/types/span.ts';
import { constant, type Harness, ref } from '../harness.ts';

/** An aggregate by name; `filter` as in FILTER (WHERE …). */
export function aggregateCall(
  db: Harness,
  name: string,
  arguments_: readonly BoundExpression[],
  filter: BoundExpression | null = null,
): AggregateCall {
  const function_ = functionCatalog.aggregate(
    name,
    arguments_.map(({ type }) => ({ type, untyped: false })),
    NO_SPAN,
  );
  const output = db.column(name, function_.returnType, function_.nullOnEmpty);
  return { output, function: function_, arguments: arguments_, distinct: false, filter, orderBy: [], span: NO_SPAN };
}

export function aggregate(
  db: Harness,
  input: PhysicalPlan,
  keys: readonly BoundExpression[],
  aggregates: readonly AggregateCall[],
): HashAggregate {
  const named = keys.map(
    (expression, i): NamedExpression => ({ output: db.column(`k${i}`, expression.type, expression.nullable), expression }),
  );
  const columns = [...named.map(({ output }) => output), ...aggregates.map(({ output }) => output)];
  return { kind: 'hash_aggregate', ...db.node(), input, keys: named, aggregates, columns };
}

export interface JoinOptions {
  readonly residual?: readonly BoundExpression[];
  readonly nullSafe?: boolean;
  readonly nullAware?: boolean;
}

/** Columns of both sides for inner and left, else of the probe side, with the mark behind them. */
function joinColumns(
  db: Harness,
  type: PhysicalJoinType,
  left: PhysicalPlan,
  right: PhysicalPlan,
): { columns: readonly Column[]; mark: Column | null } {
  if (type === 'inner') return { columns: [...left.columns, ...right.columns], mark: null };
  if (type === 'left') {
    return { columns: [...left.columns, ...right.columns.map((column) => ({ ...column, nullable: true }))], mark: null };
  }
  const mark = type === 'mark' ? db.column('mark', BOOLEAN) : null;
  return { columns: mark === null ? left.columns : [...left.columns, mark], mark };
}

export function hashJoin(
  db: Harness,
  type: PhysicalJoinType,
  probe: PhysicalPlan,
  build: PhysicalPlan,
  keys: readonly (readonly [probe: BoundExpression, build: BoundExpression])[],
  options: JoinOptions = {},
): HashJoin {
  return {
    kind: 'hash_join',
    ...db.node(),
    ...joinColumns(db, type, probe, build),
    type,
    probe,
    build,
    keys: keys.map(([left, right]) => ({ probe: left, build: right, nullSafe: options.nullSafe ?? false })),
    compared: null,
    residual: options.residual ?? [],
    nullAware: options.nullAware ?? false,
  };
}

export function nestedLoop(
  db: Harness,
  type: PhysicalJoinType,
  outer: PhysicalPlan,
  inner: PhysicalPlan,
  predicates: readonly BoundExpression[],
  nullAware = false,
): NestedLoopJoin {
  const columns = joinColumns(db, type, outer, inner);
  return { kind: 'nested_loop_join', ...db.node(), ...columns, type, outer, inner, predicates, nullAware };
}

/** `name`, `name desc`, `name nulls first`, …; without NULLS as PostgreSQL: last when ascending, first when descending. */
export function sortKeys(plan: PhysicalPlan, ...keys: readonly string[]): SortKey[] {
  return keys.map((key) => {
    const [name = '', ...words] = key.split(' ');
    const descending = words.includes('desc');
    const nulls = words.includes('first') ? 'first' : words.includes('last') ? 'last' : descending ? 'first' : 'last';
    return { expression: ref(plan, name), descending, nulls };
  });
}

export function sort(db: Harness, input: PhysicalPlan, keys: readonly SortKey[]): SortOperator {
  return { kind: 'sort', ...db.node(), input, columns: input.columns, keys };
}

export function topN(db: Harness, input: PhysicalPlan, keys: readonly SortKey[], count: number, offset = 0): TopN {
  return {
    kind: 'top_n',
    ...db.node(),
    input,
    columns: input.columns,
    keys,
    count: constant(BigInt(count)),
    offset: offset === 0 ? null : constant(BigInt(offset)),
  };
}

export function unionAll(db: Harness, ...inputs: readonly PhysicalPlan[]): UnionAll {
  const [first] = inputs;
  const columns = (first?.columns ?? []).map(({ name, type }) => db.column(name, type));
  return { kind: 'union_all', ...db.node(), inputs, columns };
}

export const WHOLE_PARTITION: BoundFrame = {
  unit: 'rows',
  start: { type: 'unbounded_preceding' },
  end: { type: 'unbounded_following' },
};

/** An aggregate over a frame. */
export function windowAggregate(
  db: Harness,
  name: string,
  arguments_: readonly BoundExpression[],
  frame: BoundFrame,
  filter: BoundExpression | null = null,
): WindowCall {
  const call = aggregateCall(db, name, arguments_, filter);
  const { output, span } = call;
  return { output, function: { type: 'aggregate', aggregate: call.function }, arguments: arguments_, filter, frame, span };
}

/** A pure window function. */
export function windowFunction(
  db: Harness,
  name: string,
  arguments_: readonly BoundExpression[],
  frame: BoundFrame = WHOLE_PARTITION,
): WindowCall {
  const resolved = functionCatalog.window(
    name,
    arguments_.map(({ type }) => ({ type, untyped: false })),
    NO_SPAN,
  );
  return {
    output: db.column(name, resolved.returnType),
    function: { type: 'window', name: resolved.name, returnType: resolved.returnType },
    arguments: arguments_,
    filter: null,
    frame,
    span: NO_SPAN,
  };
}

export function windowed(
  db: Harness,
  input: PhysicalPlan,
  partitionBy: readonly BoundExpression[],
  orderBy: readonly SortKey[],
  calls: readonly WindowCall[],
): WindowOperator {
  const columns = [...input.columns, ...calls.map(({ output }) => output)];
  return { kind: 'window', ...db.node(), input, columns, partitionBy, orderBy, calls };
}
