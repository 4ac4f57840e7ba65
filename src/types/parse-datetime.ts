import { daysFromCivil, daysInMonth } from './calendar.ts';
import { type TimestampType, typeName, UNIT_DIGITS } from './data-type.ts';
import { LumaError, SQLSTATE } from './error.ts';

const SECONDS_PER_DAY = 86_400n;

/** year-month-day (also with / or without separators), optionally a time with fraction and zone, optionally BC. */
const DATE_TIME =
  /^\s*(?:(\d{4,7})[-/](\d{1,2})[-/](\d{1,2})|(\d{4})(\d{2})(\d{2}))(?:(?:\s+|T)(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d*))?)?\s*(Z|UTC|GMT|[+-]\d{1,2}(?::?\d{2}(?::?\d{2})?)?)?)?(\s+(?:BC|AD))?\s*$/i;

interface DateTime {
  readonly days: number;
  /** Within the day; may be 24:00:00. */
  readonly seconds: number;
  /** Digits of the fraction of a second. */
  readonly fraction: string;
  /** Seconds east of UTC; null without a zone. */
  readonly zone: number | null;
}

/** Days since 1970-01-01; a time after the date is read and dropped, as PostgreSQL does. Throws 22007, 22008. */
export function parseDate(text: string): number {
  return read(text, 'date').days;
}

/**
 * In the type's unit, the fraction rounded half up to it. A zone counts only for zoned types; without one UTC is meant.
 * Throws 22007, 22008.
 */
export function parseTimestamp(text: string, type: TimestampType): bigint {
  const { days, seconds, fraction, zone } = read(text, typeName(type).toLowerCase());
  const digits = UNIT_DIGITS[type.unit];
  const whole = BigInt(days) * SECONDS_PER_DAY + BigInt(seconds - (type.zoned ? (zone ?? 0) : 0));
  const kept = BigInt(fraction.slice(0, digits).padEnd(digits, '0') || '0');
  const roundUp = (fraction[digits] ?? '0') >= '5' ? 1n : 0n;
  const value = whole * 10n ** BigInt(digits) + kept + roundUp;
  if (BigInt.asIntN(64, value) !== value) throw outOfRange(text);
  return value;
}

function read(text: string, type: string): DateTime {
  if (/^\s*epoch\s*$/i.test(text)) return { days: 0, seconds: 0, fraction: '', zone: 0 };
  const match = DATE_TIME.exec(text);
  if (match === null) {
    throw new LumaError(SQLSTATE.invalidDatetimeFormat, `invalid input syntax for type ${type}: "${text}"`, {
      hint: 'write dates as YYYY-MM-DD and times as hh:mm:ss',
    });
  }
  const given = Number(match[1] ?? match[4]);
  const month = Number(match[2] ?? match[5]);
  const day = Number(match[3] ?? match[6]);
  const isBC = match[12]?.trim().toUpperCase() === 'BC';
  const year = isBC ? 1 - given : given;
  if (given === 0 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) throw outOfRange(text);
  const seconds = secondsOf(text, Number(match[7] ?? 0), Number(match[8] ?? 0), Number(match[9] ?? 0), match[10] ?? '');
  return { days: daysFromCivil(year, month, day), seconds, fraction: match[10] ?? '', zone: zoneOf(match[11], text) };
}

/** 24:00:00 is the next day's beginning and second 60 the next minute's, as in PostgreSQL. */
function secondsOf(text: string, hour: number, minute: number, second: number, fraction: string): number {
  const total = hour * 3600 + minute * 60 + second;
  const isPastDay = total > 86_400 || (total === 86_400 && /[1-9]/.test(fraction));
  if (hour > 24 || minute > 59 || second > 60 || isPastDay) throw outOfRange(text);
  return total;
}

function zoneOf(zone: string | undefined, text: string): number | null {
  if (zone === undefined) return null;
  const match = /^([+-])(\d{1,2}):?(\d{2})?:?(\d{2})?$/.exec(zone);
  if (match === null) return 0;
  const [, sign, hours, minutes = '0', seconds = '0'] = match;
  if (Number(hours) > 15 || Number(minutes) > 59 || Number(seconds) > 59) {
    throw new LumaError('22009', `time zone displacement out of range: "${text}"`);
  }
  const offset = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  return sign === '-' ? -offset : offset;
}

function outOfRange(text: string): LumaError {
  return new LumaError(SQLSTATE.datetimeFieldOverflow, `date/time field value out of range: "${text}"`);
}
