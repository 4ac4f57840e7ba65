import type { BoundExpression } from '../../expression.ts';
import { someExpression } from '../../expression-visit.ts';
import { isComparisonOperator } from '../../logical/predicates.ts';

const SAFE_FUNCTIONS: ReadonlySet<string> = new Set(['is_distinct', 'is_not_distinct', 'like', 'ilike', 'starts_with']);

/**
 * Whether evaluation may end the query with an error, on values that the query as written might never have seen it with
 * (`10 / a`). Comparisons never do; casts and other functions may.
 */
export function mayRaise(expression: BoundExpression): boolean {
  return someExpression(expression, (each) => {
    if (each.kind === 'cast') return true;
    return each.kind === 'call' && !isComparisonOperator(each.function.name) && !SAFE_FUNCTIONS.has(each.function.name);
  });
}
