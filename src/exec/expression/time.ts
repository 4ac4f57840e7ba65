import type { EmitContext, Value } from '../../functions/definition.ts';
import { DATE, type DataType, type TimestampType, type TimeUnit, UNIT_DIGITS } from '../../types/data-type.ts';
import { SQLSTATE } from '../../types/error.ts';
import type { Local } from '../../wasm/function-builder.ts';
import { boundsOf, newValue, only, pushInt64, within } from './values.ts';

/** Days and times of day as generated code takes them apart and puts them together. */

/** The days that PostgreSQL has: 4713-01-01 BC to 5874897-12-31. */
const DAY_BOUNDS = { min: -2440588n, max: 2145031948n };

export function unitsPerSecond(unit: TimeUnit): bigint {
  return 10n ** BigInt(UNIT_DIGITS[unit]);
}

export function unitsPerDay(unit: TimeUnit): bigint {
  return 86_400n * unitsPerSecond(unit);
}

export function timestampType(type: DataType): TimestampType {
  if (type.kind !== 'timestamp') throw new RangeError(`${type.kind} is not timestamp`);
  return type;
}

/** Raises 22008 unless the i64 local is a day that exists; leaves it as i32 in the result. */
export function checkDay(context: EmitContext, day: Local, what: 'date' | 'timestamp'): Local {
  const { f } = context;
  const result = f.local('i32');
  f.get(day).i64(DAY_BOUNDS.min).op('i64.lt_s').get(day).i64(DAY_BOUNDS.max).op('i64.gt_s').op('i32.or');
  f.ifThen(() => context.raise(SQLSTATE.datetimeFieldOverflow, `${what} out of range`));
  f.get(day).op('i32.wrap_i64').set(result);
  return result;
}

/** The day (i32) of a date or timestamp, and the units since its midnight (i64; null for dates). */
export function splitDay(context: EmitContext, value: Value): { readonly day: Local; readonly inDay: Local | null } {
  const { f } = context;
  if (value.type.kind === 'date') return { day: only(value), inDay: null };
  const type = timestampType(value.type);
  const perDay = unitsPerDay(type.unit);
  const wide = f.local('i64');
  const inDay = f.local('i64');
  const local = only(value);
  f.get(local).i64(perDay).op('i64.rem_s').set(inDay);
  f.get(local).i64(perDay).op('i64.div_s').get(inDay).i64(63n).op('i64.shr_s').op('i64.add').set(wide);
  f.get(inDay).get(inDay).i64(63n).op('i64.shr_s').i64(perDay).op('i64.and').op('i64.add').set(inDay);
  const bounds = boundsOf(value);
  const days = { min: bounds.min / perDay - 1n, max: bounds.max / perDay };
  // microseconds and nanoseconds reach no day beyond the calendar's end, but microseconds reach before its beginning
  if (!within(days, { min: -(2n ** 30n), max: DAY_BOUNDS.max })) return { day: checkDay(context, wide, 'timestamp'), inDay };
  const day = f.local('i32');
  f.get(wide).op('i32.wrap_i64').set(day);
  return { day, inDay };
}

/** A timestamp from a day (i32) and the units since its midnight (null: 0); raises 22008 where int64 does not hold it. */
export function joinDay(context: EmitContext, type: TimestampType, day: Local, inDay: Local | null): Value {
  const { f } = context;
  const perDay = unitsPerDay(type.unit);
  const result = newValue(f, type);
  const limit = (2n ** 63n - 1n) / perDay - 1n;
  if (limit < DAY_BOUNDS.max) {
    f.get(day)
      .op('i64.extend_i32_s')
      .i64(limit)
      .op('i64.gt_s')
      .get(day)
      .op('i64.extend_i32_s')
      .i64(-limit)
      .op('i64.lt_s')
      .op('i32.or');
    f.ifThen(() => context.raise(SQLSTATE.datetimeFieldOverflow, 'timestamp out of range'));
  }
  f.get(day).op('i64.extend_i32_s').i64(perDay).op('i64.mul');
  if (inDay !== null) f.get(inDay).op('i64.add');
  f.set(only(result));
  return result;
}

/** The day (i32) as a date. */
export function dateOf(day: Local): Value {
  return { type: DATE, locals: [day], isNull: null, bounds: null };
}

/** date + days, both i32 or i64 values: raises 22008 beyond the calendar. */
export function addDays(context: EmitContext, date: Value, days: Value, sign: 1 | -1): Value {
  const { f } = context;
  const sum = f.local('i64');
  pushInt64(f, date);
  pushInt64(f, days);
  f.op(sign === 1 ? 'i64.add' : 'i64.sub').set(sum);
  return dateOf(checkDay(context, sum, 'date'));
}

/** The greatest multiple of a positive constant that is not above the i64 local. */
export function floorMultiple({ f }: EmitContext, value: Local, size: bigint): Local {
  const rest = f.local('i64');
  const result = f.local('i64');
  f.get(value).i64(size).op('i64.rem_s').set(rest);
  f.get(value).get(rest).op('i64.sub').get(rest).i64(63n).op('i64.shr_s').i64(size).op('i64.and').op('i64.sub').set(result);
  return result;
}
