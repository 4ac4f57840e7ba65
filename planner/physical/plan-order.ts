import { AGGREGATE_STEP, ROW, SORT_COMPARE, sortCost } from '../cost/cost.ts';
import type { BoundExpression, ColumnId } from '../expression.ts';
import type { Limit, SingleRow, Sort, Window } from '../logical/plan.ts';
import { neededOfInput } from '../rules/support/needed.ts';
import { delivered, estimateOf, type PhysicalContext } from './context.ts';
import type {
  LimitOperator,
  NestedLoopJoin,
  OneRowScan,
  PhysicalPlan,
  SingleRowOperator,
  SortOperator,
  TopN,
  WindowOperator,
} from './plan.ts';

export function planSort(plan: Sort, needed: ReadonlySet<ColumnId>, context: PhysicalContext): SortOperator {
  const node = context.nextNode();
  const input = context.plan(plan.input, neededOfInput(plan, 0, needed));
  const { rows } = input.estimate;
  return {
    kind: 'sort',
    node,
    input,
    keys: plan.keys,
    columns: delivered(input.columns, needed),
    estimate: estimateOf(rows, sortCost(rows), [input]),
  };
}

/** LIMIT; over a sort, the two are one heap of count + offset rows. LIMIT NULL and OFFSET NULL mean none. */
export function planLimit(plan: Limit, needed: ReadonlySet<ColumnId>, context: PhysicalContext): PhysicalPlan {
  const count = isNull(plan.count) ? null : plan.count;
  const offset = isNull(plan.offset) ? null : plan.offset;
  if (count === null && offset === null) return context.plan(plan.input, needed);
  if (count !== null && plan.input.kind === 'sort') return planTopN(plan, plan.input, count, offset, needed, context);
  const node = context.nextNode();
  const input = context.plan(plan.input, needed);
  const { rows } = context.estimator.estimate(plan);
  const limit: LimitOperator = {
    kind: 'limit',
    node,
    input,
    count,
    offset,
    columns: delivered(input.columns, needed),
    estimate: estimateOf(rows, rows * ROW, [input]),
  };
  return limit;
}

function planTopN(
  plan: Limit,
  sort: Sort,
  count: BoundExpression,
  offset: BoundExpression | null,
  needed: ReadonlySet<ColumnId>,
  context: PhysicalContext,
): TopN {
  const node = context.nextNode();
  const input = context.plan(sort.input, neededOfInput(sort, 0, needed));
  const { rows } = context.estimator.estimate(plan);
  // Every row is compared with the worst kept one; those that enter sink into the heap.
  const own = input.estimate.rows * SORT_COMPARE + rows * SORT_COMPARE * Math.log2(Math.max(2, rows));
  return {
    kind: 'top_n',
    node,
    input,
    keys: sort.keys,
    count,
    offset,
    columns: delivered(input.columns, needed),
    estimate: estimateOf(rows, own, [input]),
  };
}

/** The row of a scalar subquery: what one row left joined with it gives is a row in any case. */
export function planSingleRow(plan: SingleRow, needed: ReadonlySet<ColumnId>, context: PhysicalContext): NestedLoopJoin {
  const node = context.nextNode();
  const outer: OneRowScan = { kind: 'one_row', node: context.nextNode(), columns: [], estimate: estimateOf(1, ROW) };
  const singleNode = context.nextNode();
  const input = context.plan(plan.input, needed);
  const inner: SingleRowOperator = {
    kind: 'single_row',
    node: singleNode,
    input,
    columns: delivered(input.columns, needed),
    estimate: estimateOf(Math.min(1, input.estimate.rows), ROW, [input]),
  };
  return {
    kind: 'nested_loop_join',
    type: 'left',
    node,
    outer,
    inner,
    predicates: [],
    mark: null,
    nullAware: false,
    columns: delivered(plan.columns, needed),
    estimate: estimateOf(1, ROW, [outer, inner]),
  };
}

export function planWindow(plan: Window, needed: ReadonlySet<ColumnId>, context: PhysicalContext): PhysicalPlan {
  const calls = plan.calls.filter((call) => needed.has(call.output.id));
  if (calls.length === 0) return context.plan(plan.input, needed);
  const node = context.nextNode();
  const input = context.plan(plan.input, neededOfInput(plan, 0, needed));
  const { rows } = input.estimate;
  const window: WindowOperator = {
    kind: 'window',
    node,
    input,
    partitionBy: plan.partitionBy,
    orderBy: plan.orderBy,
    calls,
    columns: [...delivered(input.columns, needed), ...calls.map((call) => call.output)],
    estimate: estimateOf(rows, sortCost(rows) + rows * calls.length * AGGREGATE_STEP, [input]),
  };
  return window;
}

function isNull(expression: BoundExpression | null): boolean {
  return expression !== null && expression.kind === 'constant' && expression.value === null;
}
