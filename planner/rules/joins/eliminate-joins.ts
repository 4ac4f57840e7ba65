import type { ColumnId } from '../../expression.ts';
import type { Join, LogicalPlan } from '../../logical/plan.ts';
import { mapInputs } from '../../logical/visit.ts';
import { splitKeys } from '../../statistics/join-estimate.ts';
import type { Rule } from '../rule.ts';
import { idsOf } from '../support/columns.ts';
import { neededOfInput } from '../support/needed.ts';
import { isUniqueOn } from '../support/uniqueness.ts';

/**
 * Pattern: a left join of whose right columns nothing above reads any; a mark join whose mark nothing reads.
 * Guard: for the left join, no left row finds two partners: the right side is unique on the columns that the condition
 * equates (an aggregate's keys), or has at most one row.
 * Replacement: the left side.
 *
 * It must not fire when the right side can repeat: `SELECT count(*) FROM l LEFT JOIN r ON l.k = r.k` counts a row of l as
 * often as its k occurs in r. Nor for an inner join, which drops rows of l without a partner.
 */
export const EliminateJoins: Rule = {
  name: 'EliminateJoins',
  apply: (plan) => eliminate(plan, idsOf(plan.columns)),
};

function eliminate(plan: LogicalPlan, needed: ReadonlySet<ColumnId>): LogicalPlan {
  if (plan.kind === 'join' && isNeedless(plan, needed)) return eliminate(plan.left, needed);
  const computed = new Set([...needed, ...computedColumns(plan)]);
  return mapInputs(plan, (input, position) => eliminate(input, neededOfInput(plan, position, computed)));
}

/** The columns that the operator computes, whether they are read or not: their expressions stay. */
function computedColumns(plan: LogicalPlan): Iterable<ColumnId> {
  switch (plan.kind) {
    case 'project':
    case 'aggregate':
    case 'set_operation':
      return idsOf(plan.columns);
    case 'window':
      return plan.calls.map((call) => call.output.id);
    default:
      return [];
  }
}

function isNeedless(join: Join, needed: ReadonlySet<ColumnId>): boolean {
  if (join.type === 'mark') return join.mark !== null && !needed.has(join.mark.id);
  if (join.type !== 'left' || join.right.columns.some((column) => needed.has(column.id))) return false;
  const { keys } = splitKeys(join.predicates, idsOf(join.left.columns), idsOf(join.right.columns));
  return isUniqueOn(join.right, new Set(keys.flatMap(({ right }) => (right.kind === 'column' ? [right.id] : []))));
}
