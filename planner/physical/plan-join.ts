import { type DataType, decimal, MAX_DECIMAL_PRECISION, sameType } from '../../src/types/data-type.ts';
import { expressionCost, hashJoinCost, nestedLoopCost } from '../cost/cost.ts';
import type { BoundExpression, ColumnId } from '../expression.ts';
import { castOf } from '../expression-build.ts';
import type { Join } from '../logical/plan.ts';
import { idsOf } from '../rules/support/columns.ts';
import { neededOfInput } from '../rules/support/needed.ts';
import type { PlanEstimate } from '../statistics/estimate.ts';
import { type KeyPair, keyPair } from '../statistics/join-estimate.ts';
import { delivered, estimateOf, needsRule, type PhysicalContext } from './context.ts';
import { orderPredicates } from './order-predicates.ts';
import type { HashJoin, NestedLoopJoin, PhysicalPlan } from './plan.ts';

/**
 * A hash join where the condition equates expressions of the two sides, else a nested loop. The left side is probed and
 * preserved; an inner join hashes the side with fewer rows.
 */
export function planJoin(plan: Join, needed: ReadonlySet<ColumnId>, context: PhysicalContext): PhysicalPlan {
  const { type } = plan;
  if (type === 'full') throw needsRule('a full join', 'ExpandFullJoins');
  const { estimator } = context;
  const leftEstimate = estimator.estimate(plan.left);
  const rightEstimate = estimator.estimate(plan.right);
  const swapped = type === 'inner' && leftEstimate.rows < rightEstimate.rows;
  const [probeSide, buildSide] = swapped ? [plan.right, plan.left] : [plan.left, plan.right];
  const condition = conditionOf(plan, idsOf(probeSide.columns), idsOf(buildSide.columns));

  const node = context.nextNode();
  const probe = context.plan(probeSide, neededOfInput(plan, 0, needed));
  const build = context.plan(buildSide, neededOfInput(plan, 1, needed));
  const { rows } = estimator.estimate(plan);
  const pairs: PlanEstimate = {
    rows: leftEstimate.rows * rightEstimate.rows,
    columns: new Map([...leftEstimate.columns, ...rightEstimate.columns]),
  };
  const common = {
    node,
    type,
    mark: plan.mark,
    nullAware: plan.nullAware,
    columns: delivered(plan.columns, needed),
  };
  if (condition.keys.length === 0) {
    const rest = orderPredicates(condition.rest, pairs);
    const predicates = condition.compared === null ? rest : [condition.compared, ...rest];
    const predicateCost = predicates.reduce((sum, predicate) => sum + expressionCost(predicate), 0);
    const own = nestedLoopCost(probe.estimate.rows, build.estimate.rows, rows, predicateCost);
    return {
      ...common,
      kind: 'nested_loop_join',
      outer: probe,
      inner: build,
      predicates,
      estimate: estimateOf(rows, own, [probe, build]),
    } satisfies NestedLoopJoin;
  }
  const own = hashJoinCost(probe.estimate.rows, build.estimate.rows, rows);
  return {
    ...common,
    kind: 'hash_join',
    probe,
    build,
    compared: condition.compared,
    keys: condition.keys.map(({ left, right, nullSafe }) => ({ probe: left, build: right, nullSafe })),
    residual: orderPredicates(condition.rest, pairs),
    estimate: estimateOf(rows, own, [probe, build]),
  } satisfies HashJoin;
}

interface Condition {
  readonly keys: readonly KeyPair[];
  /** The comparison of a null-aware join where it is no key. */
  readonly compared: BoundExpression | null;
  readonly rest: readonly BoundExpression[];
}

/** With `nullAware`, keys[0] is the comparison of IN; one that is no key stands apart. */
function conditionOf(plan: Join, probe: ReadonlySet<ColumnId>, build: ReadonlySet<ColumnId>): Condition {
  const pairs = plan.predicates.map((predicate) => ({ predicate, key: hashable(keyPair(predicate, probe, build)) }));
  const [first] = pairs;
  const compared = plan.nullAware && first?.key === undefined ? (first?.predicate ?? null) : null;
  const others = compared === null ? pairs : pairs.slice(1);
  return {
    keys: others.flatMap(({ key }) => key ?? []),
    compared,
    rest: others.flatMap(({ predicate, key }) => (key === undefined ? [predicate] : [])),
  };
}

/** The pair in one type, which a hash needs and a comparison of decimals does not. */
function hashable(pair: KeyPair | undefined): KeyPair | undefined {
  if (pair === undefined) return undefined;
  const type = commonKeyType(pair.left.type, pair.right.type);
  return type === undefined ? undefined : { ...pair, left: castOf(pair.left, type), right: castOf(pair.right, type) };
}

function commonKeyType(a: DataType, b: DataType): DataType | undefined {
  if (sameType(a, b)) return a;
  if (a.kind === 'decimal' && b.kind === 'decimal') {
    const scale = Math.max(a.scale, b.scale);
    const precision = Math.max(a.precision - a.scale, b.precision - b.scale) + scale;
    return precision <= MAX_DECIMAL_PRECISION ? decimal(precision, scale) : undefined;
  }
  return undefined;
}
