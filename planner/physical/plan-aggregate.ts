import { AGGREGATE_STEP, cacheFactor, expressionCost, HASH_INSERT, HASH_PROBE } from '../cost/cost.ts';
import type { ColumnId } from '../expression.ts';
import type { Aggregate } from '../logical/plan.ts';
import { expressionsOf } from '../logical/visit.ts';
import { neededOfInput } from '../rules/support/needed.ts';
import { delivered, estimateOf, needsRule, type PhysicalContext } from './context.ts';
import type { HashAggregate } from './plan.ts';

export function planAggregate(plan: Aggregate, needed: ReadonlySet<ColumnId>, context: PhysicalContext): HashAggregate {
  const node = context.nextNode();
  const aggregates = plan.aggregates.filter((call) => needed.has(call.output.id));
  if (aggregates.some((call) => call.distinct)) throw needsRule('a DISTINCT aggregate', 'ExpandDistinctAggregates');
  const input = context.plan(plan.input, neededOfInput(plan, 0, needed));
  const { rows } = context.estimator.estimate(plan);
  // Find the group, evaluate the arguments, step; a group costs an insertion once.
  const perRow =
    (plan.keys.length === 0 ? 0 : HASH_PROBE * cacheFactor(rows)) +
    aggregates.length * AGGREGATE_STEP +
    expressionsOf(plan).reduce((sum, expression) => sum + expressionCost(expression), 0);
  return {
    kind: 'hash_aggregate',
    node,
    input,
    keys: plan.keys,
    aggregates,
    columns: delivered(plan.columns, needed),
    estimate: estimateOf(rows, input.estimate.rows * perRow + rows * HASH_INSERT, [input]),
  };
}
