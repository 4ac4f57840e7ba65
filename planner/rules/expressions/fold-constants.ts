import type { Catalog } from '../../catalog.ts';
import type { BoundExpression } from '../../expression.ts';
import type { LogicalPlan } from '../../logical/plan.ts';
import { mapExpressions, transformUp } from '../../logical/visit.ts';
import type { Rule } from '../rule.ts';
import { simplify, simplifyConjuncts } from './simplify.ts';

/**
 * Pattern: any expression whose value, or part of it, is known before execution.
 * Guard: immutable functions only; what raises when computed stays.
 * Replacement: constants (computed by the catalog, that is, by the code execution would run), AND and OR without neutral
 * and repeated operands, NOT moved inward, CASE without branches that cannot be taken, COALESCE up to its first operand
 * that is never NULL, IS NULL of what is never NULL; predicates become lists of conjuncts without TRUE.
 *
 * It must not fold what raises: `SELECT 1/0 FROM empty_table` gives no rows and no error. Nor may NULL become false
 * outside a predicate: `SELECT NOT (NULL AND a) FROM t` is NULL or true, never "not false". Nor may the comparison of a
 * NOT IN be flattened or dropped: with `SELECT 1 WHERE NULL NOT IN (SELECT a FROM t)`, an empty `t` gives a row.
 */
export const FoldConstants: Rule = {
  name: 'FoldConstants',
  apply: (plan, { catalog }) => transformUp(plan, (each) => fold(each, catalog)),
};

function fold(plan: LogicalPlan, catalog: Catalog): LogicalPlan {
  switch (plan.kind) {
    case 'filter':
      return withPredicates(plan, simplifyConjuncts(plan.predicates, catalog));
    case 'join':
    case 'apply': {
      if (!plan.nullAware) return withPredicates(plan, simplifyConjuncts(plan.predicates, catalog));
      const [comparison, ...rest] = plan.predicates;
      if (comparison === undefined) return plan;
      return withPredicates(plan, [simplify(comparison, catalog), ...simplifyConjuncts(rest, catalog)]);
    }
    default:
      return mapExpressions(plan, (expression) => simplify(expression, catalog));
  }
}

function withPredicates<Plan extends LogicalPlan & { readonly predicates: readonly BoundExpression[] }>(
  plan: Plan,
  predicates: readonly BoundExpression[],
): Plan {
  const same = predicates.length === plan.predicates.length && predicates.every((each, at) => each === plan.predicates[at]);
  return same ? plan : { ...plan, predicates };
}
