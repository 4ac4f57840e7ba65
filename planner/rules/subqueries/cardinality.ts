import type { LogicalPlan } from '../../logical/plan.ts';
import { constantCount } from '../support/counts.ts';

/** Whether the plan gives one row, whatever the data and the outer row. */
export function givesOneRow(plan: LogicalPlan): boolean {
  switch (plan.kind) {
    case 'one_row':
    case 'single_row':
      return true;
    case 'values':
      return plan.rows.length === 1;
    case 'shared':
      return givesOneRow(plan.source.plan);
    case 'aggregate':
      return plan.keys.length === 0;
    case 'project':
    case 'sort':
    case 'window':
      return givesOneRow(plan.input);
    case 'join':
      if (plan.type === 'mark') return givesOneRow(plan.left);
      if (plan.type !== 'inner' && plan.type !== 'left') return false;
      return (plan.type === 'left' || plan.predicates.length === 0) && givesOneRow(plan.left) && givesOneRow(plan.right);
    default:
      return false;
  }
}

/** Whether the plan gives one row or none. */
export function givesAtMostOneRow(plan: LogicalPlan): boolean {
  if (givesOneRow(plan)) return true;
  switch (plan.kind) {
    case 'empty':
      return true;
    case 'shared':
      return givesAtMostOneRow(plan.source.plan);
    case 'limit':
      return (constantCount(plan.count) ?? 2n) <= 1n || givesAtMostOneRow(plan.input);
    case 'filter':
    case 'project':
    case 'sort':
    case 'window':
    case 'aggregate':
      return givesAtMostOneRow(plan.input);
    case 'join':
      if (plan.type === 'semi' || plan.type === 'anti' || plan.type === 'mark') return givesAtMostOneRow(plan.left);
      return plan.type !== 'full' && givesAtMostOneRow(plan.left) && givesAtMostOneRow(plan.right);
    default:
      return false;
  }
}
