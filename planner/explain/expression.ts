import { typeName } from '../../src/types/data-type.ts';
import type { AggregateCall, BoundExpression, BoundFrameBound, ColumnRef, SortKey, WindowCall } from '../expression.ts';
import { constantText } from './constant.ts';

/** How a column reference is written. */
export type ColumnText = (column: Pick<ColumnRef, 'id' | 'name'>) => string;

export const byName: ColumnText = (column) => column.name;

/** Binding strength, weakest first: as in PostgreSQL's table of operator precedence (manual, 4.1.6). */
const OR = 1;
const AND = 2;
const NOT = 3;
const IS = 4;
const COMPARISON = 5;
const PATTERN = 6;
const OTHER = 7;
const SUM = 8;
const PRODUCT = 9;
const UNARY = 10;
const ATOM = 11;

const INFIX: Readonly<Record<string, readonly [text: string, precedence: number]>> = {
  equal: ['=', COMPARISON],
  not_equal: ['<>', COMPARISON],
  less: ['<', COMPARISON],
  less_equal: ['<=', COMPARISON],
  greater: ['>', COMPARISON],
  greater_equal: ['>=', COMPARISON],
  is_distinct: ['IS DISTINCT FROM', IS],
  is_not_distinct: ['IS NOT DISTINCT FROM', IS],
  like: ['LIKE', PATTERN],
  ilike: ['ILIKE', PATTERN],
  concatenate: ['||', OTHER],
  add: ['+', SUM],
  subtract: ['-', SUM],
  multiply: ['*', PRODUCT],
  divide: ['/', PRODUCT],
  modulo: ['%', PRODUCT],
};

interface Written {
  readonly text: string;
  readonly precedence: number;
}

/** A bound expression as SQL-like text, parenthesized only where it must be. */
export function expressionText(expression: BoundExpression, columnText: ColumnText = byName): string {
  return write(expression, columnText).text;
}

function write(expression: BoundExpression, columnText: ColumnText): Written {
  const full = (each: BoundExpression) => write(each, columnText).text;
  const within = (each: BoundExpression, precedence: number) => {
    const written = write(each, columnText);
    return written.precedence < precedence ? `(${written.text})` : written.text;
  };
  switch (expression.kind) {
    case 'constant': {
      const text = constantText(expression);
      return { text, precedence: text.startsWith('-') ? UNARY : ATOM };
    }
    case 'column':
      return { text: columnText(expression), precedence: ATOM };
    case 'parameter':
      return { text: `$${expression.index}`, precedence: ATOM };
    case 'and':
      return { text: expression.operands.map((each) => within(each, AND + 1)).join(' AND '), precedence: AND };
    case 'or':
      return { text: expression.operands.map((each) => within(each, OR + 1)).join(' OR '), precedence: OR };
    case 'not':
      if (expression.operand.kind === 'is_null') {
        return { text: `${within(expression.operand.operand, OTHER)} IS NOT NULL`, precedence: IS };
      }
      return { text: `NOT ${within(expression.operand, NOT)}`, precedence: NOT };
    case 'is_null':
      return { text: `${within(expression.operand, OTHER)} IS NULL`, precedence: IS };
    case 'case': {
      const branches = expression.branches.map((branch) => `WHEN ${full(branch.when)} THEN ${full(branch.then)}`);
      return { text: `CASE ${branches.join(' ')} ELSE ${full(expression.otherwise)} END`, precedence: ATOM };
    }
    case 'coalesce':
      return { text: `COALESCE(${expression.operands.map(full).join(', ')})`, precedence: ATOM };
    case 'cast':
      return { text: `CAST(${full(expression.operand)} AS ${typeName(expression.type)})`, precedence: ATOM };
    case 'in': {
      const values = expression.values.map((value) => full(value)).join(', ');
      return { text: `${within(expression.operand, OTHER)} IN (${values})`, precedence: PATTERN };
    }
    case 'call': {
      const { name } = expression.function;
      const infix = Object.hasOwn(INFIX, name) ? INFIX[name] : undefined;
      const [left, right, ...more] = expression.arguments;
      if (infix !== undefined && left !== undefined && right !== undefined && more.length === 0) {
        const [operator, precedence] = infix;
        // Arithmetic associates to the left; what compares takes no other comparison without parentheses.
        const compares = precedence < OTHER;
        const text = `${within(left, compares ? OTHER : precedence)} ${operator} ${within(right, compares ? OTHER : precedence + 1)}`;
        return { text, precedence };
      }
      if (name === 'negate' && left !== undefined) return { text: `-${within(left, ATOM)}`, precedence: UNARY };
      return { text: `${name}(${expression.arguments.map(full).join(', ')})`, precedence: ATOM };
    }
  }
}

export function sortKeyText(key: SortKey, columnText: ColumnText = byName): string {
  const text = `${expressionText(key.expression, columnText)}${key.descending ? ' DESC' : ''}`;
  // PostgreSQL's defaults: NULLS LAST ascending, NULLS FIRST descending.
  return key.nulls === (key.descending ? 'first' : 'last') ? text : `${text} NULLS ${key.nulls.toUpperCase()}`;
}

export function aggregateText(call: AggregateCall, columnText: ColumnText = byName): string {
  const list = call.arguments.length === 0 ? '*' : call.arguments.map((each) => expressionText(each, columnText)).join(', ');
  const order =
    call.orderBy.length === 0 ? '' : ` ORDER BY ${call.orderBy.map((key) => sortKeyText(key, columnText)).join(', ')}`;
  return `${call.function.name}(${call.distinct ? 'DISTINCT ' : ''}${list}${order})${filterText(call.filter, columnText)}`;
}

/** The call with its frame, without the partitioning and order that it shares with its window. */
export function windowCallText(call: WindowCall, columnText: ColumnText = byName): string {
  const { frame } = call;
  const isAggregate = call.function.type === 'aggregate';
  const name = call.function.type === 'window' ? call.function.name : call.function.aggregate.name;
  const list = call.arguments.map((each) => expressionText(each, columnText)).join(', ');
  const bounds = `${frame.unit.toUpperCase()} BETWEEN ${boundText(frame.start, columnText)} AND ${boundText(frame.end, columnText)}`;
  return `${name}(${list === '' && isAggregate ? '*' : list})${filterText(call.filter, columnText)} ${bounds}`;
}

function boundText(bound: BoundFrameBound, columnText: ColumnText): string {
  switch (bound.type) {
    case 'preceding':
    case 'following':
      return `${expressionText(bound.offset, columnText)} ${bound.type.toUpperCase()}`;
    default:
      return bound.type.replaceAll('_', ' ').toUpperCase();
  }
}

function filterText(filter: BoundExpression | null, columnText: ColumnText): string {
  return filter === null ? '' : ` FILTER (WHERE ${expressionText(filter, columnText)})`;
}
