import type { BoundExpression, ColumnId } from '../../expression.ts';

/**
 * What becomes of an expression on a row that an outer join padded: `columns` are NULL there. Answers are "surely" or
 * "cannot tell".
 */

/** Whether a filter with the predicate drops every row in which all of `columns` are NULL. */
export function rejectsNulls(predicate: BoundExpression, columns: ReadonlySet<ColumnId>): boolean {
  switch (predicate.kind) {
    case 'constant':
      return predicate.value === false || predicate.value === null;
    case 'and':
      return predicate.operands.some((operand) => rejectsNulls(operand, columns));
    case 'or':
      return predicate.operands.every((operand) => rejectsNulls(operand, columns));
    case 'not':
      return isTrueOnNulls(predicate.operand, columns) || isNullOnNulls(predicate.operand, columns);
    default:
      return isNullOnNulls(predicate, columns);
  }
}

/** Whether the expression is NULL wherever all of `columns` are. */
export function isNullOnNulls(expression: BoundExpression, columns: ReadonlySet<ColumnId>): boolean {
  switch (expression.kind) {
    case 'constant':
      return expression.value === null;
    case 'column':
      return columns.has(expression.id);
    case 'parameter':
    case 'is_null':
      return false;
    case 'call':
      return expression.function.nulls === 'strict' && expression.arguments.some((each) => isNullOnNulls(each, columns));
    case 'and':
    case 'or':
    case 'coalesce':
      return expression.operands.every((operand) => isNullOnNulls(operand, columns));
    case 'not':
    case 'cast':
    case 'in':
      return isNullOnNulls(expression.operand, columns);
    case 'case':
      return [expression.otherwise, ...expression.branches.map((branch) => branch.then)].every((each) =>
        isNullOnNulls(each, columns),
      );
  }
}

function isTrueOnNulls(expression: BoundExpression, columns: ReadonlySet<ColumnId>): boolean {
  switch (expression.kind) {
    case 'constant':
      return expression.value === true;
    case 'is_null':
      return isNullOnNulls(expression.operand, columns);
    case 'and':
      return expression.operands.every((operand) => isTrueOnNulls(operand, columns));
    case 'or':
      return expression.operands.some((operand) => isTrueOnNulls(operand, columns));
    default:
      return false;
  }
}
