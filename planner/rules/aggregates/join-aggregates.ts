import type { AggregateCall, BoundExpression } from '../../expression.ts';
import { transformExpression } from '../../expression-visit.ts';
import { aggregateOf, columnRef, joinOf } from '../../logical/build.ts';
import type { Aggregate, LogicalPlan } from '../../logical/plan.ts';
import { mapExpressions } from '../../logical/visit.ts';
import type { RuleContext } from '../rule.ts';
import { copyPlan } from '../support/clone.ts';
import { select } from '../support/columns.ts';
import { sameValue } from '../support/functions.ts';
import { aggregateTwice } from './aggregate-twice.ts';

/** One aggregate for the plain calls and one for each group of distinct calls, each over its own copy of the input, joined on the keys. */
export function joinAggregates(
  plan: Aggregate,
  groups: readonly (readonly AggregateCall[])[],
  plain: readonly AggregateCall[],
  context: RuleContext,
): LogicalPlan {
  const parts = plain.length === 0 ? groups : [plain, ...groups];
  let joined: LogicalPlan | undefined;
  for (const calls of parts) {
    const part = aggregateOf(plan.input, plan.keys, calls);
    if (joined === undefined) {
      joined = calls === plain ? part : aggregateTwice(part, calls, [], context);
      continue;
    }
    const copy = overCopy(part, context);
    const other = aggregateTwice(copy, copy.aggregates, [], context);
    const predicates = plan.keys.map((key, position) =>
      sameValue(context.catalog, columnRef(key.output), columnRef(copy.keys[position]?.output ?? key.output)),
    );
    joined = joinOf('inner', joined, other, predicates);
  }
  return joined === undefined ? plan : select(joined, plan.columns);
}

/** The aggregate over a copy of its input: its keys are new columns, its results the original ones. */
function overCopy(plan: Aggregate, context: RuleContext): Aggregate {
  const { plan: input, columns } = copyPlan(plan.input, context);
  const onCopy = (expression: BoundExpression) =>
    transformExpression(expression, (each) => {
      const column = each.kind === 'column' ? columns.get(each.id) : undefined;
      return column === undefined ? each : columnRef(column);
    });
  const keys = plan.keys.map(({ output, expression }) => ({
    output: context.newColumn(output.name, output.type, output.nullable),
    expression: onCopy(expression),
  }));
  const calls = mapExpressions(aggregateOf(plan.input, [], plan.aggregates), onCopy);
  return aggregateOf(input, keys, calls.kind === 'aggregate' ? calls.aggregates : []);
}
