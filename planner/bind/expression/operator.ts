import type { Binary, Expression, Unary } from '../../../grammars/ast/expression.ts';
import { isNumeric } from '../../../src/types/data-type.ts';
import { LumaError, SQLSTATE } from '../../../src/types/error.ts';
import type { Span } from '../../../src/types/span.ts';
import type { BoundExpression } from '../../expression.ts';
import { caseOf, FALSE, isNullOf, logicalOf, notOf, TRUE } from '../../expression-build.ts';
import { callFunction, coerce, coerceBoolean, isUntyped, shownType } from './coerce.ts';
import type { ExpressionContext } from './context.ts';
import { bindExpression } from './expression.ts';
import { literalConstant } from './literal.ts';

/** Operators are functions by the same name, but AND, OR, NOT and the IS tests. */
export function bindBinary(binary: Binary, context: ExpressionContext): BoundExpression {
  const { session } = context.environment;
  const { operator } = binary;
  if (operator === 'and' || operator === 'or') {
    const operands = flatten(binary).map((operand) =>
      coerceBoolean(session, bindExpression(operand, context), operator.toUpperCase()),
    );
    return logicalOf(operator, operands, binary.span);
  }
  const left = bindExpression(binary.left, context);
  const right = bindExpression(binary.right, context);
  return callFunction(session, operator, [left, right], binary.span);
}

/** The operands of a chain of one logical operator, left to right; a loop, as generated texts have long chains. */
function flatten(binary: Binary): readonly Expression[] {
  const operands: Expression[] = [];
  let current: Expression = binary;
  while (current.kind === 'binary' && current.operator === binary.operator) {
    operands.push(current.right);
    current = current.left;
  }
  operands.push(current);
  return operands.reverse();
}

export function bindUnary(unary: Unary, context: ExpressionContext): BoundExpression {
  const { session } = context.environment;
  const { operator, span } = unary;
  if (operator === 'negate' && unary.operand.kind === 'literal' && isNumber(unary.operand.value.type)) {
    return { ...literalConstant(unary.operand, -1n), span };
  }
  const operand = bindExpression(unary.operand, context);
  switch (operator) {
    case 'negate':
      return callFunction(session, 'negate', [operand], span);
    case 'plus':
      return bindPlus(operand, span);
    case 'not':
      return notOf(coerceBoolean(session, operand, 'NOT'), span);
    case 'is_null':
    case 'is_not_null': {
      const test = isNullOf(coerce(session, operand, operand.type), span);
      return operator === 'is_null' ? test : notOf(test, span);
    }
    case 'is_true':
    case 'is_not_true':
    case 'is_false':
    case 'is_not_false': {
      const boolean = coerceBoolean(session, operand, operator.toUpperCase().replaceAll('_', ' '));
      return truthTest(operator, boolean, span);
    }
  }
}

function isNumber(type: string): boolean {
  return type === 'integer' || type === 'decimal' || type === 'float';
}

function bindPlus(operand: BoundExpression, span: Span): BoundExpression {
  if (isNumeric(operand.type) || operand.type.kind === 'interval') return operand;
  if (isUntyped(operand)) {
    throw new LumaError(SQLSTATE.ambiguousFunction, 'operator is not unique: + unknown', { span, hint: 'Add an explicit cast.' });
  }
  throw new LumaError(SQLSTATE.undefinedFunction, `operator does not exist: + ${shownType(operand)}`, { span });
}

/** IS [NOT] TRUE and IS [NOT] FALSE never give NULL: a CASE without a matching branch goes on. */
function truthTest(
  operator: 'is_true' | 'is_not_true' | 'is_false' | 'is_not_false',
  operand: BoundExpression,
  span: Span,
): BoundExpression {
  const when = operator === 'is_true' || operator === 'is_not_true' ? operand : notOf(operand, span);
  const positive = operator === 'is_true' || operator === 'is_false';
  return caseOf([{ when, then: positive ? TRUE : FALSE }], positive ? FALSE : TRUE, undefined, span);
}
