import { civilFromDays, daysInMonth } from '../../../types/calendar.ts';

const NS = 1_000_000_000n;
const DAY = 86_400n;

/** Time that JavaScript tells, or computes because it is long. */
export function clockImports(): Record<string, (...args: never[]) => unknown> {
  return {
    clock_microseconds: () => BigInt(Math.round((performance.timeOrigin + performance.now()) * 1000)),
    age,
  };
}

interface Fields {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly inDay: bigint;
}

function fieldsOf(value: bigint, perDay: bigint): Fields {
  const inDay = ((value % perDay) + perDay) % perDay;
  return { ...civilFromDays(Number((value - inDay) / perDay)), inDay };
}

/**
 * PostgreSQL's timestamp_age: field by field, borrowing from the next greater one; a borrowed month has the days of the
 * earlier timestamp's month. Months, days, nanoseconds; negative when the first is the earlier one.
 */
function age(a: bigint, b: bigint, perSecond: bigint): [months: number, days: number, nanoseconds: bigint] {
  const perDay = DAY * perSecond;
  const negative = a < b;
  const later = fieldsOf(negative ? b : a, perDay);
  const earlier = fieldsOf(negative ? a : b, perDay);
  let time = later.inDay - earlier.inDay;
  let days = later.day - earlier.day;
  let months = (later.year - earlier.year) * 12 + later.month - earlier.month;
  if (time < 0n) {
    time += perDay;
    days--;
  }
  if (days < 0) {
    days += daysInMonth(earlier.year, earlier.month);
    months--;
  }
  const sign = negative ? -1 : 1;
  return [sign * months, sign * days, (BigInt(sign) * time * NS) / perSecond];
}
