import { type DataType, UNIT_DIGITS } from '../../../types/data-type.ts';
import type { IntervalValue, VectorValue } from '../../../types/vector-read.ts';

/** Adds or subtracts the offset of a RANGE frame; null when the types do not go together. */
export function shifter(
  type: DataType,
  offset: Exclude<VectorValue, null>,
  offsetType: DataType,
  sign: 1 | -1,
): ((value: VectorValue) => number | bigint) | null {
  switch (type.kind) {
    case 'int32':
    case 'float64':
      return typeof offset === 'number' || typeof offset === 'bigint' ? shiftNumber(Number(offset) * sign) : null;
    case 'int64':
    case 'decimal': {
      const distance = unscaled(offset, scaleOf(offsetType), scaleOf(type));
      return distance === null ? null : shiftBigint(distance * BigInt(sign));
    }
    case 'date':
      if (typeof offset === 'number' || typeof offset === 'bigint') return shiftNumber(Number(offset) * sign);
      return typeof offset === 'object' ? shiftDate(offset, sign) : null;
    case 'timestamp':
      return typeof offset === 'object' ? shiftTimestamp(offset, sign, UNIT_DIGITS[type.unit]) : null;
    default:
      return null;
  }
}

function scaleOf(type: DataType): number {
  return type.kind === 'decimal' ? type.scale : 0;
}

/** An exact number in units of 10^−scale; null when it is none, or finer than that. */
function unscaled(value: Exclude<VectorValue, null>, from: number, to: number): bigint | null {
  if (typeof value !== 'bigint' && (typeof value !== 'number' || !Number.isInteger(value))) return null;
  const exact = BigInt(value);
  if (to >= from) return exact * 10n ** BigInt(to - from);
  const unit = 10n ** BigInt(from - to);
  return exact % unit === 0n ? exact / unit : null;
}

function shiftNumber(distance: number): (value: VectorValue) => number {
  return (value) => Number(value) + distance;
}

function shiftBigint(distance: bigint): (value: VectorValue) => bigint {
  return (value) => (typeof value === 'bigint' ? value : 0n) + distance;
}

const DAY_MS = 86_400_000;

/** Months move the day of the month, at most to the last of the month (PostgreSQL 16, 9.9); time of day stays. */
function addMonths(milliseconds: number, months: number): number {
  if (months === 0) return milliseconds;
  const date = new Date(milliseconds);
  const month = date.getUTCMonth() + months;
  const last = new Date(0);
  last.setUTCFullYear(date.getUTCFullYear(), month + 1, 0);
  const moved = new Date(date);
  moved.setUTCFullYear(date.getUTCFullYear(), month, Math.min(date.getUTCDate(), last.getUTCDate()));
  return moved.getTime();
}

/** A date with an interval is compared as a timestamp is: in days, with the fraction of a day. */
function shiftDate({ months, days, nanoseconds }: IntervalValue, sign: 1 | -1): (value: VectorValue) => number {
  return (value) => {
    const moved = addMonths(Number(value) * DAY_MS, months * sign) / DAY_MS;
    return moved + sign * days + (sign * Number(nanoseconds)) / (DAY_MS * 1e6);
  };
}

/** Months and days in the calendar, in UTC, then the rest. */
function shiftTimestamp(
  { months, days, nanoseconds }: IntervalValue,
  sign: 1 | -1,
  digits: number,
): (value: VectorValue) => bigint {
  const perSecond = 10n ** BigInt(digits);
  const perDay = 86_400n * perSecond;
  const rest = (nanoseconds * perSecond) / 1_000_000_000n + BigInt(days) * perDay;
  const distance = rest * BigInt(sign);
  return (value) => {
    if (typeof value !== 'bigint') return distance;
    if (months === 0) return value + distance;
    const timeOfDay = ((value % perDay) + perDay) % perDay;
    const midnight = addMonths(Number((value - timeOfDay) / perDay) * DAY_MS, months * sign);
    return BigInt(midnight / DAY_MS) * perDay + timeOfDay + distance;
  };
}
