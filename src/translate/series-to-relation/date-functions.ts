import type { Expression } from '../../../grammars/ast/expression.ts';
import { FLOAT64 } from '../../types/data-type.ts';
import { NO_SPAN } from '../../types/span.ts';
import { binary, call, cast, text } from '../relation-build.ts';

/** Parts of a UTC time by PromQL's names: PostgreSQL's fields. */
const FIELDS: Readonly<Record<string, string>> = {
  minute: 'minute',
  hour: 'hour',
  day_of_week: 'dow',
  day_of_month: 'day',
  day_of_year: 'doy',
  month: 'month',
  year: 'year',
};

export function isDateFunction(name: string): boolean {
  return Object.hasOwn(FIELDS, name) || name === 'days_in_month';
}

/** The part of a TIMESTAMP in UTC, or undefined when `name` is no date function. */
export function dateFunction(name: string, time: Expression): Expression | undefined {
  const field = FIELDS[name];
  if (field !== undefined) return part(field, time);
  if (name !== 'days_in_month') return undefined;
  const month = call('date_trunc', text('month'), time);
  const lastDay = binary('subtract', binary('add', month, span(1, 0)), span(0, 1));
  return part('day', lastDay);
}

function part(field: string, time: Expression): Expression {
  return cast(call('extract', text(field), time), FLOAT64);
}

function span(months: number, days: number): Expression {
  return { kind: 'literal', span: NO_SPAN, value: { type: 'interval', months, days, nanoseconds: 0n } };
}
