import { asUnscaled, conform, raiseOverflow, scaleDown, scaleOf, scaleUp } from '../../../exec/expression/decimal.ts';
import { boundsOf, greater, INT32_BOUNDS, INT64_BOUNDS, only, part, widen } from '../../../exec/expression/values.ts';
import { negate } from '../../../exec/runtime/int128.ts';
import { importedRoutine } from '../../../exec/runtime/routine.ts';
import { type DataType, type DecimalType, decimal, FLOAT64, MAX_DECIMAL_PRECISION } from '../../../types/data-type.ts';
import { SQLSTATE } from '../../../types/error.ts';
import type { EmitContext, Emitter, ScalarDefinition, ScalarOverload, Value } from '../../definition.ts';
import { argument, byInstructions, byRoutine, firstType } from '../emitters.ts';

/**
 * Magnitudes and rounding. Decimals keep their type where PostgreSQL's numeric would change its scale: round(2.55, 1) is
 * 2.60 in decimal(3,2).
 */

function decimalOf(type: DataType): DecimalType {
  if (type.kind !== 'decimal') throw new RangeError(`${type.kind} is not decimal`);
  return type;
}

const emitAbsInteger: Emitter = (context, arguments_, returns) => {
  const { f } = context;
  const value = argument(arguments_, 0);
  const local = only(value);
  const limits = returns.kind === 'int32' ? INT32_BOUNDS : INT64_BOUNDS;
  const bounds = boundsOf(value);
  if (bounds.min <= limits.min) {
    f.get(local);
    if (local.type === 'i32') f.i32(Number(limits.min)).op('i32.eq');
    else f.i64(limits.min).op('i64.eq');
    const name = returns.kind === 'int32' ? 'integer' : 'bigint';
    f.ifThen(() => context.raise(SQLSTATE.numericValueOutOfRange, `${name} out of range`));
  }
  const result = context.newValue(returns, { min: 0n, max: greater(bounds.max, greater(-bounds.min, 0n)) });
  const sign = f.local(local.type);
  if (local.type === 'i32') {
    f.get(local).i32(31).op('i32.shr_s').tee(sign).get(local).op('i32.xor').get(sign).op('i32.sub').set(only(result));
  } else f.get(local).i64(63n).op('i64.shr_s').tee(sign).get(local).op('i64.xor').get(sign).op('i64.sub').set(only(result));
  return result;
};

const emitAbsDecimal: Emitter = (context, arguments_, returns) => {
  const { f } = context;
  const value = argument(arguments_, 0);
  const bounds = boundsOf(value);
  const result = context.newValue(returns, { min: 0n, max: greater(bounds.max, greater(-bounds.min, 0n)) });
  if (result.locals.length === 1) {
    const sign = f.local('i64');
    f.get(only(value)).i64(63n).op('i64.shr_s').tee(sign).get(only(value)).op('i64.xor').get(sign).op('i64.sub');
    f.set(only(result));
    return result;
  }
  const [low, high] = widen(f, value);
  f.get(low).set(part(result, 0)).get(high).set(part(result, 1));
  f.get(high).i64(0n).op('i64.lt_s');
  f.ifThen(() => negate(f, part(result, 0), part(result, 1)));
  return result;
};

/** −1, 0 or 1, in the argument's type. */
const emitSignDecimal: Emitter = (context, arguments_, returns) => {
  const { f } = context;
  const type = decimalOf(returns);
  const value = argument(arguments_, 0);
  const unit = 10n ** BigInt(type.scale);
  const one = context.newValue(decimal(MAX_DECIMAL_PRECISION, 0), { min: -1n, max: 1n });
  const [low, high] = widen(f, value);
  f.get(high).i64(63n).op('i64.shr_s').get(low).get(high).op('i64.or').op('i64.eqz').op('i32.eqz').op('i64.extend_i32_u');
  f.op('i64.or').set(only(one));
  const scaled = scaleUp(context, one, type.scale);
  return { ...scaled, type, bounds: { min: -unit, max: unit } };
};

const signType = ([type]: readonly DataType[]): DataType | undefined => {
  if (type?.kind !== 'decimal') return undefined;
  return decimal(Math.max(type.precision, type.scale + 1), type.scale);
};

type Direction = 'floor' | 'ceil' | 'trunc' | 'round';

/** Whole numbers: digits before the point and one for a carry. */
function wholeType([type]: readonly DataType[]): DataType | undefined {
  if (type?.kind !== 'decimal') return undefined;
  return decimal(Math.min(MAX_DECIMAL_PRECISION, Math.max(1, type.precision - type.scale + 1)), 0);
}

const splitWhole = importedRoutine('split_whole', ['i64', 'i64', 'i32'], ['i64', 'i64', 'i32']);

/** The quotient by 10^digits cut towards zero, and the sign of the rest in an i32. */
function pushCut(context: EmitContext, value: Value, digits: number): { readonly whole: Value; readonly rest: () => void } {
  const { f } = context;
  const divisor = 10n ** BigInt(digits);
  const bounds = boundsOf(value);
  const type = decimal(MAX_DECIMAL_PRECISION, Math.max(0, scaleOf(value.type) - digits));
  const whole = context.newValue(type, { min: bounds.min / divisor - 1n, max: bounds.max / divisor + 1n });
  if (value.locals.length === 1 && digits <= 18) {
    const local = only(value);
    f.get(local).i64(divisor).op('i64.div_s').set(only(whole));
    return {
      whole,
      rest: () => {
        const rest = f.local('i64');
        f.get(local).i64(divisor).op('i64.rem_s').tee(rest).i64(0n).op('i64.gt_s').get(rest).i64(0n).op('i64.lt_s');
        f.op('i32.sub');
      },
    };
  }
  const sign = f.local('i32');
  const [low, high] = widen(f, value);
  f.get(low).get(high).i32(digits);
  context.call(splitWhole);
  f.set(sign);
  if (whole.locals.length === 2) f.set(part(whole, 1)).set(part(whole, 0));
  else f.op('drop').set(only(whole));
  return { whole, rest: () => f.get(sign) };
}

/** Rounds away `digits` of the fraction in the given direction. */
function cut(context: EmitContext, value: Value, digits: number, direction: Direction): Value {
  if (digits <= 0) return value;
  if (direction === 'round') return scaleDown(context, value, digits);
  const { f } = context;
  const { whole, rest } = pushCut(context, value, digits);
  if (direction === 'trunc') return whole;
  const low = only(whole);
  const step = f.local('i64');
  rest();
  f.i32(direction === 'ceil' ? 1 : -1)
    .op('i32.eq')
    .op('i64.extend_i32_u');
  if (direction === 'floor') f.i64(-1n).op('i64.mul');
  f.set(step);
  const high = whole.locals[1];
  f.get(low).get(step).op('i64.add').set(low);
  if (high !== undefined) {
    // carry out of the low half, plus the step's sign
    f.get(high).get(step).i64(63n).op('i64.shr_s').op('i64.add');
    f.get(low).get(step).op('i64.lt_u').op('i64.extend_i32_u').op('i64.add').set(high);
  }
  return whole;
}

function wholeDecimal(direction: Direction): ScalarOverload {
  return {
    arguments: ['decimal'],
    returns: wholeType,
    neverRaises: true,
    emit: (context, arguments_, returns) => {
      const value = asUnscaled(context, argument(arguments_, 0));
      return conform(context, cut(context, value, scaleOf(value.type), direction), decimalOf(returns));
    },
  };
}

const roundedType = ([type]: readonly DataType[]): DataType | undefined =>
  type?.kind === 'decimal' ? decimal(Math.min(MAX_DECIMAL_PRECISION, type.precision + 1), type.scale) : undefined;

const roundDigits = importedRoutine('round_digits', ['i64', 'i64', 'i32', 'i32', 'i32'], ['i64', 'i64', 'i32']);

/** round(decimal, n) and trunc(decimal, n), n digits after the point; a negative n rounds before it. */
function toDigits(direction: 'round' | 'trunc'): ScalarOverload {
  return {
    arguments: ['decimal', 'int32'],
    returns: roundedType,
    emit: (context, arguments_, returns) => {
      const { f } = context;
      const type = decimalOf(returns);
      const value = asUnscaled(context, argument(arguments_, 0));
      const digits = context.constantOf(1);
      if (typeof digits === 'number') {
        const away = type.scale - digits;
        if (away <= 0) return conform(context, value, type);
        if (away <= MAX_DECIMAL_PRECISION) {
          const rounded = cut(context, value, away, direction);
          const scaled = scaleUp(context, { ...rounded, type: decimal(MAX_DECIMAL_PRECISION, 0) }, away);
          return conform(context, { ...scaled, type: decimal(MAX_DECIMAL_PRECISION, type.scale) }, type);
        }
      }
      const result = context.newValue(decimal(MAX_DECIMAL_PRECISION, type.scale));
      const [low, high] = widen(f, value);
      f.get(low)
        .get(high)
        .i32(type.scale)
        .get(only(argument(arguments_, 1)))
        .i32(direction === 'round' ? 1 : 0);
      context.call(roundDigits);
      f.ifThen(() => raiseOverflow(context));
      f.set(part(result, 1)).set(part(result, 0));
      return conform(context, result, type);
    },
  };
}

function wholeFloat(instruction: 'f64.floor' | 'f64.ceil' | 'f64.trunc' | 'f64.nearest' | 'f64.abs'): ScalarOverload {
  return {
    arguments: ['float64'],
    returns: () => FLOAT64,
    total: true,
    emit: byInstructions(({ f }, value) => {
      if (value !== undefined) f.get(value).op(instruction);
    }),
  };
}

const signFloat: ScalarOverload = {
  arguments: ['float64'],
  returns: () => FLOAT64,
  total: true,
  emit: byInstructions(({ f }, value) => {
    if (value === undefined) return;
    f.get(value).f64(0).op('f64.gt').get(value).f64(0).op('f64.lt').op('i32.sub').op('f64.convert_i32_s');
    // NaN stays itself
    f.get(value).get(value).get(value).op('f64.eq').select();
  }),
};

const roundFloat = importedRoutine('round_float', ['f64', 'i32'], ['f64']);

function one(name: string, summary: string, ...overloads: readonly ScalarOverload[]): ScalarDefinition {
  return { name, summary, overloads };
}

export const roundingFunctions: readonly ScalarDefinition[] = [
  one(
    'abs',
    'the magnitude',
    { arguments: ['int32'], returns: firstType, emit: emitAbsInteger },
    { arguments: ['int64'], returns: firstType, emit: emitAbsInteger },
    { arguments: ['decimal'], returns: firstType, neverRaises: true, emit: emitAbsDecimal },
    wholeFloat('f64.abs'),
  ),
  one('sign', '-1, 0 or 1', { arguments: ['decimal'], returns: signType, emit: emitSignDecimal }, signFloat),
  one('ceil', 'the least whole number that is not below', wholeDecimal('ceil'), wholeFloat('f64.ceil')),
  one('floor', 'the greatest whole number that is not above', wholeDecimal('floor'), wholeFloat('f64.floor')),
  one(
    'trunc',
    'cut towards zero, to n digits after the point',
    wholeDecimal('trunc'),
    wholeFloat('f64.trunc'),
    toDigits('trunc'),
  ),
  one(
    'round',
    'rounded to n digits after the point: decimals half away from zero, floating point half to even',
    wholeDecimal('round'),
    wholeFloat('f64.nearest'),
    toDigits('round'),
    { arguments: ['float64', 'int32'], returns: () => FLOAT64, neverRaises: true, emit: byRoutine(roundFloat) },
  ),
];
