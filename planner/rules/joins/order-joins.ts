import type { NamedExpression } from '../../expression.ts';
import { orderRegion } from '../../join-order/order-region.ts';
import { collectRegion, isReorderable, resolveRenames } from '../../join-order/region.ts';
import { columnRef, passThrough, projectOf } from '../../logical/build.ts';
import type { Join, LogicalPlan } from '../../logical/plan.ts';
import { mapInputs } from '../../logical/visit.ts';
import type { Rule, RuleContext } from '../rule.ts';
import { select } from '../support/columns.ts';
import { keepIfSame } from '../support/structure.ts';

/**
 * Pattern: a tree of inner, left, semi and anti joins, projections that only rename between them.
 * Guard: NOT IN and mark joins, and everything that is not a join, end the tree.
 * Replacement: the joins in the order that the statistics say is cheapest: all bushy trees up to twelve relations (DPhyp),
 * greedily beyond. Columns are put back in their order above.
 *
 * Left, semi and anti joins must not pass what they do not commute with: `(l LEFT JOIN r ON l.k = r.k) JOIN s ON r.v = s.v`
 * may not become `l LEFT JOIN (r JOIN s ON r.v = s.v) ON l.k = r.k`, which keeps rows of l that found no partner.
 */
export const OrderJoins: Rule = {
  name: 'OrderJoins',
  apply: (plan, context) => keepIfSame(plan, order(plan, context)),
};

function order(plan: LogicalPlan, context: RuleContext): LogicalPlan {
  if (!isReorderable(plan)) return mapInputs(plan, (input) => order(input, context));
  return orderTree(plan, context);
}

function orderTree(root: Join, context: RuleContext): LogicalPlan {
  const region = collectRegion(root);
  const leaves = region.leaves.map((leaf) => order(leaf, context));
  const ordered = orderRegion(region, leaves, context.catalog);
  if (ordered === undefined) return mapInputs(root, (input) => order(input, context));
  if (root.columns.every((column) => !region.renames.has(column.id))) return select(ordered, root.columns);
  const delivered = new Map(ordered.columns.map((column) => [column.id, column]));
  return projectOf(
    ordered,
    root.columns.map((column): NamedExpression => {
      const source = resolveRenames(columnRef(column), region.renames);
      const found = source.kind === 'column' ? delivered.get(source.id) : undefined;
      if (found === undefined) return passThrough(column);
      return { output: { ...column, nullable: found.nullable }, expression: columnRef(found) };
    }),
  );
}
