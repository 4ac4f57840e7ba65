import type { BoundExpression, Column } from '../../expression.ts';
import { FALSE, TRUE } from '../../expression-build.ts';
import { applyOf, filterUnlessTrue, joinOf, passThrough, projectOf } from '../../logical/build.ts';
import type { Apply, Filter, Join, LogicalPlan } from '../../logical/plan.ts';
import { transformUp } from '../../logical/visit.ts';
import type { Rule } from '../rule.ts';

/**
 * Pattern: a filter that has the mark of the mark join (or dependent mark join) right below it, or its negation, among
 * its conjuncts: `WHERE x IN (SELECT …) AND …`.
 * Guard: the mark, or NOT of it, is a conjunct by itself.
 * Replacement: a semi join, which has nothing to say about NULL (a mark that is NULL drops the row as false does); for
 * NOT an anti join, null-aware as the mark was. The mark column becomes the constant it is then.
 *
 * It must not fire when the mark decides only together with something else: `WHERE x IN (SELECT …) OR y > 1` keeps rows
 * whose mark is false.
 */
export const ConvertMarkJoins: Rule = {
  name: 'ConvertMarkJoins',
  apply: (plan) => transformUp(plan, (each) => (each.kind === 'filter' ? convert(each) : each)),
};

function convert(filter: Filter): LogicalPlan {
  const { input } = filter;
  if ((input.kind !== 'join' && input.kind !== 'apply') || input.type !== 'mark' || input.mark === null) return filter;
  const { mark } = input;
  const wanted = filter.predicates.findIndex((predicate) => isColumn(predicate, mark));
  const unwanted = filter.predicates.findIndex((predicate) => predicate.kind === 'not' && isColumn(predicate.operand, mark));
  if (wanted < 0 && unwanted < 0) return filter;
  const anti = wanted < 0;
  const rest = filter.predicates.filter((_, position) => position !== (anti ? unwanted : wanted));
  const joined = anti ? retyped(input, 'anti', input.nullAware) : retyped(input, 'semi', false);
  const marked = projectOf(joined, [
    ...joined.columns.map(passThrough),
    { output: { ...mark, nullable: false }, expression: anti ? FALSE : TRUE },
  ]);
  return filterUnlessTrue(marked, rest);
}

function retyped(plan: Join | Apply, type: 'semi' | 'anti', nullAware: boolean): LogicalPlan {
  const build = plan.kind === 'join' ? joinOf : applyOf;
  return build(type, plan.left, plan.right, plan.predicates, { nullAware });
}

function isColumn(expression: BoundExpression, column: Column): boolean {
  return expression.kind === 'column' && expression.id === column.id;
}
