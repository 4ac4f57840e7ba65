import { isVolatile } from '../../expression-visit.ts';
import type { LogicalPlan } from '../../logical/plan.ts';
import { expressionsOf, walk } from '../../logical/visit.ts';

/** Whether two evaluations in one query give the same rows: nothing volatile, and no LIMIT, which may take any rows. */
export function isRepeatable(plan: LogicalPlan): boolean {
  let repeatable = true;
  walk(plan, (each) => {
    if (each.kind === 'limit' || expressionsOf(each).some(isVolatile)) repeatable = false;
  });
  return repeatable;
}
