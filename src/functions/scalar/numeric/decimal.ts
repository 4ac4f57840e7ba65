import { asUnscaled, checkWithin, conform, raiseOverflow, rescale, scaleOf, scaleUp } from '../../../exec/expression/decimal.ts';
import { boundsOf, fitsInt64, newValue, only, part, typeBounds, widen } from '../../../exec/expression/values.ts';
import {
  add,
  divideScaled,
  multiplyInt64,
  multiplyInt128,
  multiplyScaled,
  negate,
  remainderInt128,
} from '../../../exec/runtime/int128.ts';
import { type DataType, type DecimalType, decimal, MAX_DECIMAL_PRECISION } from '../../../types/data-type.ts';
import type { EmitContext, Emitter, LaneOperation, LaneShape, ScalarOverload, Value } from '../../definition.ts';
import { lanesOfRing, type RingOperator, raiseOnZero, ringBounds } from './integer.ts';

/**
 * Exact decimal arithmetic. A result has the digits that SQL's rules give (as DuckDB and SQL Server): for + and − one more
 * than the wider operand, for × the sum; at most 38, and 22003 where a value has more.
 */

/** Products keep all their fraction digits up to this scale; longer ones are rounded to it (or to an operand's own). */
const MAX_PRODUCT_SCALE = 20;
/** Quotients have this many fraction digits, or an operand's own if more: the least significance of PostgreSQL's division. */
const QUOTIENT_SCALE = 16;

function asDecimals(types: readonly DataType[]): readonly [DecimalType, DecimalType] | undefined {
  const [a, b] = types;
  return a?.kind === 'decimal' && b?.kind === 'decimal' ? [a, b] : undefined;
}

function ringType(operator: RingOperator, types: readonly DataType[]): DataType | undefined {
  const pair = asDecimals(types);
  if (pair === undefined) return undefined;
  const [a, b] = pair;
  if (operator !== 'multiply') {
    const scale = Math.max(a.scale, b.scale);
    const digits = Math.max(a.precision - a.scale, b.precision - b.scale) + 1;
    return decimal(Math.min(MAX_DECIMAL_PRECISION, digits + scale), scale);
  }
  const precision = a.precision + b.precision;
  const scale = a.scale + b.scale;
  if (precision <= MAX_DECIMAL_PRECISION || scale <= MAX_PRODUCT_SCALE) {
    return decimal(Math.min(MAX_DECIMAL_PRECISION, precision), scale);
  }
  return decimal(MAX_DECIMAL_PRECISION, Math.max(a.scale, b.scale, MAX_PRODUCT_SCALE));
}

function unscaledPair(context: EmitContext, arguments_: readonly Value[]): readonly [Value, Value] {
  const [a, b] = arguments_;
  if (a === undefined || b === undefined) throw new RangeError('a binary operator has two arguments');
  return [asUnscaled(context, a), asUnscaled(context, b)];
}

function asDecimalType(type: DataType): DecimalType {
  if (type.kind !== 'decimal') throw new RangeError(`${type.kind} is not decimal`);
  return type;
}

function emitSum(operator: 'add' | 'subtract'): Emitter {
  return (context, arguments_, returns) => {
    const { f } = context;
    const type = asDecimalType(returns);
    const [x, y] = unscaledPair(context, arguments_);
    const a = scaleUp(context, x, type.scale - scaleOf(x.type));
    const b = scaleUp(context, y, type.scale - scaleOf(y.type));
    const bounds = ringBounds(operator, boundsOf(a), boundsOf(b));
    const widest = decimal(MAX_DECIMAL_PRECISION, type.scale);
    if (fitsInt64(bounds)) {
      const result = newValue(f, widest, bounds);
      f.get(only(a))
        .get(only(b))
        .op(operator === 'add' ? 'i64.add' : 'i64.sub')
        .set(only(result));
      return conform(context, result, type);
    }
    const result = newValue(f, widest);
    const [low, high] = [part(result, 0), part(result, 1)];
    const [aLow, aHigh] = widen(f, a);
    const [bLow, bHigh] = widen(f, b);
    f.get(aLow).set(low).get(aHigh).set(high);
    const otherLow = f.local('i64');
    const otherHigh = f.local('i64');
    f.get(bLow).set(otherLow).get(bHigh).set(otherHigh);
    if (operator === 'subtract') negate(f, otherLow, otherHigh);
    add(f, low, high, otherLow, otherHigh);
    if (bounds.max >= 2n ** 127n || bounds.min < -(2n ** 127n)) {
      f.get(aHigh).get(high).op('i64.xor').get(otherHigh).get(high).op('i64.xor').op('i64.and').i64(0n).op('i64.lt_s');
      f.ifThen(() => raiseOverflow(context));
    }
    return conformTo(context, result, bounds, type);
  };
}

/** As `conform`, for a value whose bounds may be beyond 38 digits. */
function conformTo(context: EmitContext, value: Value, bounds: { min: bigint; max: bigint }, type: DecimalType): Value {
  const limit = 10n ** BigInt(MAX_DECIMAL_PRECISION) - 1n;
  if (bounds.max <= limit && bounds.min >= -limit) return conform(context, { ...value, bounds }, type);
  checkWithin(context, value, { min: -limit, max: limit });
  return conform(context, value, type);
}

const emitProduct: Emitter = (context, arguments_, returns) => {
  const { f } = context;
  const type = asDecimalType(returns);
  const [a, b] = unscaledPair(context, arguments_);
  const excess = scaleOf(a.type) + scaleOf(b.type) - type.scale;
  const bounds = ringBounds('multiply', boundsOf(a), boundsOf(b));
  const widest = decimal(MAX_DECIMAL_PRECISION, Math.min(MAX_DECIMAL_PRECISION, type.scale + excess));
  if (fitsInt64(bounds)) {
    const result = newValue(f, widest, bounds);
    f.get(only(a)).get(only(b)).op('i64.mul').set(only(result));
    return conform(context, rescale(context, result, type.scale), type);
  }
  const result = newValue(f, decimal(MAX_DECIMAL_PRECISION, type.scale));
  const [low, high] = [part(result, 0), part(result, 1)];
  if (a.locals.length === 1 && b.locals.length === 1 && excess === 0) {
    f.get(only(a)).get(only(b));
    context.call(multiplyInt64);
    f.set(high).set(low);
    return conformTo(context, result, bounds, type);
  }
  const [aLow, aHigh] = widen(f, a);
  const [bLow, bHigh] = widen(f, b);
  f.get(aLow).get(aHigh).get(bLow).get(bHigh);
  if (excess === 0) context.call(multiplyInt128);
  else {
    f.i32(excess);
    context.call(multiplyScaled);
  }
  f.ifThen(() => raiseOverflow(context));
  f.set(high).set(low);
  return excess === 0 ? conformTo(context, result, bounds, type) : conformTo(context, result, boundsOf(result), type);
};

function quotientType(types: readonly DataType[]): DataType | undefined {
  const pair = asDecimals(types);
  if (pair === undefined) return undefined;
  return decimal(MAX_DECIMAL_PRECISION, Math.max(pair[0].scale, pair[1].scale, QUOTIENT_SCALE));
}

/** Rounded half away from zero at the result's scale. */
const emitQuotient: Emitter = (context, arguments_, returns) => {
  const { f } = context;
  const type = asDecimalType(returns);
  const [a, b] = unscaledPair(context, arguments_);
  raiseOnZero(context, b);
  const digits = type.scale - scaleOf(a.type) + scaleOf(b.type);
  const result = newValue(f, type);
  const [aLow, aHigh] = widen(f, a);
  const [bLow, bHigh] = widen(f, b);
  f.get(aLow).get(aHigh).get(bLow).get(bHigh).i32(digits);
  context.call(divideScaled);
  f.ifThen(() => raiseOverflow(context));
  f.set(part(result, 1)).set(part(result, 0));
  return result;
};

function remainderType(types: readonly DataType[]): DataType | undefined {
  const pair = asDecimals(types);
  if (pair === undefined) return undefined;
  const [a, b] = pair;
  const scale = Math.max(a.scale, b.scale);
  const digits = Math.max(a.precision - a.scale, b.precision - b.scale);
  return decimal(Math.min(MAX_DECIMAL_PRECISION, digits + scale), scale);
}

const emitRemainder: Emitter = (context, arguments_, returns) => {
  const { f } = context;
  const type = asDecimalType(returns);
  const [x, y] = unscaledPair(context, arguments_);
  raiseOnZero(context, y);
  const a = scaleUp(context, x, type.scale - scaleOf(x.type));
  const b = scaleUp(context, y, type.scale - scaleOf(y.type));
  const bounds = boundsOf(a);
  const within = { min: bounds.min < 0n ? bounds.min : 0n, max: bounds.max > 0n ? bounds.max : 0n };
  const result = newValue(f, decimal(MAX_DECIMAL_PRECISION, type.scale), within);
  if (a.locals.length === 1 && b.locals.length === 1) {
    f.get(only(a)).get(only(b)).op('i64.rem_s').set(only(result));
    return conform(context, result, type);
  }
  const [aLow, aHigh] = widen(f, a);
  const [bLow, bHigh] = widen(f, b);
  f.get(aLow).get(aHigh).get(bLow).get(bHigh);
  context.call(remainderInt128);
  if (result.locals.length === 2) f.set(part(result, 1)).set(part(result, 0));
  else f.op('drop').set(only(result));
  return conform(context, result, type);
};

/** Whether the operator over these stays within int64 all along, so that nothing can be raised. */
function totalRing(operator: RingOperator): (arguments_: readonly Value[], returns: DataType) => boolean {
  return (arguments_, returns) => {
    const [a, b] = arguments_;
    if (a === undefined || b === undefined) return false;
    const type = asDecimalType(returns);
    const aligned = [a, b].map((value) => {
      const factor = operator === 'multiply' ? 1n : 10n ** BigInt(type.scale - scaleOf(value.type));
      const bounds = boundsOf(value);
      return { min: bounds.min * factor, max: bounds.max * factor };
    });
    const [x, y] = aligned;
    if (x === undefined || y === undefined || !fitsInt64(x) || !fitsInt64(y)) return false;
    const exact = operator !== 'multiply' || scaleOf(a.type) + scaleOf(b.type) === type.scale;
    return exact && fitsInt64(ringBounds(operator, x, y));
  };
}

export function decimalRing(operator: RingOperator): ScalarOverload {
  return {
    arguments: ['decimal', 'decimal'],
    returns: (types) => ringType(operator, types),
    total: totalRing(operator),
    emit: operator === 'multiply' ? emitProduct : emitSum(operator),
    lanes: (arguments_, returns) => lanesOfDecimals(operator, arguments_, asDecimalType(returns)),
  };
}

/** The unscaled integers as int64, brought to one scale for a sum; none that rounds or does not fit. */
function lanesOfDecimals(
  operator: RingOperator,
  arguments_: readonly LaneShape[],
  returns: DecimalType,
): LaneOperation | undefined {
  const scales = arguments_.map(({ type }) => scaleOf(type));
  if (operator === 'multiply' && scales.reduce((sum, scale) => sum + scale, 0) !== returns.scale) return undefined;
  const factors = scales.map((scale) => (operator === 'multiply' ? 1n : 10n ** BigInt(returns.scale - scale)));
  const scaled = arguments_.map((argument, i) => {
    const { min, max } = boundsOf(argument);
    const factor = factors[i] ?? 1n;
    return { min: min * factor, max: max * factor };
  });
  const [a, b] = scaled;
  if (a === undefined || b === undefined || !scaled.every(fitsInt64)) return undefined;
  const bounds = ringBounds(operator, a, b);
  const ring = fitsInt64(bounds) ? lanesOfRing(operator, returns, bounds, typeBounds(returns) ?? bounds) : undefined;
  if (ring === undefined) return undefined;
  return {
    shape: ring.shape,
    emit: (context, locals) => {
      const { f } = context;
      const aligned = locals.map((local, i) => {
        const factor = factors[i] ?? 1n;
        if (factor === 1n) return local;
        const result = f.local('v128');
        f.get(local).i64(factor).op('i64x2.splat').op('i64x2.mul').set(result);
        return result;
      });
      ring.emit(context, aligned);
    },
  };
}

export const decimalQuotient: ScalarOverload = { arguments: ['decimal', 'decimal'], returns: quotientType, emit: emitQuotient };
export const decimalRemainder: ScalarOverload = {
  arguments: ['decimal', 'decimal'],
  returns: remainderType,
  emit: emitRemainder,
};
