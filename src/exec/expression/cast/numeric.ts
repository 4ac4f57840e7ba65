import type { Bounds, EmitContext, Value } from '../../../functions/definition.ts';
import { BOOLEAN, type DataType, type DecimalType, FLOAT64, typeName } from '../../../types/data-type.ts';
import { notSupported, SQLSTATE } from '../../../types/error.ts';
import { decimalToFloat, EXACT_POWERS, floatToDecimal } from '../../runtime/int128.ts';
import { asUnscaled, checkWithin, conform, raiseOverflow, rescale, scaleDown, scaleOf } from '../decimal.ts';
import { boundsOf, INT32_BOUNDS, INT64_BOUNDS, intersect, newValue, only, pushInt64, widen, within } from '../values.ts';

function unsupported(from: DataType, to: DataType): Error {
  return notSupported(`a cast from ${typeName(from)} to ${typeName(to)}`);
}

/** Decimals round half away from zero, float64 to even (PostgreSQL: numeric_int4, dtoi4). */
export function castToInteger(context: EmitContext, value: Value, to: DataType): Value {
  const { f } = context;
  const limits = to.kind === 'int32' ? INT32_BOUNDS : INT64_BOUNDS;
  const message = to.kind === 'int32' ? 'integer out of range' : 'bigint out of range';
  switch (value.type.kind) {
    case 'boolean': {
      const result = newValue(f, to, { min: 0n, max: 1n });
      f.get(only(value));
      if (to.kind === 'int64') f.op('i64.extend_i32_u');
      f.set(only(result));
      return result;
    }
    case 'float64': {
      const result = newValue(f, to);
      const rounded = f.local('f64');
      const bound = to.kind === 'int32' ? 2 ** 31 : 2 ** 63;
      f.get(only(value)).op('f64.nearest').tee(rounded).f64(-bound).op('f64.ge').get(rounded).f64(bound).op('f64.lt');
      f.op('i32.and').op('i32.eqz');
      f.ifThen(() => context.raise(SQLSTATE.numericValueOutOfRange, message));
      f.get(rounded)
        .op(to.kind === 'int32' ? 'i32.trunc_sat_f64_s' : 'i64.trunc_sat_f64_s')
        .set(only(result));
      return result;
    }
    case 'int32':
    case 'int64':
    case 'decimal': {
      const whole = scaleDown(context, asUnscaled(context, value), scaleOf(value.type));
      const bounds = boundsOf(whole);
      if (!within(bounds, limits)) checkWithin(context, whole, limits, message);
      const result = newValue(f, to, intersect(bounds, limits));
      f.get(only(whole));
      if (to.kind === 'int32') f.op('i32.wrap_i64');
      f.set(only(result));
      return result;
    }
    default:
      throw unsupported(value.type, to);
  }
}

/** What a float64 holds exactly. */
const EXACT_INTEGERS: Bounds = { min: -(2n ** 53n), max: 2n ** 53n };

/** The nearest float64. */
export function castToFloat(context: EmitContext, value: Value, to: DataType): Value {
  const { f } = context;
  const result = newValue(f, FLOAT64);
  switch (value.type.kind) {
    case 'int32':
      f.get(only(value)).op('f64.convert_i32_s').set(only(result));
      return result;
    case 'int64':
      f.get(only(value)).op('f64.convert_i64_s').set(only(result));
      return result;
    case 'decimal': {
      const scale = scaleOf(value.type);
      const power = Number(`1e${scale}`);
      if (value.locals.length === 1 && scale <= EXACT_POWERS && within(boundsOf(value), EXACT_INTEGERS)) {
        f.get(only(value)).op('f64.convert_i64_s');
        if (scale > 0) f.f64(power).op('f64.div');
      } else {
        const [low, high] = widen(f, value);
        f.get(low).get(high).i32(scale).f64(power);
        context.call(decimalToFloat);
      }
      f.set(only(result));
      return result;
    }
    default:
      throw unsupported(value.type, to);
  }
}

export function castToDecimal(context: EmitContext, value: Value, to: DataType): Value {
  const { f } = context;
  if (to.kind !== 'decimal') throw unsupported(value.type, to);
  switch (value.type.kind) {
    case 'int32':
    case 'int64':
    case 'decimal':
      return conform(context, rescale(context, asUnscaled(context, value), to.scale), to);
    case 'float64': {
      f.get(only(value))
        .i32(to.scale)
        .f64(Number(`1e${to.scale}`));
      context.call(floatToDecimal);
      f.ifThen(() => raiseOverflow(context));
      return fromPair(context, to);
    }
    default:
      throw unsupported(value.type, to);
  }
}

/** The pair on the stack as a decimal of `to`'s scale, checked against its precision. */
export function fromPair(context: EmitContext, to: DecimalType): Value {
  const { f } = context;
  const low = f.local('i64');
  const high = f.local('i64');
  f.set(high).set(low);
  const wide: DecimalType = { ...to, precision: 38 };
  const result: Value = { type: wide, locals: [low, high], isNull: null, bounds: null };
  return conform(context, result, to);
}

export function castToBoolean(context: EmitContext, value: Value, to: DataType): Value {
  if (value.type.kind !== 'int32' && value.type.kind !== 'int64') throw unsupported(value.type, to);
  const result = newValue(context.f, BOOLEAN);
  pushInt64(context.f, value);
  context.f.i64(0n).op('i64.ne').set(only(result));
  return result;
}
