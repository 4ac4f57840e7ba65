import { NO_SPAN } from '../../../src/types/span.ts';
import type { BoundExpression, Column, SortKey } from '../../expression.ts';
import { windowOf } from '../../logical/build.ts';
import type { LogicalPlan, Window } from '../../logical/plan.ts';
import type { RuleContext } from '../rule.ts';

/** `row_number() OVER (PARTITION BY … ORDER BY …)` as a new column over the plan. */
export function rowNumbers(
  plan: LogicalPlan,
  partitionBy: readonly BoundExpression[],
  orderBy: readonly SortKey[],
  context: RuleContext,
): { readonly plan: Window; readonly number: Column } {
  const { name, returnType } = context.catalog.functions.window('row_number', [], NO_SPAN);
  const number = context.newColumn('row_number', returnType, false);
  const call: Window['calls'][number] = {
    output: number,
    function: { type: 'window', name, returnType },
    arguments: [],
    filter: null,
    frame: { unit: 'rows', start: { type: 'unbounded_preceding' }, end: { type: 'current_row' } },
    span: NO_SPAN,
  };
  return { plan: windowOf(plan, partitionBy, orderBy, [call]), number };
}
