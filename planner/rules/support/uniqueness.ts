import type { ColumnId } from '../../expression.ts';
import type { LogicalPlan } from '../../logical/plan.ts';
import { givesAtMostOneRow } from '../subqueries/cardinality.ts';

/** Whether no two rows of the plan agree in all of the columns (NULLs agree with each other). */
export function isUniqueOn(plan: LogicalPlan, columns: ReadonlySet<ColumnId>): boolean {
  if (givesAtMostOneRow(plan)) return true;
  switch (plan.kind) {
    case 'aggregate':
      return plan.keys.every((key) => columns.has(key.output.id));
    case 'project': {
      const below = plan.items.flatMap(({ output, expression }) =>
        columns.has(output.id) && expression.kind === 'column' ? [expression.id] : [],
      );
      return isUniqueOn(plan.input, new Set(below));
    }
    case 'filter':
    case 'sort':
    case 'limit':
    case 'window':
      return isUniqueOn(plan.input, columns);
    case 'join':
      if (plan.type === 'semi' || plan.type === 'anti' || plan.type === 'mark') return isUniqueOn(plan.left, columns);
      return plan.type !== 'full' && isUniqueOn(plan.left, columns) && isUniqueOn(plan.right, columns);
    default:
      return false;
  }
}
