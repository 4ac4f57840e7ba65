import type { Bounds, EmitContext, Value } from '../../functions/definition.ts';
import { type DataType, type DecimalType, decimal, MAX_DECIMAL_PRECISION } from '../../types/data-type.ts';
import { SQLSTATE } from '../../types/error.ts';
import type { Local } from '../../wasm/function-builder.ts';
import { divideByPower, multiplyInt64, multiplyInt128 } from '../runtime/int128.ts';
import { splitInt128 } from '../runtime/js/decimal.ts';
import { pushRoundedQuotient } from './rounded-division.ts';
import {
  boundsOf,
  fitsInt64,
  INT64_BOUNDS,
  intersect,
  newValue,
  only,
  part,
  pushInt64,
  typeBounds,
  widen,
  within,
} from './values.ts';

/**
 * Arithmetic on the unscaled integers of decimals. A value whose bounds fit int64 stays in one local, and costs what an
 * int64 costs; only beyond does 128-bit arithmetic appear, with its overflow checks.
 */

const LIMIT = 10n ** BigInt(MAX_DECIMAL_PRECISION) - 1n;
const WIDEST: Bounds = { min: -LIMIT, max: LIMIT };

/** Any integer-like or decimal value as its unscaled integer in one or two i64 locals, typed decimal(38, scale). */
export function asUnscaled(context: EmitContext, value: Value): Value {
  const { f } = context;
  const bounds = boundsOf(value);
  const type = decimal(MAX_DECIMAL_PRECISION, scaleOf(value.type));
  const first = only(value);
  if (first.type === 'i64') {
    if (value.locals.length === 2 && fitsInt64(bounds)) return { ...value, type, locals: [first], bounds };
    return { ...value, type, bounds };
  }
  const result = newValue(f, type, bounds);
  pushInt64(f, value);
  f.set(only(result));
  return { ...result, isNull: value.isNull };
}

export function scaleOf(type: DataType): number {
  return type.kind === 'decimal' ? type.scale : 0;
}

/** The value with its unscaled integer times 10^digits; raises 22003 beyond 38 digits. */
export function scaleUp(context: EmitContext, value: Value, digits: number): Value {
  const factor = 10n ** BigInt(digits);
  const bounds = boundsOf(value);
  const scaled = { min: bounds.min * factor, max: bounds.max * factor };
  const type = decimal(MAX_DECIMAL_PRECISION, Math.min(MAX_DECIMAL_PRECISION, scaleOf(value.type) + digits));
  if (digits === 0) return { ...value, type };
  return { ...multiplyConstant(context, { ...value, type }, factor, scaled), isNull: value.isNull };
}

function multiplyConstant(context: EmitContext, value: Value, factor: bigint, scaled: Bounds): Value {
  const { f } = context;
  if (fitsInt64(scaled)) {
    const result = newValue(f, value.type, scaled);
    f.get(only(value)).i64(factor).op('i64.mul').set(only(result));
    return result;
  }
  const result = newValue(f, value.type);
  const [low, high] = [part(result, 0), part(result, 1)];
  const bounds = intersect(scaled, WIDEST);
  if (value.locals.length === 1 && factor <= INT64_BOUNDS.max) {
    f.get(only(value)).i64(factor);
    context.call(multiplyInt64);
    f.set(high).set(low);
  } else {
    const [valueLow, valueHigh] = widen(f, value);
    const [factorLow, factorHigh] = splitInt128(factor);
    f.get(valueLow).get(valueHigh).i64(factorLow).i64(factorHigh);
    context.call(multiplyInt128);
    f.ifThen(() => raiseOverflow(context));
    f.set(high).set(low);
  }
  if (!within(scaled, WIDEST)) checkWithin(context, { ...result, bounds: null }, WIDEST);
  return { ...result, bounds };
}

/** The value with its unscaled integer divided by 10^digits, rounded half away from zero as PostgreSQL's numeric. */
export function scaleDown(context: EmitContext, value: Value, digits: number): Value {
  const { f } = context;
  const divisor = 10n ** BigInt(digits);
  const bounds = boundsOf(value);
  // one more than the truncated quotient covers the rounding
  const divided = { min: bounds.min / divisor - 1n, max: bounds.max / divisor + 1n };
  const type = decimal(MAX_DECIMAL_PRECISION, Math.max(0, scaleOf(value.type) - digits));
  if (digits === 0) return { ...value, type };
  const result = newValue(f, type, divided);
  if (value.locals.length === 1 && digits <= 18) {
    pushRoundedQuotient(f, only(value), divisor).set(only(result));
  } else {
    const [low, high] = widen(f, value);
    f.get(low).get(high).i32(digits);
    context.call(divideByPower);
    if (result.locals.length === 2) f.set(part(result, 1)).set(part(result, 0));
    else f.op('drop').set(only(result));
  }
  return { ...result, isNull: value.isNull };
}

/** The value at `scale`; raises 22003 beyond 38 digits. */
export function rescale(context: EmitContext, value: Value, scale: number): Value {
  const own = scaleOf(value.type);
  return scale >= own ? scaleUp(context, value, scale - own) : scaleDown(context, value, own - scale);
}

/**
 * The value as one of `type`, whose scale it has: raises 22003 where the bounds do not prove that it has no more digits
 * than the precision.
 */
export function conform(context: EmitContext, value: Value, type: DecimalType): Value {
  const bounds = boundsOf({ ...value, type: decimal(MAX_DECIMAL_PRECISION, type.scale) });
  const limit = typeBounds(type) ?? WIDEST;
  if (!within(bounds, limit))
    checkWithin(context, value, limit, `a value has more digits than ${type.precision - type.scale} before the point`);
  const narrowed = intersect(bounds, limit);
  const locals = fitsInt64(narrowed) ? [only(value)] : value.locals;
  return { ...value, type, locals, bounds: narrowed };
}

/** Raises (22003 unless said otherwise) when the value is outside of `limit`. */
export function checkWithin(
  context: EmitContext,
  value: Value,
  limit: Bounds,
  message = 'numeric value out of range',
  code: string = SQLSTATE.numericValueOutOfRange,
): void {
  const { f } = context;
  if (value.locals.length === 1 && fitsInt64(limit)) {
    f.get(only(value)).i64(limit.min).op('i64.lt_s').get(only(value)).i64(limit.max).op('i64.gt_s').op('i32.or');
  } else {
    const [low, high] = widen(f, value);
    const [minLow, minHigh] = splitInt128(limit.min);
    const [maxLow, maxHigh] = splitInt128(limit.max);
    pushLessThan(
      context,
      [low, high],
      () => f.i64(minLow),
      () => f.i64(minHigh),
    );
    pushGreaterThan(
      context,
      [low, high],
      () => f.i64(maxLow),
      () => f.i64(maxHigh),
    );
    f.op('i32.or');
  }
  f.ifThen(() => context.raise(code, message));
}

type Pair = readonly [low: Local, high: Local];

function pushLessThan({ f }: EmitContext, [low, high]: Pair, otherLow: () => void, otherHigh: () => void): void {
  f.get(low);
  otherLow();
  f.op('i64.lt_u').get(high);
  otherHigh();
  f.op('i64.lt_s').get(high);
  otherHigh();
  f.op('i64.eq').op('select');
}

function pushGreaterThan({ f }: EmitContext, [low, high]: Pair, otherLow: () => void, otherHigh: () => void): void {
  f.get(low);
  otherLow();
  f.op('i64.gt_u').get(high);
  otherHigh();
  f.op('i64.gt_s').get(high);
  otherHigh();
  f.op('i64.eq').op('select');
}

export function raiseOverflow(context: EmitContext): void {
  context.raise(SQLSTATE.numericValueOutOfRange, 'numeric value out of range');
}
