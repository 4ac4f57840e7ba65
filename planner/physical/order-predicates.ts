import { expressionCost } from '../cost/cost.ts';
import type { BoundExpression } from '../expression.ts';
import { mayRaise } from '../rules/support/raising.ts';
import type { PlanEstimate } from '../statistics/estimate.ts';
import { selectivity } from '../statistics/selectivity.ts';

/**
 * The predicates in the order of least expected work: ascending cost ÷ (1 − selectivity) (Hellerstein and Stonebraker,
 * "Predicate Migration", SIGMOD 1993). Those that may raise an error come last, in the order written, so that
 * `a <> 0 AND 10 / a > 2` means what it seems to.
 */
export function orderPredicates(predicates: readonly BoundExpression[], input: PlanEstimate): readonly BoundExpression[] {
  const rank = new Map(predicates.map((predicate) => [predicate, rankOf(predicate, input)]));
  return [...predicates].sort((a, b) => (rank.get(a) ?? 0) - (rank.get(b) ?? 0));
}

function rankOf(predicate: BoundExpression, input: PlanEstimate): number {
  if (mayRaise(predicate)) return Number.MAX_VALUE;
  return expressionCost(predicate) / Math.max(1e-9, 1 - selectivity(predicate, input));
}
