import { BOOLEAN, type DataType, sameType } from '../src/types/data-type.ts';
import { NO_SPAN, type Span } from '../src/types/span.ts';
import type {
  BoundExpression,
  CaseExpression,
  Coalesce,
  Constant,
  ConstantValue,
  IsNull,
  Logical,
  Not,
  ScalarCall,
  ScalarFunction,
} from './expression.ts';

/**
 * Constructors that derive type and nullability, so that both stay exact whoever builds an expression: nullable means
 * that some row can make it NULL, as far as the operands tell.
 */

export function constantOf(value: ConstantValue, type: DataType, span: Span = NO_SPAN): Constant {
  return { kind: 'constant', value, type, nullable: value === null, span };
}

export const TRUE: Constant = constantOf(true, BOOLEAN);
export const FALSE: Constant = constantOf(false, BOOLEAN);

/** Arguments are already of `function_.argumentTypes`. */
export function callOf(function_: ScalarFunction, arguments_: readonly BoundExpression[], span: Span = NO_SPAN): ScalarCall {
  return {
    kind: 'call',
    function: function_,
    arguments: arguments_,
    type: function_.returnType,
    nullable: callNullable(function_, arguments_),
    span,
  };
}

export function callNullable(function_: ScalarFunction, arguments_: readonly BoundExpression[]): boolean {
  if (function_.mayReturnNull) return true;
  return function_.nulls === 'strict' && arguments_.some((argument) => argument.nullable);
}

/** Nested operands of the same kind are flattened; the neutral element for none, the operand itself for one. */
export function logicalOf(kind: Logical['kind'], operands: readonly BoundExpression[], span: Span = NO_SPAN): BoundExpression {
  const flat = operands.flatMap((operand) => (operand.kind === kind ? operand.operands : [operand]));
  const [first] = flat;
  if (first === undefined) return kind === 'and' ? TRUE : FALSE;
  if (flat.length === 1) return first;
  return { kind, operands: flat, type: BOOLEAN, nullable: flat.some((operand) => operand.nullable), span };
}

export function notOf(operand: BoundExpression, span: Span = NO_SPAN): Not {
  return { kind: 'not', operand, type: BOOLEAN, nullable: operand.nullable, span };
}

export function isNullOf(operand: BoundExpression, span: Span = NO_SPAN): IsNull {
  return { kind: 'is_null', operand, type: BOOLEAN, nullable: false, span };
}

/** Branch values and `otherwise` are already of one type. */
export function caseOf(
  branches: CaseExpression['branches'],
  otherwise: BoundExpression,
  type: DataType = otherwise.type,
  span: Span = NO_SPAN,
): CaseExpression {
  const nullable = otherwise.nullable || branches.some((branch) => branch.then.nullable);
  return { kind: 'case', branches, otherwise, type, nullable, span };
}

/** Operands are already of `type`. */
export function coalesceOf(operands: readonly BoundExpression[], type: DataType, span: Span = NO_SPAN): Coalesce {
  return { kind: 'coalesce', operands, type, nullable: operands.every((operand) => operand.nullable), span };
}

/** The operand itself when it already has the type; a NULL constant changes its type in place. */
export function castOf(operand: BoundExpression, type: DataType, span: Span = operand.span): BoundExpression {
  if (sameType(operand.type, type)) return operand;
  if (operand.kind === 'constant' && operand.value === null) return { ...operand, type };
  return { kind: 'cast', operand, type, nullable: operand.nullable, span };
}

/** The operands of a conjunction, or the expression alone. */
export function conjunctsOf(expression: BoundExpression): readonly BoundExpression[] {
  return expression.kind === 'and' ? expression.operands.flatMap(conjunctsOf) : [expression];
}
