import {
  boundsOf,
  fitsInt64,
  greater,
  INT32_BOUNDS,
  INT64_BOUNDS,
  intersect,
  lesser,
  only,
  pushInt64,
  within,
} from '../../../exec/expression/values.ts';
import { multiplyInt64 } from '../../../exec/runtime/int128.ts';
import { type DataType, INT32, INT64 } from '../../../types/data-type.ts';
import { SQLSTATE } from '../../../types/error.ts';
import type { Bounds, EmitContext, Emitter, LaneOperation, LaneShape, ScalarOverload, Value } from '../../definition.ts';

/** Integer arithmetic: 22003 where a result does not fit, and no check where the bounds prove that it does. */

export type RingOperator = 'add' | 'subtract' | 'multiply';

const INSTRUCTION = { add: 'add', subtract: 'sub', multiply: 'mul' } as const;

/** The exact bounds of the operator over operands within these. */
export function ringBounds(operator: RingOperator, a: Bounds, b: Bounds): Bounds {
  if (operator === 'add') return { min: a.min + b.min, max: a.max + b.max };
  if (operator === 'subtract') return { min: a.min - b.max, max: a.max - b.min };
  const products = [a.min * b.min, a.min * b.max, a.max * b.min, a.max * b.max];
  return {
    min: products.reduce(lesser),
    max: products.reduce(greater),
  };
}

function pair<T>(arguments_: readonly T[]): readonly [T, T] {
  const [a, b] = arguments_;
  if (a === undefined || b === undefined) throw new RangeError('a binary operator has two arguments');
  return [a, b];
}

function resultBounds(operator: RingOperator, arguments_: readonly LaneShape[]): Bounds {
  const [a, b] = pair(arguments_);
  return ringBounds(operator, boundsOf(a), boundsOf(b));
}

function raiseRange(context: EmitContext, type: DataType): void {
  const name = type.kind === 'int32' ? 'integer' : 'bigint';
  context.raise(SQLSTATE.numericValueOutOfRange, `${name} out of range`);
}

function emitInt32(operator: RingOperator): Emitter {
  return (context, arguments_) => {
    const { f } = context;
    const [a, b] = pair(arguments_);
    const bounds = resultBounds(operator, arguments_);
    const result = context.newValue(INT32, intersect(bounds, INT32_BOUNDS));
    if (within(bounds, INT32_BOUNDS)) {
      f.get(only(a)).get(only(b)).op(`i32.${INSTRUCTION[operator]}`).set(only(result));
      return result;
    }
    const exact = f.local('i64');
    pushInt64(f, a);
    pushInt64(f, b);
    f.op(`i64.${INSTRUCTION[operator]}`).tee(exact);
    f.op('i32.wrap_i64').tee(only(result)).op('i64.extend_i32_s').get(exact).op('i64.ne');
    f.ifThen(() => raiseRange(context, INT32));
    return result;
  };
}

function emitInt64(operator: RingOperator): Emitter {
  return (context, arguments_) => {
    const { f } = context;
    const [a, b] = pair(arguments_).map(only);
    if (a === undefined || b === undefined) throw new RangeError('a binary operator has two arguments');
    const bounds = resultBounds(operator, arguments_);
    const result = context.newValue(INT64, intersect(bounds, INT64_BOUNDS));
    const r = only(result);
    if (fitsInt64(bounds)) {
      f.get(a).get(b).op(`i64.${INSTRUCTION[operator]}`).set(r);
      return result;
    }
    if (operator === 'multiply') {
      const high = f.local('i64');
      f.get(a).get(b);
      context.call(multiplyInt64);
      f.set(high).set(r);
      f.get(high).get(r).i64(63n).op('i64.shr_s').op('i64.ne');
    } else {
      // the sign of both operands (of a and −b) differs from the result's
      f.get(a).get(b).op(`i64.${INSTRUCTION[operator]}`).set(r);
      f.get(a).get(r).op('i64.xor');
      if (operator === 'add') f.get(b).get(r);
      else f.get(a).get(b);
      f.op('i64.xor').op('i64.and').i64(0n).op('i64.lt_s');
    }
    f.ifThen(() => raiseRange(context, INT64));
    return result;
  };
}

/** Two int64 at once, where no result is beyond the limits. */
export function lanesOfRing(operator: RingOperator, type: DataType, bounds: Bounds, limits: Bounds): LaneOperation | undefined {
  if (!within(bounds, limits)) return undefined;
  return {
    shape: { type, bounds },
    emit: ({ f }, [a, b]) => {
      if (a !== undefined && b !== undefined) f.get(a).get(b).op(`i64x2.${INSTRUCTION[operator]}`);
    },
  };
}

/** int32 and int64 overloads of `+`, `−`, `×`. */
export function integerRing(operator: RingOperator): readonly ScalarOverload[] {
  return [
    {
      arguments: ['int32', 'int32'],
      returns: () => INT32,
      total: (arguments_) => within(resultBounds(operator, arguments_), INT32_BOUNDS),
      emit: emitInt32(operator),
      lanes: (arguments_) => lanesOfRing(operator, INT32, resultBounds(operator, arguments_), INT32_BOUNDS),
    },
    {
      arguments: ['int64', 'int64'],
      returns: () => INT64,
      total: (arguments_) => fitsInt64(resultBounds(operator, arguments_)),
      emit: emitInt64(operator),
      lanes: (arguments_) => lanesOfRing(operator, INT64, resultBounds(operator, arguments_), INT64_BOUNDS),
    },
  ];
}

/** Division truncates toward zero; the remainder has the dividend's sign. */
function emitQuotient(operator: 'divide' | 'modulo', type: DataType): Emitter {
  return (context, arguments_) => {
    const { f } = context;
    const [a, b] = pair(arguments_);
    const prefix = type.kind === 'int32' ? 'i32' : 'i64';
    const limits = type.kind === 'int32' ? INT32_BOUNDS : INT64_BOUNDS;
    raiseOnZero(context, b);
    const [dividend, divisor] = [boundsOf(a), boundsOf(b)];
    if (operator === 'divide' && dividend.min === limits.min && divisor.min <= -1n && divisor.max >= -1n) {
      f.get(only(a));
      if (prefix === 'i32') f.i32(Number(limits.min)).op('i32.eq').get(only(b)).i32(-1).op('i32.eq').op('i32.and');
      else f.i64(limits.min).op('i64.eq').get(only(b)).i64(-1n).op('i64.eq').op('i32.and');
      f.ifThen(() => raiseRange(context, type));
    }
    const largest = magnitude(operator === 'divide' ? dividend : divisor) - (operator === 'divide' ? 0n : 1n);
    const bounds = intersect({ min: dividend.min < 0n || divisor.min < 0n ? -largest : 0n, max: largest }, limits);
    const result = context.newValue(type, bounds);
    f.get(only(a))
      .get(only(b))
      .op(operator === 'divide' ? `${prefix}.div_s` : `${prefix}.rem_s`)
      .set(only(result));
    return result;
  };
}

function magnitude(bounds: Bounds): bigint {
  const low = bounds.min < 0n ? -bounds.min : bounds.min;
  const high = bounds.max < 0n ? -bounds.max : bounds.max;
  return low > high ? low : high;
}

/** Raises 22012 when the integer is 0, unless its bounds exclude that. */
export function raiseOnZero(context: EmitContext, value: Value): void {
  const { f } = context;
  const bounds = boundsOf(value);
  if (bounds.min > 0n || bounds.max < 0n) return;
  const [low, high] = value.locals;
  if (low === undefined) throw new RangeError('an integer has a local');
  f.get(low);
  if (high !== undefined) f.get(high).op('i64.or');
  f.op(low.type === 'i32' ? 'i32.eqz' : 'i64.eqz');
  f.ifThen(() => context.raise(SQLSTATE.divisionByZero, 'division by zero'));
}

export function integerQuotient(operator: 'divide' | 'modulo'): readonly ScalarOverload[] {
  return [
    { arguments: ['int32', 'int32'], returns: () => INT32, emit: emitQuotient(operator, INT32) },
    { arguments: ['int64', 'int64'], returns: () => INT64, emit: emitQuotient(operator, INT64) },
  ];
}
