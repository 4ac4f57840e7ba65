import { only, valueFrom } from '../../../exec/expression/values.ts';
import { importedRoutine } from '../../../exec/runtime/routine.ts';
import { FLOAT64 } from '../../../types/data-type.ts';
import { SQLSTATE } from '../../../types/error.ts';
import type { Local } from '../../../wasm/function-builder.ts';
import type { EmitContext, Emitter, FloatRange, LaneOperation, LaneShape, ScalarOverload, Value } from '../../definition.ts';

/**
 * float64 arithmetic with PostgreSQL's errors (float.h): 22003 where finite operands give an infinity, or factors other
 * than 0 give 0; 22012 for a division by zero. `divide_float` is IEEE 754 instead: it has infinities and NaN.
 */

function operands(arguments_: readonly Value[]): readonly [Local, Local] {
  const [a, b] = arguments_;
  if (a === undefined || b === undefined) throw new RangeError('a binary operator has two arguments');
  return [only(a), only(b)];
}

/** Raises when the result is infinite though no operand is. */
export function checkOverflow(context: EmitContext, result: Local, operands_: readonly Local[]): void {
  const { f } = context;
  f.get(result).op('f64.abs').f64(Number.POSITIVE_INFINITY).op('f64.eq');
  f.ifThen(() => {
    operands_.forEach((operand, i) => {
      f.get(operand).op('f64.abs').f64(Number.POSITIVE_INFINITY).op('f64.lt');
      if (i > 0) f.op('i32.and');
    });
    f.ifThen(() => context.raise(SQLSTATE.numericValueOutOfRange, 'value out of range: overflow'));
  });
}

/** Raises when the result is 0 where it cannot be exactly that. */
export function checkUnderflow(context: EmitContext, result: Local, pushNotZero: () => void): void {
  const { f } = context;
  f.get(result).f64(0).op('f64.eq');
  f.ifThen(() => {
    pushNotZero();
    f.ifThen(() => context.raise(SQLSTATE.numericValueOutOfRange, UNDERFLOW));
  });
}

/** The range of results from their extremes at the operands' ends; undefined when one is infinite. Rounding is monotonic. */
function rangeOf(arguments_: readonly LaneShape[], extreme: (a: number, b: number) => number): FloatRange | undefined {
  const [a, b] = [arguments_[0]?.range, arguments_[1]?.range];
  if (a === undefined || b === undefined) return undefined;
  const ends = [extreme(a.min, b.min), extreme(a.min, b.max), extreme(a.max, b.min), extreme(a.max, b.max)];
  return ends.every(Number.isFinite) ? { min: Math.min(...ends), max: Math.max(...ends) } : undefined;
}

const plus = (a: number, b: number): number => a + b;
const minus = (a: number, b: number): number => a - b;

const emitSum =
  (operator: 'add' | 'sub'): Emitter =>
  (context, arguments_) => {
    const [a, b] = operands(arguments_);
    const result = valueFrom(context, FLOAT64, null, () => context.f.get(a).get(b).op(`f64.${operator}`));
    const range = rangeOf(arguments_, operator === 'add' ? plus : minus);
    if (range === undefined) checkOverflow(context, only(result), [a, b]);
    return { ...result, range };
  };

/** Above one half in magnitude: not even the least number underflows when multiplied by it, because half of it rounds up. */
function isLarge({ range }: LaneShape): boolean {
  return range !== undefined && (range.min > 0.5 || range.max < -0.5);
}

const lanesOfSum =
  (operator: 'add' | 'sub') =>
  (arguments_: readonly LaneShape[]): LaneOperation | undefined => {
    const range = rangeOf(arguments_, operator === 'add' ? plus : minus);
    if (range === undefined) return undefined;
    return {
      shape: { type: FLOAT64, bounds: null, range },
      emit: ({ f }, [a, b]) => {
        if (a !== undefined && b !== undefined) f.get(a).get(b).op(`f64x2.${operator}`);
      },
    };
  };

const times = (a: number, b: number): number => a * b;

/** Whether factors other than 0 may have the product 0. */
function mayUnderflow(arguments_: readonly LaneShape[], product: FloatRange | undefined): boolean {
  return (product === undefined || (product.min <= 0 && product.max >= 0)) && !arguments_.some(isLarge);
}

function lanesOfProduct(arguments_: readonly LaneShape[]): LaneOperation | undefined {
  const range = rangeOf(arguments_, times);
  if (range === undefined) return undefined;
  return {
    shape: { type: FLOAT64, bounds: null, range },
    emit: (context, [a, b]) => {
      if (a === undefined || b === undefined) return;
      const { f } = context;
      f.get(a).get(b).op('f64x2.mul');
      if (!mayUnderflow(arguments_, range)) return;
      const product = f.local('v128');
      f.set(product).get(product).v128(ZERO).op('f64x2.eq');
      for (const factor of [a, b]) f.get(factor).v128(ZERO).op('f64x2.ne').op('v128.and');
      context.raiseWhere(SQLSTATE.numericValueOutOfRange, UNDERFLOW);
      f.get(product);
    },
  };
}

const ZERO = new Uint8Array(16);
const UNDERFLOW = 'value out of range: underflow';

const emitProduct: Emitter = (context, arguments_) => {
  const { f } = context;
  const [a, b] = operands(arguments_);
  const result = valueFrom(context, FLOAT64, null, () => f.get(a).get(b).op('f64.mul'));
  const range = rangeOf(arguments_, times);
  if (range === undefined) checkOverflow(context, only(result), [a, b]);
  if (mayUnderflow(arguments_, range)) {
    checkUnderflow(context, only(result), () => f.get(a).f64(0).op('f64.ne').get(b).f64(0).op('f64.ne').op('i32.and'));
  }
  return { ...result, range };
};

const emitQuotient: Emitter = (context, arguments_) => {
  const { f } = context;
  const [a, b] = operands(arguments_);
  f.get(b).f64(0).op('f64.eq').get(a).get(a).op('f64.eq').op('i32.and');
  f.ifThen(() => context.raise(SQLSTATE.divisionByZero, 'division by zero'));
  const result = valueFrom(context, FLOAT64, null, () => f.get(a).get(b).op('f64.div'));
  checkOverflow(context, only(result), [a, b]);
  checkUnderflow(context, only(result), () => {
    f.get(a).f64(0).op('f64.ne').get(b).op('f64.abs').f64(Number.POSITIVE_INFINITY).op('f64.ne').op('i32.and');
  });
  return result;
};

const pair = { arguments: ['float64', 'float64'], returns: () => FLOAT64 } as const;

export const floatAdd: ScalarOverload = {
  ...pair,
  total: (arguments_) => rangeOf(arguments_, plus) !== undefined,
  emit: emitSum('add'),
  lanes: lanesOfSum('add'),
};
export const floatSubtract: ScalarOverload = {
  ...pair,
  total: (arguments_) => rangeOf(arguments_, minus) !== undefined,
  emit: emitSum('sub'),
  lanes: lanesOfSum('sub'),
};
export const floatMultiply: ScalarOverload = { ...pair, emit: emitProduct, lanes: lanesOfProduct };
export const floatDivide: ScalarOverload = { ...pair, emit: emitQuotient };

export const ieeeDivide: ScalarOverload = {
  ...pair,
  total: true,
  emit: (context, arguments_) => {
    const [a, b] = operands(arguments_);
    return valueFrom(context, FLOAT64, null, () => context.f.get(a).get(b).op('f64.div'));
  },
};

const remainder = importedRoutine('float_remainder', ['f64', 'f64'], ['f64']);

/** C's fmod, so also IEEE: NaN for a zero divisor. */
export const ieeeRemainder: ScalarOverload = {
  ...pair,
  neverRaises: true,
  emit: (context, arguments_) => {
    const [a, b] = operands(arguments_);
    return valueFrom(context, FLOAT64, null, () => {
      context.f.get(a).get(b);
      context.call(remainder);
    });
  },
};
