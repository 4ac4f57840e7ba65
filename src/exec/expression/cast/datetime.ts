import type { EmitContext, Value } from '../../../functions/definition.ts';
import { DATE, type DataType, type TimeUnit, typeName, UNIT_DIGITS } from '../../../types/data-type.ts';
import { notSupported, SQLSTATE } from '../../../types/error.ts';
import { pushRoundedQuotient } from '../rounded-division.ts';
import { boundsOf, fitsInt64, INT32_BOUNDS, INT64_BOUNDS, intersect, newValue, only, pushInt64, within } from '../values.ts';

/** Time zones are UTC only, so an instant and a wall-clock time have the same number. */

export function unitsPerDay(unit: TimeUnit): bigint {
  return 86_400n * 10n ** BigInt(UNIT_DIGITS[unit]);
}

/** A coarser unit loses the fraction by rounding half away from zero, as PostgreSQL's timestamp(p). */
export function castToTimestamp(context: EmitContext, value: Value, to: DataType): Value {
  const { f } = context;
  if (to.kind !== 'timestamp') throw new RangeError(`${to.kind} is not timestamp`);
  if (value.type.kind === 'date') return multiplied(context, value, unitsPerDay(to.unit), to);
  if (value.type.kind !== 'timestamp') throw notSupported(`a cast from ${typeName(value.type)} to ${typeName(to)}`);
  const digits = UNIT_DIGITS[to.unit] - UNIT_DIGITS[value.type.unit];
  if (digits >= 0) return multiplied(context, value, 10n ** BigInt(digits), to);
  const divisor = 10n ** BigInt(-digits);
  const result = newValue(f, to);
  pushRoundedQuotient(f, only(value), divisor).set(only(result));
  return result;
}

function multiplied(context: EmitContext, value: Value, factor: bigint, to: DataType): Value {
  const { f } = context;
  const bounds = boundsOf(value);
  const scaled = { min: bounds.min * factor, max: bounds.max * factor };
  const result = newValue(f, to, intersect(scaled, INT64_BOUNDS));
  const wide = f.local('i64');
  pushInt64(f, value);
  f.set(wide);
  if (!fitsInt64(scaled)) {
    f.get(wide)
      .i64(INT64_BOUNDS.min / factor)
      .op('i64.lt_s')
      .get(wide)
      .i64(INT64_BOUNDS.max / factor)
      .op('i64.gt_s');
    f.op('i32.or');
    f.ifThen(() => context.raise(SQLSTATE.datetimeFieldOverflow, 'timestamp out of range'));
  }
  f.get(wide).i64(factor).op('i64.mul').set(only(result));
  return result;
}

/** The day that the moment lies in. */
export function castToDate(context: EmitContext, value: Value, to: DataType): Value {
  const { f } = context;
  if (value.type.kind !== 'timestamp') throw notSupported(`a cast from ${typeName(value.type)} to ${typeName(to)}`);
  const perDay = unitsPerDay(value.type.unit);
  const bounds = boundsOf(value);
  const days = { min: bounds.min / perDay - 1n, max: bounds.max / perDay };
  const whole = f.local('i64');
  f.get(only(value)).i64(perDay).op('i64.div_s');
  f.get(only(value)).i64(perDay).op('i64.rem_s').i64(63n).op('i64.shr_s').op('i64.add').set(whole);
  if (!within(days, INT32_BOUNDS)) {
    f.get(whole).op('i32.wrap_i64').op('i64.extend_i32_s').get(whole).op('i64.ne');
    f.ifThen(() => context.raise(SQLSTATE.datetimeFieldOverflow, 'date out of range'));
  }
  const result = newValue(f, DATE, intersect(days, INT32_BOUNDS));
  f.get(whole).op('i32.wrap_i64').set(only(result));
  return result;
}
