import type { BoundExpression, ColumnId } from '../../expression.ts';
import { childrenOf, isVolatile, substituteColumns } from '../../expression-visit.ts';
import { projectOf } from '../../logical/build.ts';
import type { LogicalPlan, Project } from '../../logical/plan.ts';
import { transformUp } from '../../logical/visit.ts';
import type { Rule } from '../rule.ts';
import { definitionsOf } from '../support/columns.ts';

/**
 * Pattern: a projection of a projection.
 * Guard: what the lower one computes is not volatile, and is read at most once above unless it is a column, a constant or a
 * parameter.
 * Replacement: one projection with the lower items put in.
 *
 * It must not compute things twice: in `SELECT x + x FROM (SELECT expensive(a) AS x FROM t)` one call is enough, and
 * `SELECT x = x FROM (SELECT random() AS x)` is true.
 */
export const MergeProjects: Rule = {
  name: 'MergeProjects',
  apply: (plan) => transformUp(plan, merge),
};

function merge(plan: LogicalPlan): LogicalPlan {
  if (plan.kind !== 'project' || plan.input.kind !== 'project' || !isMergeable(plan, plan.input)) return plan;
  const definitions = definitionsOf(plan.input.items);
  const items = plan.items.map(({ output, expression }) => {
    const merged = substituteColumns(expression, definitions);
    return { expression: merged, output: output.nullable && !merged.nullable ? { ...output, nullable: false } : output };
  });
  return projectOf(plan.input.input, items);
}

function isMergeable(upper: Project, lower: Project): boolean {
  const uses = new Map<ColumnId, number>();
  for (const item of upper.items) countUses(item.expression, uses);
  return lower.items.every(({ output, expression }) => {
    if (expression.kind === 'column' || expression.kind === 'constant' || expression.kind === 'parameter') return true;
    return !isVolatile(expression) && (uses.get(output.id) ?? 0) <= 1;
  });
}

function countUses(expression: BoundExpression, uses: Map<ColumnId, number>): void {
  if (expression.kind === 'column') uses.set(expression.id, (uses.get(expression.id) ?? 0) + 1);
  for (const child of childrenOf(expression)) countUses(child, uses);
}
