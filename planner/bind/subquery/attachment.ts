import type { Expression } from '../../../grammars/ast/expression.ts';
import type { BoundExpression, Column, ColumnId } from '../../expression.ts';
import { someExpression } from '../../expression-visit.ts';
import { applyOf, filterUnlessTrue } from '../../logical/build.ts';
import type { Apply, LogicalPlan } from '../../logical/plan.ts';
import { expressionsOf, mapExpressions, transformUp, walk } from '../../logical/visit.ts';

/**
 * A subquery of an expression, waiting to become an Apply below the operator that evaluates the expression. A later
 * attachment of a list may use the columns of an earlier one, never the reverse.
 */
export interface Attachment {
  /** What its column stands for; null for a semi or anti Apply, which adds none. */
  readonly source: Expression | null;
  readonly type: Apply['type'];
  readonly plan: LogicalPlan;
  readonly predicates: readonly BoundExpression[];
  readonly mark: Column | null;
  readonly nullAware: boolean;
}

export function attach(plan: LogicalPlan, attachments: readonly Attachment[]): LogicalPlan {
  return attachments.reduce<LogicalPlan>(
    (left, each) => applyOf(each.type, left, each.plan, each.predicates, { mark: each.mark, nullAware: each.nullAware }),
    plan,
  );
}

/** The columns that attachments add to a plan. */
export function attachedColumns(attachments: readonly Attachment[]): ReadonlySet<ColumnId> {
  const ids = new Set<ColumnId>();
  for (const each of attachments) {
    if (each.mark !== null) ids.add(each.mark.id);
    if (each.type !== 'semi' && each.type !== 'anti' && each.type !== 'mark') {
      for (const column of each.plan.columns) ids.add(column.id);
    }
  }
  return ids;
}

/** Filters by the predicates; those that need no subquery go first, so that subqueries run for fewer rows. */
export function filterAttached(
  plan: LogicalPlan,
  predicates: readonly BoundExpression[],
  attachments: readonly Attachment[],
): LogicalPlan {
  const added = attachedColumns(attachments);
  const early = predicates.filter((predicate) => !readsAny(predicate, added));
  const late = predicates.filter((predicate) => readsAny(predicate, added));
  return filterUnlessTrue(attach(filterUnlessTrue(plan, early), attachments), late);
}

/** The attachment with the expressions of its plan mapped, and its predicates. */
export function mapAttachment(
  attachment: Attachment,
  mapInPlan: (expression: BoundExpression) => BoundExpression,
  mapPredicate: (expression: BoundExpression) => BoundExpression,
): Attachment {
  const plan = transformUp(attachment.plan, (each) => mapExpressions(each, mapInPlan));
  return { ...attachment, plan, predicates: attachment.predicates.map(mapPredicate) };
}

export function readsAny(expression: BoundExpression, ids: ReadonlySet<ColumnId>): boolean {
  return someExpression(expression, (each) => each.kind === 'column' && ids.has(each.id));
}

/** Whether the plan, or a predicate, reads one of the columns. */
export function attachmentReads(attachment: Attachment, ids: ReadonlySet<ColumnId>): boolean {
  return attachment.predicates.some((predicate) => readsAny(predicate, ids)) || planReads(attachment.plan, ids);
}

/** Whether an expression anywhere in the plan reads one of the columns. */
export function planReads(plan: LogicalPlan, ids: ReadonlySet<ColumnId>): boolean {
  let reads = false;
  walk(plan, (each) => {
    reads ||= expressionsOf(each).some((expression) => readsAny(expression, ids));
  });
  return reads;
}
