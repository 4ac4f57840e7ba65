import type { BoundExpression, ColumnId } from '../../expression.ts';
import { conjunctsOf, logicalOf } from '../../expression-build.ts';
import { isVolatile, usesOnly } from '../../expression-visit.ts';
import { filterUnlessTrue, joinOf } from '../../logical/build.ts';
import type { Join, LogicalPlan } from '../../logical/plan.ts';
import { disjunctsOf } from '../../logical/predicates.ts';
import { transformUp } from '../../logical/visit.ts';
import type { Rule } from '../rule.ts';
import { idsOf } from '../support/columns.ts';
import { mayRaise } from '../support/raising.ts';
import { hasFilter } from './known-predicates.ts';

/**
 * Pattern: an OR over both sides of a join, each branch of which says something about one side alone:
 * `(n1.name = 'FRANCE' AND n2.name = 'GERMANY') OR (n1.name = 'GERMANY' AND n2.name = 'FRANCE')` (TPC-H Q7).
 * Guard: every branch has such a conjunct, and none of them is volatile or can raise.
 * Replacement: the OR of those conjuncts as a filter on that side; the join keeps its condition. Both sides of inner and
 * semi joins, the right side of left, anti and mark joins.
 *
 * It must not fire when one branch leaves the side free: `(l.a = 1 AND r.b = 2) OR r.b = 3` needs every l. Nor on the
 * preserved side: `FROM l LEFT JOIN r ON (l.a = 1 AND r.b = 2) OR (l.a = 3 AND r.b = 4)` keeps every row of l.
 */
export const DeriveSideFilters: Rule = {
  name: 'DeriveSideFilters',
  apply: (plan) => transformUp(plan, (each) => (each.kind === 'join' ? deriveFilters(each) : each)),
};

function deriveFilters(join: Join): LogicalPlan {
  if (join.type === 'full') return join;
  const predicates = join.nullAware ? join.predicates.slice(1) : join.predicates;
  const both = join.type === 'inner' || join.type === 'semi';
  const toLeft = both ? news(join.left, predicates) : [];
  const toRight = news(join.right, predicates);
  if (toLeft.length === 0 && toRight.length === 0) return join;
  return joinOf(join.type, filterUnlessTrue(join.left, toLeft), filterUnlessTrue(join.right, toRight), join.predicates, {
    mark: join.mark,
    nullAware: join.nullAware,
  });
}

function news(side: LogicalPlan, predicates: readonly BoundExpression[]): readonly BoundExpression[] {
  const columns = idsOf(side.columns);
  return predicates.flatMap((predicate) => {
    const implied = impliedBy(predicate, columns);
    return implied === undefined || hasFilter(side, implied) ? [] : [implied];
  });
}

/** What an OR says about these columns alone, if anything. */
function impliedBy(predicate: BoundExpression, columns: ReadonlySet<ColumnId>): BoundExpression | undefined {
  if (predicate.kind !== 'or' || usesOnly(predicate, columns)) return undefined;
  const branches = disjunctsOf(predicate).map((branch) =>
    conjunctsOf(branch).filter((each) => usesOnly(each, columns) && !isVolatile(each) && !mayRaise(each)),
  );
  if (branches.some((branch) => branch.length === 0)) return undefined;
  return logicalOf(
    'or',
    branches.map((branch) => logicalOf('and', branch)),
  );
}
