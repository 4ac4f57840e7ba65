import type { BoundExpression } from '../../expression.ts';
import { conjunctsOf, logicalOf } from '../../expression-build.ts';
import { expressionKey, isVolatile, transformExpression } from '../../expression-visit.ts';
import { disjunctsOf } from '../../logical/predicates.ts';
import { mapExpressions, transformUp } from '../../logical/visit.ts';
import type { Rule } from '../rule.ts';

/**
 * Pattern: an OR whose branches share conjuncts: `(a = b AND c > 1) OR (a = b AND c < 0)`.
 * Guard: nothing in the OR is volatile.
 * Replacement: the shared part once, `a = b AND (c > 1 OR c < 0)`, so that joins find their equalities (TPC-H Q19). A
 * branch that is nothing but the shared part absorbs the others. Both hold in three-valued logic.
 *
 * It must not fire on a conjunct that only some branches have: `(a = b AND c > 1) OR c < 0` lets rows with a <> b pass.
 */
export const FactorDisjunctions: Rule = {
  name: 'FactorDisjunctions',
  apply: (plan) => transformUp(plan, (each) => mapExpressions(each, (expression) => transformExpression(expression, factor))),
};

function factor(expression: BoundExpression): BoundExpression {
  if (expression.kind !== 'or' || isVolatile(expression)) return expression;
  const branches = disjunctsOf(expression).map(
    (branch) => new Map(conjunctsOf(branch).map((each) => [expressionKey(each), each])),
  );
  const [first, ...others] = branches;
  if (first === undefined) return expression;
  const shared = [...first].filter(([key]) => others.every((branch) => branch.has(key)));
  if (shared.length === 0) return expression;
  const keys = new Set(shared.map(([key]) => key));
  const rest = branches.map((branch) => [...branch].filter(([key]) => !keys.has(key)).map(([, each]) => each));
  const common = shared.map(([, each]) => each);
  if (rest.some((branch) => branch.length === 0)) return logicalOf('and', common, expression.span);
  const either = logicalOf(
    'or',
    rest.map((branch) => logicalOf('and', branch)),
    expression.span,
  );
  return logicalOf('and', [...common, either], expression.span);
}
