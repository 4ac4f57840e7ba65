import type { BoundExpression, Column, NamedExpression } from '../../expression.ts';
import { aggregateOf, columnRef, joinOf, passThrough, projectOf, setOperationOf } from '../../logical/build.ts';
import type { LogicalPlan, SetOperation } from '../../logical/plan.ts';
import { transformUp } from '../../logical/visit.ts';
import type { Rule, RuleContext } from '../rule.ts';
import { sameValue } from '../support/functions.ts';
import { rowNumbers } from '../support/row-numbers.ts';

/**
 * Pattern: UNION, INTERSECT [ALL], EXCEPT [ALL].
 * Guard: none; of the set operations only UNION ALL reaches the executor.
 * Replacement: UNION groups the rows of UNION ALL by all columns. INTERSECT and EXCEPT are semi and anti joins of the
 * distinct left rows on all columns; with ALL, equal rows are numbered on both sides and the number is one more column, so
 * that a row that occurs m times left and n times right stays min(m, n) or m − n times.
 *
 * NULLs must match in set operations: `SELECT NULL INTERSECT SELECT NULL` gives a row, so the joins compare by IS NOT
 * DISTINCT FROM. Numbering must not serve without ALL: `VALUES (1), (1) EXCEPT VALUES (1)` is empty.
 */
export const RewriteSetOperations: Rule = {
  name: 'RewriteSetOperations',
  apply: (plan, context) => transformUp(plan, (each) => (each.kind === 'set_operation' ? rewrite(each, context) : each)),
};

function rewrite(plan: SetOperation, context: RuleContext): LogicalPlan {
  if (plan.operator === 'union') return plan.all ? flatten(plan) : distinctUnion(plan, context);
  const [first, ...others] = plan.inputs;
  if (first === undefined) return plan;
  const type = plan.operator === 'intersect' ? 'semi' : 'anti';
  let rows: LogicalPlan = first;
  let columns: readonly Column[] = first.columns;
  if (plan.all) ({ plan: rows, columns } = numbered(first, context));
  else rows = aggregateOf(first, first.columns.map(passThrough), []);
  for (const input of others) {
    // EXCEPT ALL by several inputs removes by each in turn: what is left must be numbered anew.
    if (plan.all && input !== others[0]) ({ plan: rows, columns } = numbered(restored(rows, first.columns), context));
    const other = plan.all ? numbered(input, context) : { plan: input, columns: input.columns };
    rows = joinOf(type, rows, other.plan, equalColumns(columns, other.columns, context));
  }
  return projectOf(rows, renaming(first.columns, plan.columns));
}

/** UNION ALL inside UNION ALL is one. */
function flatten(plan: SetOperation): SetOperation {
  const nested = plan.inputs.some((input) => input.kind === 'set_operation' && input.operator === 'union' && input.all);
  if (!nested) return plan;
  const inputs = plan.inputs.flatMap((input) =>
    input.kind === 'set_operation' && input.operator === 'union' && input.all ? input.inputs : [input],
  );
  return setOperationOf('union', true, inputs, plan.columns);
}

function distinctUnion(plan: SetOperation, context: RuleContext): LogicalPlan {
  const columns = plan.columns.map((column) => context.newColumn(column.name, column.type, column.nullable));
  return aggregateOf(flatten(setOperationOf('union', true, plan.inputs, columns)), renaming(columns, plan.columns), []);
}

function numbered(input: LogicalPlan, context: RuleContext): { readonly plan: LogicalPlan; readonly columns: readonly Column[] } {
  const { plan, number } = rowNumbers(input, input.columns.map(columnRef), [], context);
  return { plan, columns: [...input.columns, number] };
}

function restored(plan: LogicalPlan, columns: readonly Column[]): LogicalPlan {
  return projectOf(plan, renaming(columns, columns));
}

function equalColumns(left: readonly Column[], right: readonly Column[], { catalog }: RuleContext): readonly BoundExpression[] {
  return left.flatMap((column, position) => {
    const other = right[position];
    return other === undefined ? [] : [sameValue(catalog, columnRef(column), columnRef(other))];
  });
}

function renaming(from: readonly Column[], to: readonly Column[]): readonly NamedExpression[] {
  return to.flatMap((output, position) => {
    const source = from[position];
    return source === undefined ? [] : [{ output: { ...output, nullable: source.nullable }, expression: columnRef(source) }];
  });
}
