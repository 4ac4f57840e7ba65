import { LumaError, SQLSTATE } from './error.ts';
import type { IntervalValue } from './vector-read.ts';

const NANOSECONDS_PER_SECOND = 1_000_000_000n;
const NANOSECONDS_PER_DAY = 86_400n * NANOSECONDS_PER_SECOND;

/** PostgreSQL's interval_field_overflow. */
const INTERVAL_OVERFLOW = '22015';

interface Unit {
  readonly name: string;
  readonly field: 'months' | 'days' | 'nanoseconds';
  /** How many of the field one unit is. */
  readonly size: bigint;
}

type Size = Pick<Unit, 'field' | 'size'>;
const months = (size: bigint): Size => ({ field: 'months', size });
const days = (size: bigint): Size => ({ field: 'days', size });
const nanoseconds = (size: bigint): Size => ({ field: 'nanoseconds', size });

/** PostgreSQL's unit names (datetime.c, deltatktbl), and ns. */
const UNITS: ReadonlyMap<string, Unit> = new Map([
  ...names(['millennium', 'millennia', 'mil', 'mils'], months(12_000n)),
  ...names(['century', 'centuries', 'c', 'cent'], months(1200n)),
  ...names(['decade', 'decades', 'dec', 'decs'], months(120n)),
  ...names(['year', 'years', 'y', 'yr', 'yrs'], months(12n)),
  ...names(['month', 'months', 'mon', 'mons'], months(1n)),
  ...names(['week', 'weeks', 'w'], days(7n)),
  ...names(['day', 'days', 'd'], days(1n)),
  ...names(['hour', 'hours', 'h', 'hr', 'hrs'], nanoseconds(3600n * NANOSECONDS_PER_SECOND)),
  ...names(['minute', 'minutes', 'm', 'min', 'mins'], nanoseconds(60n * NANOSECONDS_PER_SECOND)),
  ...names(['second', 'seconds', 's', 'sec', 'secs', ''], nanoseconds(NANOSECONDS_PER_SECOND)),
  ...names(['millisecond', 'milliseconds', 'ms', 'msec', 'msecs', 'msecond', 'mseconds'], nanoseconds(1_000_000n)),
  ...names(['microsecond', 'microseconds', 'us', 'usec', 'usecs', 'usecond', 'useconds'], nanoseconds(1000n)),
  ...names(['nanosecond', 'nanoseconds', 'ns', 'nsec', 'nsecs'], nanoseconds(1n)),
]);

function names(all: readonly [string, ...string[]], size: Size): [string, Unit][] {
  const unit = { name: all[0], ...size };
  return all.map((name) => [name, unit]);
}

const ISO_UNITS: Readonly<Record<string, string>> = {
  Y: 'year',
  M: 'month',
  W: 'week',
  D: 'day',
  TH: 'hour',
  TM: 'minute',
  TS: 'second',
};

export type IntervalField = 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second';

/** `INTERVAL '…' first TO last`; one field alone is both. */
export interface IntervalFields {
  readonly first: IntervalField;
  readonly last: IntervalField;
}

/**
 * PostgreSQL's verbose and postgres styles, SQL's `1-2` and `3 04:05:06`, and both ISO 8601 forms (PostgreSQL 16,
 * section 8.5.4). `fields` say what a bare number counts and where to cut off. Throws 22007, 22015.
 */
export function parseInterval(text: string, fields: IntervalFields | null = null): IntervalValue {
  const sum = new IntervalSum(text);
  const trimmed = text.trim();
  if (/^P/i.test(trimmed)) readIso(trimmed.toUpperCase(), sum);
  else readVerbose(trimmed.toLowerCase(), sum, fields);
  if (fields !== null) sum.cutOff(fields.last);
  return sum.value();
}

/** A time of day (`h:m`, `h:m:s`, `m:s.f`), years and months (`1-2`), or a number with its unit. */
const PART =
  /\s*(?:([+-]?)(\d+):(\d{1,2}(?:\.\d*)?)(?::(\d{1,2}(?:\.\d*)?))?(?![\d:.])|([+-]?)(\d+)-(\d+)(?![\d:.])|([+-]?(?:\d+\.?\d*|\.\d+))\s*(?:([a-zµ]+)|(?![\d:.])))/y;

function readVerbose(text: string, sum: IntervalSum, fields: IntervalFields | null): void {
  const ago = /\s+ago$/.test(text);
  const body = text.replace(/^@\s*/, '').replace(/\s+ago$/, '');
  if (body === '') throw sum.invalid();
  for (let position = 0; position < body.length; position = PART.lastIndex) {
    PART.lastIndex = position;
    const match = PART.exec(body);
    if (match === null) throw sum.invalid();
    const [, clockSign = '', large, middle = '0', small, sign = '', years, months = '0', amount = '', unit = ''] = match;
    if (large !== undefined) {
      const fromMinutes = small === undefined && (middle.includes('.') || fields?.first === 'minute');
      if (fromMinutes) sum.addClock(clockSign === '-', '0', large, middle);
      else sum.addClock(clockSign === '-', large, middle, small ?? '0');
    } else if (years !== undefined) {
      if (Number(months) > 11) throw sum.outOfRange();
      sum.add(sign + years, 'year');
      sum.add(sign + months, 'month');
    } else {
      sum.add(amount, unit === '' ? bareUnit(body.slice(PART.lastIndex), fields) : unit);
    }
  }
  if (ago) sum.negate();
}

/** A number without a unit counts days before a time of day or bare hours, and at the end the last field, else seconds. */
function bareUnit(rest: string, fields: IntervalFields | null): string {
  if (/^\s*[+-]?\d+:/.test(rest) || (fields?.last === 'hour' && rest.trim() !== '')) return 'day';
  return fields?.last ?? 'second';
}

const ISO_ALTERNATIVE = /^P(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d(?:\.\d*)?))?)?$/;

function readIso(text: string, sum: IntervalSum): void {
  const alternative = ISO_ALTERNATIVE.exec(text);
  if (alternative !== null) {
    const [, years = '', months = '', days = '', hours = '0', minutes = '0', seconds = '0'] = alternative;
    sum.add(years, 'year');
    sum.add(months, 'month');
    sum.add(days, 'day');
    sum.addClock(false, hours, minutes, seconds);
    return;
  }
  const match = /^P((?:[+-]?(?:\d+\.?\d*|\.\d+)[YMWD])*)(?:T((?:[+-]?(?:\d+\.?\d*|\.\d+)[HMS])+))?$/.exec(text);
  if (match === null || (match[1] === '' && match[2] === undefined)) throw sum.invalid();
  for (const [, amount = '', unit = ''] of (match[1] ?? '').matchAll(/([+-]?[\d.]+)([YMWD])/g))
    sum.add(amount, ISO_UNITS[unit] ?? '');
  for (const [, amount = '', unit = ''] of (match[2] ?? '').matchAll(/([+-]?[\d.]+)([HMS])/g))
    sum.add(amount, ISO_UNITS[`T${unit}`] ?? '');
}

/**
 * Adds parts up, each unit once. The fraction of a unit goes into smaller ones, as in PostgreSQL 15: of years (and
 * longer) into months, rounded; of a month of 30 days into days and time; of days and weeks into time.
 */
class IntervalSum {
  readonly #text: string;
  #months = 0n;
  #days = 0n;
  #nanoseconds = 0n;
  readonly #units = new Set<string>();

  constructor(text: string) {
    this.#text = text;
  }

  add(amount: string, unitName: string): void {
    const unit = UNITS.get(unitName);
    const match = /^([+-]?)(\d*)\.?(\d*)$/.exec(amount);
    if (unit === undefined || match === null || this.#units.has(unit.name)) throw this.invalid();
    this.#units.add(unit.name);
    const scale = 10n ** BigInt(match[3]?.length ?? 0);
    const unscaled = BigInt(`${match[2]}${match[3]}`) * (match[1] === '-' ? -1n : 1n) * unit.size;
    const whole = unscaled / scale;
    const rest = unscaled % scale;
    if (unit.field === 'months') {
      this.#months += unit.size === 1n ? whole : roundHalfEven(unscaled, scale);
      if (unit.size === 1n) this.#addDays(rest * 30n, scale);
    } else if (unit.field === 'days') {
      this.#days += whole;
      this.#nanoseconds += (rest * NANOSECONDS_PER_DAY) / scale;
    } else this.#nanoseconds += whole;
  }

  addClock(negative: boolean, hours: string, minutes: string, seconds: string): void {
    if (!/^\d+$/.test(minutes)) throw this.invalid();
    if (Number(minutes) > 59 || Number(seconds) >= 61) throw this.outOfRange();
    const sign = negative ? '-' : '';
    this.add(sign + hours, 'hour');
    this.add(sign + minutes, 'minute');
    this.add(sign + seconds, 'second');
  }

  negate(): void {
    this.#months = -this.#months;
    this.#days = -this.#days;
    this.#nanoseconds = -this.#nanoseconds;
  }

  /** What is smaller than the last field is dropped, as PostgreSQL does (timestamp.c, AdjustIntervalForTypmod). */
  cutOff(last: IntervalField): void {
    if (last === 'year') this.#months -= this.#months % 12n;
    if (last === 'year' || last === 'month') this.#days = 0n;
    if (last === 'year' || last === 'month' || last === 'day') this.#nanoseconds = 0n;
    if (last === 'hour') this.#nanoseconds -= this.#nanoseconds % (3600n * NANOSECONDS_PER_SECOND);
    if (last === 'minute') this.#nanoseconds -= this.#nanoseconds % (60n * NANOSECONDS_PER_SECOND);
  }

  value(): IntervalValue {
    const fits =
      BigInt.asIntN(32, this.#months) === this.#months &&
      BigInt.asIntN(32, this.#days) === this.#days &&
      BigInt.asIntN(64, this.#nanoseconds) === this.#nanoseconds;
    if (!fits) throw this.outOfRange();
    return { months: Number(this.#months), days: Number(this.#days), nanoseconds: this.#nanoseconds };
  }

  invalid(): LumaError {
    return new LumaError(SQLSTATE.invalidDatetimeFormat, `invalid input syntax for type interval: "${this.#text}"`);
  }

  #addDays(unscaled: bigint, scale: bigint): void {
    this.#days += unscaled / scale;
    this.#nanoseconds += ((unscaled % scale) * NANOSECONDS_PER_DAY) / scale;
  }

  outOfRange(): LumaError {
    return new LumaError(INTERVAL_OVERFLOW, `interval field value out of range: "${this.#text}"`);
  }
}

function roundHalfEven(unscaled: bigint, scale: bigint): bigint {
  const negative = unscaled < 0n;
  const magnitude = negative ? -unscaled : unscaled;
  const down = magnitude / scale;
  const twice = (magnitude % scale) * 2n;
  const rounded = twice > scale || (twice === scale && down % 2n === 1n) ? down + 1n : down;
  return negative ? -rounded : rounded;
}
