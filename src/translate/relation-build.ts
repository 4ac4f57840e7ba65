import type { BinaryOperator, Call, Expression, UnaryOperator, WindowSpecification } from '../../grammars/ast/expression.ts';
import type { Alias, CommonTable, OrderItem, Query, Relation, Select, SelectItem } from '../../grammars/ast/relation.ts';
import { type DataType, FLOAT64, TEXT, timestamp } from '../types/data-type.ts';
import { NO_SPAN } from '../types/span.ts';

/*
 * Constructors for relation trees that no text stands for: every span is NO_SPAN.
 */

const span = NO_SPAN;

export const MILLISECOND_TIMESTAMP: DataType = timestamp('ms');

export function column(name: string, qualifier: string | null = null): Expression {
  return { kind: 'column', span, qualifier, name };
}

export function text(value: string): Expression {
  return { kind: 'literal', span, value: { type: 'text', value } };
}

export function integer(value: number): Expression {
  return { kind: 'literal', span, value: { type: 'integer', text: String(value) } };
}

export function boolean(value: boolean): Expression {
  return { kind: 'literal', span, value: { type: 'boolean', value } };
}

/** A DOUBLE PRECISION constant; NaN and infinities have no literal in SQL and are cast from text. */
export function float(value: number): Expression {
  if (Number.isNaN(value)) return cast(text('NaN'), FLOAT64);
  if (!Number.isFinite(value)) return cast(text(value > 0 ? 'Infinity' : '-Infinity'), FLOAT64);
  if (value < 0 || Object.is(value, -0)) return unary('negate', float(-value));
  return { kind: 'literal', span, value: { type: 'float', value } };
}

/**
 * A constant beside a DOUBLE PRECISION operand, which it joins: an integer or a decimal where that is the same number.
 * Alone it would be of another type than `float`.
 */
export function number(value: number): Expression {
  if (value < 0) return unary('negate', number(-value));
  const digits = String(value);
  if (!/^\d+(?:\.\d+)?$/.test(digits) || Object.is(value, -0)) return float(value);
  return digits.includes('.') ? { kind: 'literal', span, value: { type: 'decimal', text: digits } } : integer(value);
}

/** Milliseconds since 1970 as a TIMESTAMP(3). */
export function instant(milliseconds: number): Expression {
  return cast(text(new Date(milliseconds).toISOString().replace('T', ' ').replace('Z', '')), MILLISECOND_TIMESTAMP);
}

export function interval(milliseconds: number): Expression {
  return {
    kind: 'literal',
    span,
    value: { type: 'interval', months: 0, days: 0, nanoseconds: BigInt(milliseconds) * 1_000_000n },
  };
}

export const NULL_LABEL: Expression = {
  kind: 'cast',
  span,
  operand: { kind: 'literal', span, value: { type: 'null' } },
  type: TEXT,
};

export function cast(operand: Expression, type: DataType): Expression {
  return { kind: 'cast', span, operand, type };
}

export function binary(operator: BinaryOperator, left: Expression, right: Expression): Expression {
  return { kind: 'binary', span, operator, left, right };
}

export function unary(operator: UnaryOperator, operand: Expression): Expression {
  return { kind: 'unary', span, operator, operand };
}

export const isNull = (operand: Expression): Expression => unary('is_null', operand);
export const isNotNull = (operand: Expression): Expression => unary('is_not_null', operand);
export const not = (operand: Expression): Expression => unary('not', operand);

/** All of the conditions; null when there is none. */
export function and(conditions: readonly (Expression | null)[]): Expression | null {
  const given = conditions.filter((each) => each !== null);
  return given.length === 0 ? null : given.reduce((left, right) => binary('and', left, right));
}

export function or(left: Expression, right: Expression): Expression {
  return binary('or', left, right);
}

export function caseOf(branches: readonly (readonly [Expression, Expression])[], otherwise: Expression | null): Expression {
  return { kind: 'case', span, operand: null, branches: branches.map(([when, then]) => ({ when, then })), otherwise };
}

export function call(name: string, ...arguments_: readonly Expression[]): Call {
  return {
    kind: 'call',
    span,
    name,
    arguments: arguments_,
    star: false,
    distinct: false,
    filter: null,
    orderBy: [],
    over: null,
  };
}

export const countRows: Call = { ...call('count'), star: true };

export function filtered(aggregate: Call, filter: Expression): Call {
  return { ...aggregate, filter };
}

export function over(function_: Call, partitionBy: readonly Expression[], orderBy: readonly OrderItem[] = []): Call {
  const specification: WindowSpecification = { base: null, partitionBy, orderBy, frame: null };
  return { ...function_, over: specification };
}

export function ascending(expression: Expression): OrderItem {
  return { expression, descending: false, nulls: 'last' };
}

export function descending(expression: Expression): OrderItem {
  return { expression, descending: true, nulls: 'first' };
}

export function item(expression: Expression, alias: string | null = null): SelectItem {
  const named = expression.kind === 'column' && expression.name === alias ? null : alias;
  return { kind: 'expression', expression, alias: named };
}

export function table(name: string, alias: string | null = null, schema: string | null = null): Relation {
  return { kind: 'table', span, schema, name, alias: alias === null || alias === name ? null : aliasOf(alias) };
}

export function aliasOf(name: string, columns: readonly string[] = []): Alias {
  return { name, columns };
}

export function tableFunction(name: string, arguments_: readonly Expression[], alias: Alias): Relation {
  return { kind: 'table_function', span, name, arguments: arguments_, alias };
}

export function innerJoin(left: Relation, right: Relation, condition: Expression | null): Relation {
  if (condition === null) return { kind: 'join', span, type: 'cross', left, right, condition: null };
  return { kind: 'join', span, type: 'inner', left, right, condition: { type: 'on', expression: condition } };
}

export function leftJoin(left: Relation, right: Relation, condition: Expression): Relation {
  return { kind: 'join', span, type: 'left', left, right, condition: { type: 'on', expression: condition } };
}

type SelectParts = Partial<Pick<Select, 'distinct' | 'where' | 'groupBy' | 'having'>>;

export function select(items: readonly SelectItem[], from: Relation | null, parts: SelectParts = {}): Select {
  return {
    kind: 'select',
    span,
    distinct: false,
    items,
    from,
    where: null,
    groupBy: [],
    having: null,
    windows: [],
    ...parts,
  };
}

type QueryParts = Partial<Pick<Query, 'with' | 'orderBy' | 'limit' | 'offset'>>;

export function query(body: Query['body'], parts: QueryParts = {}): Query {
  return { kind: 'query', span, with: [], body, orderBy: [], limit: null, offset: null, ...parts };
}

export function unionAll(left: Query['body'], right: Query['body']): Query['body'] {
  return { kind: 'set_operation', span, operator: 'union', all: true, left, right };
}

export function exists(inner: Query): Expression {
  return { kind: 'exists', span, query: inner };
}

export function commonTable(name: string, inner: Query): CommonTable {
  return { name, span, columns: [], query: inner };
}
