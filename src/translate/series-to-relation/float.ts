import type { Expression } from '../../../grammars/ast/expression.ts';
import type { SeriesBinaryOperator } from '../../../grammars/ast/series.ts';
import { LumaError, SQLSTATE } from '../../types/error.ts';
import { binary, call, caseOf, float } from '../relation-build.ts';

/*
 * PromQL computes in IEEE 754. SQL orders NaN as equal to itself and greater than every number (PostgreSQL, 8.1.3), so
 * comparisons say where NaN may not pass. The function divide_float and `modulo` of doubles are IEEE already, `/` raises
 * 22012. Where SQL raises 22003 for an overflow and PromQL goes on with an infinity, the query fails instead of giving
 * another number.
 */

export const NAN = float(Number.NaN);

export function isNan(value: Expression): Expression {
  return binary('equal', value, NAN);
}

function isNotNan(value: Expression): Expression {
  return binary('not_equal', value, NAN);
}

/** Whether the expression is a literal number, so that no test for NaN is needed. */
function certainlyNumber(value: Expression): boolean {
  if (value.kind === 'unary') return certainlyNumber(value.operand);
  return value.kind === 'literal' && value.value.type !== 'null';
}

function guarded(comparison: Expression, ...operands: readonly Expression[]): Expression {
  return operands
    .filter((operand) => !certainlyNumber(operand))
    .reduce((condition, operand) => binary('and', condition, isNotNan(operand)), comparison);
}

/** An IEEE comparison as a condition: false when a side is NaN, but for `!=`. */
export function comparison(operator: SeriesBinaryOperator, left: Expression, right: Expression): Expression {
  switch (operator) {
    case 'equal':
      // NaN = NaN in SQL: one side's test is enough, and a literal's needs none.
      return certainlyNumber(left) || certainlyNumber(right)
        ? binary('equal', left, right)
        : guarded(binary('equal', left, right), left);
    case 'not_equal':
      return certainlyNumber(left) || certainlyNumber(right)
        ? binary('not_equal', left, right)
        : binary('or', binary('not_equal', left, right), isNan(left));
    case 'less':
    case 'less_equal':
      return guarded(binary(operator, left, right), right);
    case 'greater':
    case 'greater_equal':
      return guarded(binary(operator, left, right), left);
    default:
      throw new LumaError(SQLSTATE.internalError, `${operator} compares nothing`);
  }
}

/** a / b in IEEE 754: by zero it gives an infinity or NaN. */
export function divided(left: Expression, right: Expression): Expression {
  return call('divide_float', left, right);
}

/** 1 or 0. */
export function truth(condition: Expression): Expression {
  return caseOf([[condition, float(1)]], float(0));
}

export function arithmetic(operator: SeriesBinaryOperator, left: Expression, right: Expression): Expression {
  switch (operator) {
    case 'add':
    case 'subtract':
    case 'multiply':
    case 'modulo':
    case 'power':
      return binary(operator, left, right);
    case 'divide':
      return divided(left, right);
    case 'atan2':
      return call('atan2', left, right);
    default:
      throw new LumaError(SQLSTATE.internalError, `${operator} computes nothing`);
  }
}
