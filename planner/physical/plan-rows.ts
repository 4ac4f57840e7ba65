import { expressionCost, ROW } from '../cost/cost.ts';
import type { BoundExpression, Column, ColumnId, NamedExpression } from '../expression.ts';
import { passThrough } from '../logical/build.ts';
import type { Filter, Project, SetOperation } from '../logical/plan.ts';
import { isPassThrough } from '../rules/support/columns.ts';
import { neededOfInput } from '../rules/support/needed.ts';
import type { PlanEstimate } from '../statistics/estimate.ts';
import { selectivity } from '../statistics/selectivity.ts';
import { delivered, estimateOf, type PhysicalContext } from './context.ts';
import { orderPredicates } from './order-predicates.ts';
import type { PhysicalPlan, ProjectOperator, UnionAll } from './plan.ts';
import { planScan } from './plan-sources.ts';

/** A filter; one over another is one operator with all predicates. Over a scan, the scan learns what it can skip. */
export function planFilter(plan: Filter, needed: ReadonlySet<ColumnId>, context: PhysicalContext): PhysicalPlan {
  if (plan.input.kind === 'filter') {
    const merged = { ...plan.input, predicates: [...plan.input.predicates, ...plan.predicates] };
    return planFilter(merged, needed, context);
  }
  if (plan.predicates.length === 0) return context.plan(plan.input, needed);
  const { estimator } = context;
  const node = context.nextNode();
  const below = neededOfInput(plan, 0, needed);
  const input =
    plan.input.kind === 'scan' ? planScan(plan.input, plan.predicates, below, context) : context.plan(plan.input, below);
  const inputEstimate = estimator.estimate(plan.input);
  const predicates = orderPredicates(plan.predicates, inputEstimate);
  return {
    kind: 'filter',
    node,
    input,
    predicates,
    columns: delivered(input.columns, needed),
    estimate: estimateOf(estimator.estimate(plan).rows, filterCost(predicates, inputEstimate), [input]),
  };
}

/** Each predicate sees the rows that the ones before it let pass. */
function filterCost(predicates: readonly BoundExpression[], input: PlanEstimate): number {
  let { rows } = input;
  let cost = 0;
  for (const predicate of predicates) {
    cost += rows * expressionCost(predicate);
    rows *= selectivity(predicate, input);
  }
  return cost;
}

/** A projection; one that only leaves columns out needs no operator, since every operator leaves out what is not read. */
export function planProject(plan: Project, needed: ReadonlySet<ColumnId>, context: PhysicalContext): PhysicalPlan {
  if (plan.items.every(isPassThrough)) return context.plan(plan.input, needed);
  const node = context.nextNode();
  const items = plan.items.filter((item) => needed.has(item.output.id));
  const input = context.plan(plan.input, neededOfInput(plan, 0, needed));
  return project(node, input, items, context.estimator.estimate(plan).rows);
}

function project(node: number, input: PhysicalPlan, items: readonly NamedExpression[], rows: number): ProjectOperator {
  const perRow = items.reduce((sum, item) => sum + expressionCost(item.expression), 0);
  return {
    kind: 'project',
    node,
    input,
    items,
    columns: items.map((item) => item.output),
    estimate: estimateOf(rows, rows * perRow, [input]),
  };
}

export function planUnionAll(plan: SetOperation, needed: ReadonlySet<ColumnId>, context: PhysicalContext): UnionAll {
  const node = context.nextNode();
  const positions = plan.columns.flatMap((column, at) => (needed.has(column.id) ? [at] : []));
  const inputs = plan.inputs.map((input) => {
    const columns = positions.flatMap((at) => input.columns[at] ?? []);
    return inOrder(context.plan(input, new Set(columns.map((column) => column.id))), columns, context);
  });
  const { rows } = context.estimator.estimate(plan);
  return {
    kind: 'union_all',
    node,
    inputs,
    columns: delivered(plan.columns, needed),
    estimate: estimateOf(rows, rows * ROW, inputs),
  };
}

/** The input with exactly these columns in this order; its parent reads them by position. */
function inOrder(input: PhysicalPlan, columns: readonly Column[], context: PhysicalContext): PhysicalPlan {
  const same = input.columns.length === columns.length && columns.every((column, at) => column.id === input.columns[at]?.id);
  if (same) return input;
  const byId = new Map(input.columns.map((column) => [column.id, column]));
  const items = columns.map((column) => passThrough(byId.get(column.id) ?? column));
  return project(context.nextNode(), input, items, input.estimate.rows);
}
