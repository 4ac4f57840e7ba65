import { NO_SPAN } from '../../../src/types/span.ts';
import type { AggregateCall, BoundExpression } from '../../expression.ts';
import { constantOf, logicalOf } from '../../expression-build.ts';
import { isVolatile } from '../../expression-visit.ts';
import { aggregateOf, columnRef, passThrough, projectOf } from '../../logical/build.ts';
import type { Aggregate, LogicalPlan } from '../../logical/plan.ts';
import { expressionsOf, mapExpressions } from '../../logical/visit.ts';
import type { RuleContext } from '../rule.ts';
import { scalarCall } from '../support/functions.ts';
import { rowNumbers } from '../support/row-numbers.ts';

/**
 * One pass over the input: rows are numbered within equal keys and arguments, and a distinct call takes only those with
 * number 1.
 */
export function numberDistinctRows(
  plan: Aggregate,
  groups: readonly (readonly AggregateCall[])[],
  context: RuleContext,
): LogicalPlan {
  const evaluated = evaluateOnce(plan, context);
  let input = evaluated.input;
  const firsts = new Map<AggregateCall, BoundExpression>();
  for (const group of groups) {
    const [first] = group.map((call) => evaluated.aggregates[plan.aggregates.indexOf(call)] ?? call);
    if (first === undefined) continue;
    const alike = [...evaluated.keys.map((key) => key.expression), ...first.arguments];
    const { plan: numbered, number } = rowNumbers(input, first.filter === null ? alike : [...alike, first.filter], [], context);
    input = numbered;
    const isFirst = scalarCall(context.catalog, 'equal', [columnRef(number), constantOf(1n, number.type)]);
    for (const call of group) firsts.set(call, isFirst);
  }
  const calls = evaluated.aggregates.map((call, position): AggregateCall => {
    const original = plan.aggregates[position];
    const isFirst = original === undefined ? undefined : firsts.get(original);
    if (isFirst === undefined) return call;
    const filter = call.filter === null ? isFirst : logicalOf('and', [isFirst, call.filter], NO_SPAN);
    return { ...call, distinct: false, filter };
  });
  return aggregateOf(input, evaluated.keys, calls);
}

/** The same aggregate with its volatile expressions computed below it: numbering and aggregating must see the same values. */
function evaluateOnce(plan: Aggregate, context: RuleContext): Aggregate {
  const computed = expressionsOf(plan)
    .filter(isVolatile)
    .map((expression) => ({ expression, output: context.newColumn('value', expression.type, expression.nullable) }));
  if (computed.length === 0) return plan;
  const input = projectOf(plan.input, [...plan.input.columns.map(passThrough), ...computed]);
  const replaced = mapExpressions(plan, (expression) => {
    const found = computed.find((each) => each.expression === expression);
    return found === undefined ? expression : columnRef(found.output);
  });
  return replaced.kind === 'aggregate' ? aggregateOf(input, replaced.keys, replaced.aggregates) : plan;
}
