import type { DataType } from '../../src/types/data-type.ts';
import { LumaError, SQLSTATE } from '../../src/types/error.ts';
import type { Span } from '../../src/types/span.ts';
import type {
  Binary,
  BinaryOperator,
  Call,
  Cast,
  Expression,
  Literal,
  Unary,
  UnaryOperator,
  WindowSpecification,
} from '../ast/expression.ts';
import type { OrderItem } from '../ast/relation.ts';

/** Constructors of expression nodes with what is mostly absent left out. */
export function literal(value: Literal['value'], span: Span): Literal {
  return { kind: 'literal', span, value };
}

export function textLiteral(value: string, span: Span): Literal {
  return literal({ type: 'text', value }, span);
}

export function integerLiteral(value: number, span: Span): Literal {
  return literal({ type: 'integer', text: String(value) }, span);
}

/** 22003 when the digits are beyond float64. */
export function floatLiteral(digits: string, span: Span): Literal {
  const value = Number(digits);
  if (Number.isFinite(value)) return literal({ type: 'float', value }, span);
  throw new LumaError(SQLSTATE.numericValueOutOfRange, `"${digits}" is out of range for double precision`, { span });
}

export function binary(operator: BinaryOperator, left: Expression, right: Expression, span: Span): Binary {
  return { kind: 'binary', span, operator, left, right };
}

export function unary(operator: UnaryOperator, operand: Expression, span: Span): Unary {
  return { kind: 'unary', span, operator, operand };
}

export function cast(operand: Expression, type: DataType, span: Span): Cast {
  return { kind: 'cast', span, operand, type };
}

export interface CallParts {
  readonly arguments: readonly Expression[];
  readonly star?: boolean;
  readonly distinct?: boolean;
  readonly orderBy?: readonly OrderItem[];
  readonly filter?: Expression | null;
  readonly over?: WindowSpecification | null;
}

/** `name` is LumaDB's. */
export function call(name: string, parts: CallParts, span: Span): Call {
  const { star = false, distinct = false, orderBy = [], filter = null, over = null } = parts;
  return { kind: 'call', span, name, arguments: parts.arguments, star, distinct, filter, orderBy, over };
}
