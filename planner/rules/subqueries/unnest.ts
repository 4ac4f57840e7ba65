import { INT64, sameType } from '../../../src/types/data-type.ts';
import { notSupported } from '../../../src/types/error.ts';
import type { AggregateCall, BoundExpression, Column, NamedExpression } from '../../expression.ts';
import { constantOf } from '../../expression-build.ts';
import { expressionKey, freeColumns, substituteColumns } from '../../expression-visit.ts';
import {
  aggregateOf,
  columnRef,
  filterUnlessTrue,
  joinOf,
  passThrough,
  projectOf,
  setOperationOf,
  windowOf,
} from '../../logical/build.ts';
import type { Aggregate, Filter, Join, Limit, LogicalPlan, Project, SetOperation, Window } from '../../logical/plan.ts';
import { expressionsOf, mapExpressions, mapSortKeys } from '../../logical/visit.ts';
import { columnsOf, outerColumns } from '../support/columns.ts';
import { aggregateCall, sameValue, scalarCall } from '../support/functions.ts';
import { rowNumbers } from '../support/row-numbers.ts';
import {
  asCorrelation,
  type Binding,
  bind,
  type Correlation,
  completeRows,
  type LeftSide,
  leftColumns,
  readsLeft,
  type Unnested,
} from './unnested.ts';
import { valuesAsProjects } from './values-as-projects.ts';

/** Makes a plan independent of the left side. Throws 0A000 for what cannot be. */
export function unnest(plan: LogicalPlan, left: LeftSide): Unnested {
  if (![...outerColumns(plan)].some((id) => left.columns.has(id))) return { plan, predicates: [], oneRow: null };
  switch (plan.kind) {
    case 'filter':
      return unnestFilter(plan, left);
    case 'project':
      return unnestProject(plan, left);
    case 'aggregate':
      return unnestAggregate(plan, left);
    case 'join':
      return plan.type === 'inner' ? unnestInnerJoin(plan, left) : unnestJoin(plan, left);
    case 'sort':
      // The order of a subquery's rows means nothing without a LIMIT right above, which unnestLimit handles.
      return unnest(plan.input, left);
    case 'limit':
      return unnestLimit(plan, left);
    case 'single_row':
      return unnestSingleRow(plan.input, left);
    case 'set_operation':
      return unnestSetOperation(plan, left);
    case 'window':
      return unnestWindow(plan, left);
    case 'values':
      return unnest(valuesAsProjects(plan, left.context), left);
    case 'scan':
    case 'one_row':
    case 'empty':
    case 'table_function':
    case 'series_scan':
    case 'shared':
    case 'apply':
      throw unsupported();
  }
}

export function unsupported(): Error {
  return notSupported('a correlated subquery of this form', {
    hint: 'Write it as a join, or move the reference to the outer query into its WHERE clause.',
  });
}

/** The input unnested, with a row wherever the original had one. */
function unnestInput(plan: LogicalPlan, left: LeftSide): Unnested {
  return completeRows(unnest(plan, left), left);
}

function unnestFilter(plan: Filter, left: LeftSide): Unnested {
  const input = unnestInput(plan.input, left);
  const [correlated, own] = partition(plan.predicates, (predicate) => readsLeft(predicate, left));
  return { plan: filterUnlessTrue(input.plan, own), predicates: [...input.predicates, ...correlated], oneRow: null };
}

function unnestProject(plan: Project, left: LeftSide): Unnested {
  const input = unnestInput(plan.input, left);
  const { unnested, values } = bind(input, leftColumns(expressionsOf(plan), left), left);
  const items = plan.items.map((item) => ({ ...item, expression: substituteColumns(item.expression, values) }));
  return { ...unnested, plan: projectOf(unnested.plan, [...items, ...needed(unnested, items)]) };
}

/** Columns that the predicates read and a projection would lose. */
function needed({ plan, predicates }: Unnested, items: readonly NamedExpression[]): readonly NamedExpression[] {
  const read = columnsOf(predicates);
  const kept = new Set(items.map((item) => item.output.id));
  return plan.columns.filter((column) => read.has(column.id) && !kept.has(column.id)).map(passThrough);
}

/**
 * The input of an operator that works group by group, with `extra` left columns and those of all predicates but plain
 * correlations bound: rows of different left rows differ in some `correlation.inner`.
 */
function unnestGrouped(plan: LogicalPlan, extra: readonly BoundExpression[], left: LeftSide, always = false): Grouped {
  const input = unnestInput(plan, left);
  const others = input.predicates.filter((predicate) => asCorrelation(predicate, left) === undefined);
  const wanted = leftColumns(always ? [...extra, ...input.predicates] : [...extra, ...others], left);
  const { unnested, values } = bind(input, wanted, left, always);
  const correlations: Correlation[] = [];
  const local: BoundExpression[] = [];
  for (const predicate of unnested.predicates) {
    const correlation = asCorrelation(predicate, left);
    if (correlation === undefined) local.push(substituteColumns(predicate, values));
    else correlations.push(correlation);
  }
  return { plan: filterUnlessTrue(unnested.plan, local), correlations, values };
}

interface Grouped {
  readonly plan: LogicalPlan;
  readonly correlations: readonly Correlation[];
  readonly values: Binding['values'];
}

function unnestAggregate(plan: Aggregate, left: LeftSide): Unnested {
  const grouped = unnestGrouped(plan.input, expressionsOf(plan), left);
  const bound = mapExpressions(plan, (expression) => substituteColumns(expression, grouped.values));
  if (bound.kind !== 'aggregate') throw unsupported();
  return aggregateGroups(bound, grouped, left);
}

/** Groups by the correlations too. */
function aggregateGroups(plan: Aggregate, grouped: Grouped, left: LeftSide): Unnested {
  const keys = new Map(plan.keys.map((key) => [expressionKey(key.expression), key]));
  const predicates = grouped.correlations.map((correlation) => {
    const { inner } = correlation;
    const output = keys.get(expressionKey(inner))?.output ?? left.context.newColumn(nameOf(inner), inner.type, inner.nullable);
    keys.set(expressionKey(inner), keys.get(expressionKey(inner)) ?? { output, expression: inner });
    return correlate(correlation, columnRef(output), left);
  });
  const [...allKeys] = keys.values();
  if (plan.keys.length > 0) return { plan: aggregateOf(grouped.plan, allKeys, plan.aggregates), predicates, oneRow: null };
  const oneRow = plan.aggregates.map((call) => {
    const source = left.context.newColumn(call.output.name, call.output.type, call.output.nullable);
    return { output: call.output, source, onEmpty: emptyValue(call) };
  });
  const calls = plan.aggregates.map((call, position) => ({ ...call, output: oneRow[position]?.source ?? call.output }));
  return { plan: aggregateOf(grouped.plan, allKeys, calls), predicates, oneRow };
}

/** What an aggregate gives over no rows; null for NULL. */
function emptyValue(call: AggregateCall): BoundExpression | null {
  if (call.function.nullOnEmpty) return null;
  if (call.output.type.kind !== 'int64') throw unsupported();
  return constantOf(0n, INT64);
}

/** The correlation with another expression in the place of its inner one. */
function correlate(correlation: Correlation, inner: BoundExpression, left: LeftSide): BoundExpression {
  const name = correlation.nullSafe ? 'is_not_distinct' : 'equal';
  return scalarCall(left.context.catalog, name, [inner, correlation.outer]);
}

function unnestInnerJoin(plan: Join, left: LeftSide): Unnested {
  const first = unnestInput(plan.left, left);
  const second = unnestInput(plan.right, left);
  const [correlated, own] = partition(plan.predicates, (predicate) => readsLeft(predicate, left));
  return {
    plan: joinOf('inner', first.plan, second.plan, [...own, ...linking(first, second, left)]),
    predicates: [...first.predicates, ...second.predicates, ...correlated],
    oneRow: null,
  };
}

/** `a = b` where both sides must equal the same left value: without it the join would be a cross product. */
function linking(first: Unnested, second: Unnested, left: LeftSide): readonly BoundExpression[] {
  const correlations = ({ predicates }: Unnested) => predicates.flatMap((each) => asCorrelation(each, left) ?? []);
  const others = new Map(correlations(second).map((each) => [expressionKey(each.outer), each]));
  return correlations(first).flatMap((one) => {
    const other = others.get(expressionKey(one.outer));
    if (other === undefined || !sameType(one.inner.type, other.inner.type)) return [];
    const { catalog } = left.context;
    if (one.nullSafe && other.nullSafe) return [sameValue(catalog, one.inner, other.inner)];
    return one.nullSafe === other.nullSafe ? [scalarCall(catalog, 'equal', [one.inner, other.inner])] : [];
  });
}

/** left, semi, anti, mark: what holds of the right side goes into the condition, where the left side's values must be known. */
function unnestJoin(plan: Join, left: LeftSide): Unnested {
  if (plan.type === 'full') throw unsupported();
  const preserved = unnestInput(plan.left, left);
  const other = unnestInput(plan.right, left);
  const condition = [...plan.predicates, ...other.predicates];
  const { unnested, values } = bind(preserved, leftColumns(condition, left), left);
  const bound = condition.map((predicate) => substituteColumns(predicate, values));
  return {
    ...unnested,
    plan: joinOf(plan.type, unnested.plan, other.plan, bound, { mark: plan.mark, nullAware: plan.nullAware }),
  };
}

/** The first rows for each left row: numbered within its group, then filtered by number. */
function unnestLimit(plan: Limit, left: LeftSide): Unnested {
  const sorted = plan.input.kind === 'sort' ? plan.input : undefined;
  const keys = sorted?.keys ?? [];
  const grouped = unnestGrouped(
    sorted?.input ?? plan.input,
    keys.map((key) => key.expression),
    left,
  );
  const { catalog } = left.context;
  const { plan: window, number } = rowNumbers(
    grouped.plan,
    grouped.correlations.map((correlation) => correlation.inner),
    mapSortKeys(keys, (key) => substituteColumns(key, grouped.values)),
    left.context,
  );
  const { count, offset } = plan;
  const bounds: BoundExpression[] = [];
  if (count !== null && !isNull(count)) {
    const last = offset === null || isNull(offset) ? count : scalarCall(catalog, 'add', [offset, count]);
    bounds.push(scalarCall(catalog, 'less_equal', [columnRef(number), last]));
  }
  if (offset !== null && !isNull(offset)) bounds.push(scalarCall(catalog, 'greater', [columnRef(number), offset]));
  return {
    plan: filterUnlessTrue(window, bounds),
    predicates: grouped.correlations.map((correlation) => correlation.predicate),
    oneRow: null,
  };
}

/**
 * The single row for each left row, NULLs without one, 21000 with more. Only groups of left values that exist may raise,
 * so the plan is joined with them first.
 */
export function unnestSingleRow(plan: LogicalPlan, left: LeftSide): Unnested {
  const grouped = unnestGrouped(plan, [], left, true);
  const calls = plan.columns.map((column) => singleValue(column, left));
  const unnested = aggregateGroups(aggregateOf(grouped.plan, [], calls), grouped, left);
  const oneRow = (unnested.oneRow ?? []).map((each, position) => ({ ...each, output: plan.columns[position] ?? each.output }));
  return { ...unnested, oneRow };
}

function singleValue(column: Column, left: LeftSide): AggregateCall {
  const { context } = left;
  if (!context.catalog.functions.kinds('single_value').includes('aggregate')) {
    throw notSupported('a correlated subquery that may give more than one row', {
      hint: 'Aggregate it, or add LIMIT 1.',
    });
  }
  return aggregateCall(context, 'single_value', [columnRef(column)], column.name);
}

/** Every input joined with the left side's values, which become columns of the result. */
function unnestSetOperation(plan: SetOperation, left: LeftSide): Unnested {
  const { context } = left;
  const inputs = plan.inputs.map((input) => unnestInput(input, left));
  const wanted = leftColumns(
    inputs.flatMap((input) => input.predicates),
    left,
  );
  const ids = [...wanted];
  const bound = inputs.map((input, position) => {
    const { unnested, values } = bind(input, wanted, left, true);
    const columns = plan.inputs[position]?.columns ?? [];
    const added = ids.flatMap((id) => values.get(id) ?? []).map((value) => passThrough(columnOfRef(value, unnested.plan)));
    return projectOf(unnested.plan, [...columns.map(passThrough), ...added]);
  });
  const outer = ids.flatMap((id) => left.plan.columns.find((column) => column.id === id) ?? []);
  const added = outer.map((column) => context.newColumn(column.name, column.type, column.nullable));
  return {
    plan: setOperationOf(plan.operator, plan.all, bound, [...plan.columns, ...added]),
    predicates: outer.flatMap((column, position) => {
      const copy = added[position];
      return copy === undefined ? [] : [sameValue(context.catalog, columnRef(copy), columnRef(column))];
    }),
    oneRow: null,
  };
}

function unnestWindow(plan: Window, left: LeftSide): Unnested {
  const grouped = unnestGrouped(plan.input, expressionsOf(plan), left);
  const bound = mapExpressions(plan, (expression) => substituteColumns(expression, grouped.values));
  if (bound.kind !== 'window') throw unsupported();
  const partitionBy = [...bound.partitionBy, ...grouped.correlations.map((correlation) => correlation.inner)];
  return {
    plan: windowOf(grouped.plan, partitionBy, bound.orderBy, bound.calls),
    predicates: grouped.correlations.map((correlation) => correlation.predicate),
    oneRow: null,
  };
}

function columnOfRef(expression: BoundExpression, plan: LogicalPlan): Column {
  const [id] = freeColumns(expression);
  const column = plan.columns.find((each) => each.id === id);
  if (column === undefined) throw unsupported();
  return column;
}

function nameOf(expression: BoundExpression): string {
  return expression.kind === 'column' ? expression.name : 'key';
}

function isNull(expression: BoundExpression): boolean {
  return expression.kind === 'constant' && expression.value === null;
}

function partition<T>(list: readonly T[], test: (item: T) => boolean): [T[], T[]] {
  const yes: T[] = [];
  const no: T[] = [];
  for (const item of list) (test(item) ? yes : no).push(item);
  return [yes, no];
}
