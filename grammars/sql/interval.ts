import { LumaError, SQLSTATE } from '../../src/types/error.ts';
import type { Span } from '../../src/types/span.ts';

export interface IntervalValue {
  readonly months: number;
  readonly days: number;
  readonly nanoseconds: bigint;
}

/** `INTERVAL '…' first TO last`; one field alone is both. */
export interface IntervalFields {
  readonly first: IntervalField;
  readonly last: IntervalField;
}
export type IntervalField = 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second';

const SECOND = 1_000_000_000n;
const MINUTE = 60n * SECOND;
const HOUR = 60n * MINUTE;
const DAY = 24n * HOUR;
const DAYS_PER_MONTH = 30n;

/** What one of a unit is; a fraction of it spills into the smaller parts, 30 days to a month, 24 hours to a day. */
type Unit = { readonly months: bigint } | { readonly days: bigint } | { readonly nanoseconds: bigint };

const UNITS: Readonly<Record<string, Unit>> = {
  ...units({ months: 12_000n }, 'millennium millennia mil mils'),
  ...units({ months: 1200n }, 'century centuries cent c'),
  ...units({ months: 120n }, 'decade decades dec decs'),
  ...units({ months: 12n }, 'year years yr yrs y'),
  ...units({ months: 1n }, 'month months mon mons'),
  ...units({ days: 7n }, 'week weeks w'),
  ...units({ days: 1n }, 'day days d'),
  ...units({ nanoseconds: HOUR }, 'hour hours hr hrs h'),
  ...units({ nanoseconds: MINUTE }, 'minute minutes min mins m'),
  ...units({ nanoseconds: SECOND }, 'second seconds sec secs s'),
  ...units({ nanoseconds: 1_000_000n }, 'millisecond milliseconds msecond mseconds msec msecs ms'),
  ...units({ nanoseconds: 1000n }, 'microsecond microseconds usecond useconds usec usecs us'),
};

function units(unit: Unit, names: string): Record<string, Unit> {
  return Object.fromEntries(names.split(' ').map((name) => [name, unit]));
}

/** Sums up the parts; whatever does not fit the value's fields is 22008. */
class Total {
  months = 0n;
  days = 0n;
  nanoseconds = 0n;

  /** Adds `digits` (a decimal number) of a unit. */
  add(digits: string, unit: Unit): void {
    const [whole = '', fraction = ''] = digits.split('.');
    const denominator = 10n ** BigInt(fraction.length);
    const numerator = BigInt(whole.replace(/^([+-]?)$/, '$10') + fraction);
    // BigInt('-0') is 0: a fraction keeps its sign because whole and fraction are read as one number.
    if ('months' in unit) {
      if (unit.months > 1n) {
        // PostgreSQL rounds fractions of years and more to whole months.
        this.months += rounded(numerator * unit.months, denominator);
      } else {
        this.months += numerator / denominator;
        this.addDays((numerator % denominator) * DAYS_PER_MONTH, denominator);
      }
    } else if ('days' in unit) this.addDays(numerator * unit.days, denominator);
    else this.nanoseconds += rounded(numerator * unit.nanoseconds, denominator);
  }

  private addDays(numerator: bigint, denominator: bigint): void {
    this.days += numerator / denominator;
    this.nanoseconds += rounded((numerator % denominator) * DAY, denominator);
  }
}

/** To the nearest whole number, halves away from zero. */
function rounded(numerator: bigint, denominator: bigint): bigint {
  const half = numerator < 0n ? -denominator / 2n : denominator / 2n;
  return (numerator + half) / denominator;
}

/**
 * PostgreSQL's interval input (PostgreSQL 16, section 8.5.4): quantities with units, `ago`, `1-2` (years-months),
 * `04:05:06`, `3 04:05:06`, and both ISO 8601 forms. `fields` say what a bare number counts and where to cut off.
 * 22007 for anything else. Fractions beyond nanoseconds are rounded.
 */
export function parseInterval(text: string, span: Span, fields: IntervalFields | null = null): IntervalValue {
  const total = new Total();
  const trimmed = text.trim();
  const understood = /^[+-]?P/.test(trimmed) ? addIso(trimmed, total) : addWords(trimmed, total, fields);
  if (!understood) {
    const hint = "For example '1 day 2 hours', '1-6', '04:05:06' or 'P1DT2H'.";
    throw new LumaError(SQLSTATE.invalidDatetimeFormat, `invalid interval: "${text}"`, { span, hint });
  }
  if (fields !== null) cutOff(total, fields.last);
  return checked(total, text, span);
}

const WORDS =
  /^(?:(?<sign>[+-]?)(?<years>\d+)-(?<months>\d+)|(?<time>[+-]?\d+:\d+(?::\d+(?:\.\d*)?)?|[+-]?\d+:\d+\.\d+)|(?<number>[+-]?(?:\d+\.?\d*|\.\d+))\s*(?<unit>[a-z]+)?)(?:\s+|(?=[+-])|(?<=[a-z])(?=\d)|$)/i;

function addWords(text: string, total: Total, fields: IntervalFields | null): boolean {
  let rest = text.replace(/^@\s*/, '');
  const ago = /\s+ago$/i.test(rest);
  if (ago) rest = rest.replace(/\s+ago$/i, '');
  if (rest === '') return false;
  while (rest !== '') {
    const groups = WORDS.exec(rest)?.groups;
    if (groups === undefined) return false;
    rest = rest.slice(WORDS.exec(rest)?.[0].length);
    const { sign = '', years, months, time, number, unit } = groups;
    if (years !== undefined && months !== undefined) {
      if (Number(months) > 11) return false;
      total.add(sign + years, { months: 12n });
      total.add(sign + months, { months: 1n });
    } else if (time !== undefined) {
      if (!addTime(time, total, fields)) return false;
    } else if (number !== undefined) {
      const name = unit?.toLowerCase() ?? bareUnit(rest, fields);
      const known = name !== undefined && Object.hasOwn(UNITS, name) ? UNITS[name] : undefined;
      if (known === undefined) return false;
      total.add(number, known);
    }
  }
  if (ago) {
    total.months = -total.months;
    total.days = -total.days;
    total.nanoseconds = -total.nanoseconds;
  }
  return true;
}

/** A number without a unit counts days before a time of day, and at the end the last field, else seconds. */
function bareUnit(rest: string, fields: IntervalFields | null): string | undefined {
  if (rest === '') return fields?.last ?? 'second';
  return /^[+-]?\d+:/.test(rest) ? 'day' : undefined;
}

/** `h:m`, `h:m:s.f`, `m:s.f`, and `m:s` where the fields say so. */
function addTime(time: string, total: Total, fields: IntervalFields | null): boolean {
  const sign = time.startsWith('-') ? '-' : '';
  const parts = time.replace(/^[+-]/, '').split(':');
  const fromMinutes = parts.length === 2 && (time.includes('.') || (fields?.first === 'minute' && fields.last === 'second'));
  const [hours = '0', minutes = '0', seconds = '0'] = fromMinutes ? ['0', ...parts] : parts;
  if (Number(minutes) > 59 || Number(seconds) >= 60) return false;
  total.add(sign + hours, { nanoseconds: HOUR });
  total.add(sign + minutes, { nanoseconds: MINUTE });
  total.add(sign + seconds, { nanoseconds: SECOND });
  return true;
}

const ISO_PART = /^([+-]?(?:\d+(?:\.\d*)?|\.\d+))([A-Z])/;
const ISO_ALTERNATIVE = /^P(\d{4})-(\d\d)-(\d\d)(?:T(\d\d:\d\d(?::\d\d(?:\.\d*)?)?))?$/;
const ISO_DATE: Readonly<Record<string, string>> = { Y: 'year', M: 'month', W: 'week', D: 'day' };
const ISO_TIME: Readonly<Record<string, string>> = { H: 'hour', M: 'minute', S: 'second' };

function addIso(text: string, total: Total): boolean {
  const alternative = ISO_ALTERNATIVE.exec(text);
  if (alternative !== null) {
    const [, years = '0', months = '0', days = '0', time] = alternative;
    total.add(years, { months: 12n });
    total.add(months, { months: 1n });
    total.add(days, { days: 1n });
    return time === undefined || addTime(time, total, null);
  }
  if (!text.startsWith('P')) return false;
  let rest = text.slice(1);
  if (rest === '') return false;
  let names = ISO_DATE;
  while (rest !== '') {
    if (rest.startsWith('T') && names === ISO_DATE && rest.length > 1) {
      names = ISO_TIME;
      rest = rest.slice(1);
    }
    const [all = '', digits = '', letter = ''] = ISO_PART.exec(rest) ?? [];
    const unit = UNITS[names[letter] ?? ''];
    if (unit === undefined) return false;
    total.add(digits, unit);
    rest = rest.slice(all.length);
  }
  return true;
}

/** What is smaller than the last field is dropped, as PostgreSQL does (timestamp.c, AdjustIntervalForTypmod). */
function cutOff(total: Total, last: IntervalField): void {
  if (last === 'year') total.months -= total.months % 12n;
  if (last === 'year' || last === 'month') total.days = 0n;
  if (last === 'year' || last === 'month' || last === 'day') total.nanoseconds = 0n;
  if (last === 'hour') total.nanoseconds -= total.nanoseconds % HOUR;
  if (last === 'minute') total.nanoseconds -= total.nanoseconds % MINUTE;
}

function checked(total: Total, text: string, span: Span): IntervalValue {
  const fits =
    BigInt.asIntN(32, total.months) === total.months &&
    BigInt.asIntN(32, total.days) === total.days &&
    BigInt.asIntN(64, total.nanoseconds) === total.nanoseconds;
  if (!fits) throw new LumaError(SQLSTATE.datetimeFieldOverflow, `interval out of range: "${text}"`, { span });
  return { months: Number(total.months), days: Number(total.days), nanoseconds: total.nanoseconds };
}

/** As PostgreSQL prints it (`1 year 2 mons -3 days 04:05:06.789`), with nanoseconds; `parseInterval` reads it back. */
export function formatInterval({ months, days, nanoseconds }: IntervalValue): string {
  const parts: string[] = [];
  const part = (amount: number, unit: string): void => {
    if (amount !== 0) parts.push(`${amount} ${unit}${amount === 1 ? '' : 's'}`);
  };
  part(Math.trunc(months / 12), 'year');
  part(months % 12, 'mon');
  part(days, 'day');
  if (nanoseconds !== 0n || parts.length === 0) parts.push(formatTime(nanoseconds));
  return parts.join(' ');
}

function formatTime(nanoseconds: bigint): string {
  const size = nanoseconds < 0n ? -nanoseconds : nanoseconds;
  const two = (value: bigint): string => value.toString().padStart(2, '0');
  const fraction = (size % SECOND).toString().padStart(9, '0').replace(/0+$/, '');
  const time = `${two(size / HOUR)}:${two((size / MINUTE) % 60n)}:${two((size / SECOND) % 60n)}`;
  return `${nanoseconds < 0n ? '-' : ''}${time}${fraction === '' ? '' : `.${fraction}`}`;
}
