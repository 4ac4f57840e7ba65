import { type ColumnKind, KINDS } from '../tables.ts';
import type { Choices } from './choices.ts';
import { literal } from './literals.ts';
import { predicate } from './predicates.ts';
import type { QueryContext } from './query-context.ts';

/**
 * Expressions that LQL and DuckDB read alike. Not among them, because the two differ by intent: decimal division (scale),
 * round() of doubles (half to even, as PostgreSQL), doubles as text, substring() before the first character.
 */
export function expression(query: QueryContext, kind: ColumnKind, depth: number): string {
  const { choices } = query;
  if (depth <= 0 || choices.oneIn(3)) return leaf(query, kind);
  const of = (other: ColumnKind): string => expression(query, other, depth - 1);
  return choices.make(
    () => leaf(query, kind),
    () => FORMS[kind](choices, of),
    () => FORMS[kind](choices, of),
    () => FORMS[kind](choices, of),
    () => `coalesce(${of(kind)}, ${of(kind)})`,
    () => `nullif(${of(kind)}, ${literal(choices, kind)})`,
    () => `CASE WHEN ${predicate(query, depth - 1)} THEN ${of(kind)} ELSE ${choices.oneIn(4) ? 'NULL' : of(kind)} END`,
    () =>
      `CASE ${of('int')} WHEN ${literal(choices, 'int')} THEN ${of(kind)} WHEN ${literal(choices, 'int')} THEN ${of(kind)} END`,
    () =>
      kind === 'boolean'
        ? leaf(query, kind)
        : `${choices.pick(['greatest', 'least'])}(${of(kind)}, ${of(kind)}, ${literal(choices, kind)})`,
  );
}

/** A column in scope, or a literal. */
export function leaf(query: QueryContext, kind: ColumnKind): string {
  return query.choices.oneIn(5) ? literal(query.choices, kind) : query.column(kind);
}

export function anyKind(choices: Choices): ColumnKind {
  return choices.pick(KINDS);
}

type Form = (choices: Choices, of: (kind: ColumnKind) => string) => string;

const FORMS: Readonly<Record<ColumnKind, Form>> = {
  int: (choices, of) =>
    choices.make(
      () => `(${of('int')} ${choices.pick(['+', '-', '*'])} ${of('int')})`,
      () => `(${of('int')} % ${choices.pick([5, -3, 7])})`,
      () => `(${of('int')} /*int*/ / ${choices.pick([4, -3, 1])})`,
      () => `abs(${of('int')})`,
      () => `-(${of('int')})`,
      () => `${choices.pick(['length', 'bit_length'])}(${of('text')})`,
      () => `strpos(${of('text')}, ${choices.pick(["'b'", "'ï'", "''", "'bc'"])})`,
      () => `CAST(${of('decimal')} AS INTEGER)`,
      () => `CAST(${of('float')} AS BIGINT)`,
      () => `CAST(${of('boolean')} AS INTEGER)`,
      () => `(${of('date')} - ${of('date')})`,
      () => `ascii(${of('text')})`,
    ),
  float: (choices, of) =>
    choices.make(
      () => `(${of('float')} ${choices.pick(['+', '-', '*'])} ${of('float')})`,
      () => `(${of('float')} / CAST(${choices.pick(['0.5', '-4', '3'])} AS DOUBLE PRECISION))`,
      () => `${choices.pick(['floor', 'ceil', 'trunc', 'abs', 'sign', 'radians', 'sin', 'cos', 'atan'])}(${of('float')})`,
      () => `${choices.pick(['sqrt', 'ln', 'log10', 'cbrt'])}(abs(${of('float')}) + 1)`,
      () => `power(${of('float')}, 2)`,
      () => `-(${of('float')})`,
      () => `CAST(${of(choices.pick(['int', 'decimal', 'wide']))} AS DOUBLE PRECISION)`,
      () =>
        `CAST(EXTRACT(${choices.pick(['year', 'month', 'day', 'dow', 'isodow', 'doy', 'week', 'quarter', 'isoyear', 'decade', 'century'])} FROM ${of(choices.pick(['date', 'timestamp']))}) AS DOUBLE PRECISION)`,
      () => `CAST(date_part('${choices.pick(['hour', 'minute', 'epoch'])}', ${of('timestamp')}) AS DOUBLE PRECISION)`,
    ),
  decimal: (choices, of) =>
    choices.make(
      () => `(${of('decimal')} ${choices.pick(['+', '-'])} ${of('decimal')})`,
      () => `(${of('decimal')} * ${choices.pick(['1.5', '-0.3', '2'])})`,
      () => `${choices.pick(['abs', '-', 'floor', 'ceil', 'round', 'trunc'])}(${of('decimal')})`,
      () => `round(${of('decimal')}, 1)`,
      () => `(${of('decimal')} % ${choices.pick(['0.75', '3', '-1.1'])})`,
      () => `CAST(${of('int')} AS DECIMAL(14, 2))`,
      () => `CAST(${of('decimal')} AS DECIMAL(12, 1))`,
      () => `CAST(${of('float')} AS DECIMAL(14, 2))`,
      () => `(${of('decimal')} + ${of('int')})`,
    ),
  wide: (choices, of) =>
    choices.make(
      () => `(${of('wide')} ${choices.pick(['+', '-'])} ${of('wide')})`,
      () => `(${of('wide')} + ${of('decimal')})`,
      () => `(${of('wide')} * ${choices.pick(['2', '-3', '0.5'])})`,
      () => `${choices.pick(['abs', '-'])}(${of('wide')})`,
      () => `round(${of('wide')}, 2)`,
      () => `CAST(${of(choices.pick(['int', 'decimal']))} AS DECIMAL(30, 6))`,
    ),
  text: (choices, of) =>
    choices.make(
      () => `(${of('text')} || ${of('text')})`,
      () => `${choices.pick(['upper', 'lower', 'reverse', 'trim', 'md5'])}(${of('text')})`,
      () => `substring(${of('text')}, ${choices.between(1, 3)}, ${choices.between(0, 3)})`,
      () => `${choices.pick(['left', 'right'])}(${of('text')}, ${choices.between(-2, 4)})`,
      () => `${choices.pick(['ltrim', 'rtrim', 'trim'])}(${of('text')}, ${choices.pick(["'ab'", "'ażA'", "' '"])})`,
      () => `replace(${of('text')}, ${choices.pick(["'b'", "'ó'", "'bc'"])}, ${choices.pick(["'xy'", "''", "'ß'"])})`,
      () => `repeat(${of('text')}, ${choices.between(0, 2)})`,
      () => `${choices.pick(['lpad', 'rpad'])}(${of('text')}, ${choices.between(0, 6)}, 'xyż')`,
      () => `concat(${of('text')}, ${of('int')}, ${of('boolean')})`,
      () => `concat_ws('-', ${of('text')}, ${of('text')}, ${of('int')})`,
      () => `split_part(${of('text')}, ${choices.pick(["'b'", "' '", "'ó'"])}, ${choices.between(1, 2)})`,
      () => `translate(${of('text')}, 'abż', 'xB')`,
      () => `regexp_replace(${of('text')}, ${choices.pick(["'b+'", "'[A-Z]'", "'.$'"])}, '<>'${choices.pick(['', ", 'g'"])})`,
      () => `CAST(${of(choices.pick(['int', 'date', 'boolean', 'timestamp']))} AS TEXT)`,
    ),
  date: (choices, of) =>
    choices.make(
      () => `(${of('date')} ${choices.pick(['+', '-'])} ${choices.between(0, 40)})`,
      () => `CAST(${of('timestamp')} AS DATE)`,
      () => `CAST(date_trunc('${choices.pick(['month', 'week', 'year', 'quarter'])}', ${of('date')}) AS DATE)`,
      () => `CAST(${of('date')} + INTERVAL '${choices.pick(['1 month', '-1 month', '1 year', '5 days'])}' AS DATE)`,
      () => `make_date(2024, ${choices.between(1, 12)}, CAST(1 + abs(${of('int')}) % 28 AS INTEGER))`,
    ),
  timestamp: (choices, of) =>
    choices.make(
      () =>
        `date_trunc('${choices.pick(['hour', 'day', 'minute', 'second', 'week', 'month', 'quarter', 'year', 'decade'])}', ${of('timestamp')})`,
      () =>
        `(${of('timestamp')} ${choices.pick(['-', '+'])} INTERVAL '${choices.pick(['90 minutes', '1 month', '2 days 3 hours', '1 year', '0.25 seconds'])}')`,
      () => `CAST(${of('date')} AS TIMESTAMP)`,
      () => `time_bucket(INTERVAL '${choices.pick(['15 minutes', '3 hours', '2 days'])}', ${of('timestamp')})`,
      () => `(${of('date')} + INTERVAL '1 hour')`,
    ),
  boolean: (choices, of) =>
    choices.make(
      () => `(NOT ${of('boolean')})`,
      () => `(${of('int')} ${choices.pick(['<', '=', '>='])} ${of('int')})`,
      () => `(${of('text')} ${choices.pick(['=', '<', '<>'])} ${of('text')})`,
      () => `(${of('boolean')} ${choices.pick(['AND', 'OR', '=', '<'])} ${of('boolean')})`,
      () => `(${of('float')} IS NULL)`,
    ),
};
