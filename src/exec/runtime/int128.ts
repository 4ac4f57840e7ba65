import type { FunctionBuilder, Local } from '../../wasm/function-builder.ts';
import { importedRoutine, type Routine, routine } from './routine.ts';

/**
 * 128-bit integers as (low, high) pairs of i64. What is common runs here; what is rare and long (products of two wide
 * factors, divisions) is done by JavaScript's BigInt, which crosses the boundary as i64.
 */

/** Up to 10^22 powers of ten are exact as float64. */
export const EXACT_POWERS = 22;

/** Negates the pair in place. */
export function negate(f: FunctionBuilder, low: Local, high: Local): void {
  f.get(high).i64(-1n).op('i64.xor').get(low).op('i64.eqz').op('i64.extend_i32_u').op('i64.add').set(high);
  f.i64(0n).get(low).op('i64.sub').set(low);
}

/** Adds the second pair to the first in place; signed overflow is lost. */
export function add(f: FunctionBuilder, low: Local, high: Local, otherLow: Local, otherHigh: Local): void {
  f.get(low).get(otherLow).op('i64.add').set(low);
  f.get(high).get(otherHigh).op('i64.add');
  f.get(low).get(otherLow).op('i64.lt_u').op('i64.extend_i32_u').op('i64.add').set(high);
}

/** Pushes 1 when the first pair is less than the second, signed. */
export function pushLess(f: FunctionBuilder, low: Local, high: Local, otherLow: Local, otherHigh: Local): void {
  f.get(low).get(otherLow).op('i64.lt_u');
  f.get(high).get(otherHigh).op('i64.lt_s');
  f.get(high).get(otherHigh).op('i64.eq').op('select');
}

/** Pushes 1 when the pairs are equal. */
export function pushEqual(f: FunctionBuilder, low: Local, high: Local, otherLow: Local, otherHigh: Local): void {
  f.get(low).get(otherLow).op('i64.xor').get(high).get(otherHigh).op('i64.xor').op('i64.or').op('i64.eqz');
}

/** Pushes |local|, as unsigned. */
function pushMagnitude(f: FunctionBuilder, local: Local): void {
  const sign = f.local('i64');
  f.get(local).i64(63n).op('i64.shr_s').set(sign);
  f.get(local).get(sign).op('i64.xor').get(sign).op('i64.sub');
}

/** (a, b) as unsigned → low, high of a × b, from four products of 32-bit halves. */
const multiplyUnsigned: Routine = routine('multiply_unsigned', ['i64', 'i64'], ['i64', 'i64'], (f) => {
  const [a, b] = [f.param(0), f.param(1)];
  const aLow = f.local('i64');
  const aHigh = f.local('i64');
  const bLow = f.local('i64');
  const bHigh = f.local('i64');
  const middle = f.local('i64');
  const carry = f.local('i64');
  const low = f.local('i64');
  f.get(a).i64(0xffffffffn).op('i64.and').set(aLow);
  f.get(a).i64(32n).op('i64.shr_u').set(aHigh);
  f.get(b).i64(0xffffffffn).op('i64.and').set(bLow);
  f.get(b).i64(32n).op('i64.shr_u').set(bHigh);
  f.get(aLow).get(bLow).op('i64.mul').set(low);
  f.get(aHigh).get(bLow).op('i64.mul').get(low).i64(32n).op('i64.shr_u').op('i64.add').set(middle);
  f.get(aLow).get(bHigh).op('i64.mul').get(middle).i64(0xffffffffn).op('i64.and').op('i64.add').set(carry);
  f.get(a).get(b).op('i64.mul');
  f.get(aHigh).get(bHigh).op('i64.mul');
  f.get(middle).i64(32n).op('i64.shr_u').op('i64.add');
  f.get(carry).i64(32n).op('i64.shr_u').op('i64.add');
});

/** (a, b) → low, high of the signed product, exact. */
export const multiplyInt64: Routine = routine('multiply_int64', ['i64', 'i64'], ['i64', 'i64'], (f, runtime) => {
  const [a, b] = [f.param(0), f.param(1)];
  const low = f.local('i64');
  const high = f.local('i64');
  f.get(a).get(b);
  runtime.call(f, multiplyUnsigned);
  f.set(high).set(low);
  f.get(low);
  f.get(high);
  f.get(a).i64(63n).op('i64.shr_s').get(b).op('i64.and').op('i64.sub');
  f.get(b).i64(63n).op('i64.shr_s').get(a).op('i64.and').op('i64.sub');
});

/** As `multiplyInt128`, for any factors. */
const multiplyLong = importedRoutine('multiply_int128', ['i64', 'i64', 'i64', 'i64'], ['i64', 'i64', 'i32']);

/** (a low, high, b low, high) → low, high, overflow (0 or 1) of the signed product. */
export const multiplyInt128: Routine = routine(
  'multiply_int128',
  ['i64', 'i64', 'i64', 'i64'],
  ['i64', 'i64', 'i32'],
  (f, runtime) => {
    const [aLow, aHigh, bLow, bHigh] = [f.param(0), f.param(1), f.param(2), f.param(3)];
    const narrow = (low: Local, high: Local): void => {
      f.get(low).i64(63n).op('i64.shr_s').get(high).op('i64.eq');
    };
    narrow(bLow, bHigh);
    f.op('i32.eqz');
    f.ifThen(() => {
      // the narrow factor, if any, goes second
      const swap = f.local('i64');
      f.get(aLow).set(swap).get(bLow).set(aLow).get(swap).set(bLow);
      f.get(aHigh).set(swap).get(bHigh).set(aHigh).get(swap).set(bHigh);
    });
    narrow(bLow, bHigh);
    f.op('i32.eqz');
    f.ifThen(() => {
      f.get(aLow).get(aHigh).get(bLow).get(bHigh);
      runtime.call(f, multiplyLong);
      f.return_();
    });
    narrow(aLow, aHigh);
    f.ifThen(() => {
      f.get(aLow).get(bLow);
      runtime.call(f, multiplyInt64);
      f.i32(0).return_();
    });
    // wide × narrow on magnitudes
    const low = f.local('i64');
    const high = f.local('i64');
    const upperLow = f.local('i64');
    const upperHigh = f.local('i64');
    const factor = f.local('i64');
    const overflow = f.local('i32');
    f.get(aLow).set(low).get(aHigh).set(high);
    f.get(high).i64(0n).op('i64.lt_s');
    f.ifThen(() => negate(f, low, high));
    pushMagnitude(f, bLow);
    f.set(factor);
    f.get(high).get(factor);
    runtime.call(f, multiplyUnsigned);
    f.set(upperHigh).set(upperLow);
    f.get(low).get(factor);
    runtime.call(f, multiplyUnsigned);
    f.set(high).set(low);
    f.get(upperHigh).op('i64.eqz').op('i32.eqz').set(overflow);
    f.get(high).get(upperLow).op('i64.add').tee(high).get(upperLow).op('i64.lt_u').get(overflow).op('i32.or').set(overflow);
    f.get(high).i64(0n).op('i64.lt_s').get(overflow).op('i32.or').set(overflow);
    f.get(aHigh).get(bLow).op('i64.xor').i64(0n).op('i64.lt_s');
    f.ifThen(() => negate(f, low, high));
    f.get(low).get(high).get(overflow);
  },
);

/** (low, high, divisor low, high, digits) → low, high, overflow of value × 10^digits ÷ divisor, rounded half away from zero. */
export const divideScaled = importedRoutine('divide_scaled', ['i64', 'i64', 'i64', 'i64', 'i32'], ['i64', 'i64', 'i32']);

/** (low, high, divisor low, high) → low, high of the remainder, with the dividend's sign. The divisor is not 0. */
export const remainderInt128 = importedRoutine('remainder_int128', ['i64', 'i64', 'i64', 'i64'], ['i64', 'i64']);

/** (low, high, digits) → low, high of value ÷ 10^digits, rounded half away from zero. */
export const divideByPower = importedRoutine('divide_by_power', ['i64', 'i64', 'i32'], ['i64', 'i64']);

/** (low, high) → the value as a float64, at most one unit in the last place off. */
export const int128ToFloat: Routine = routine('int128_to_float', ['i64', 'i64'], ['f64'], (f) => {
  const [low, high] = [f.param(0), f.param(1)];
  const negative = f.local('i32');
  const magnitude = f.local('f64');
  f.get(low).i64(63n).op('i64.shr_s').get(high).op('i64.eq');
  f.ifThen(() => f.get(low).op('f64.convert_i64_s').return_());
  // halves of one sign: adding a small positive one to a large negative one would lose it
  f.get(high).i64(0n).op('i64.lt_s').tee(negative);
  f.ifThen(() => negate(f, low, high));
  f.get(high)
    .op('f64.convert_i64_u')
    .f64(2 ** 64)
    .op('f64.mul')
    .get(low)
    .op('f64.convert_i64_u')
    .op('f64.add')
    .set(magnitude);
  f.get(magnitude).op('f64.neg').get(magnitude).get(negative).select();
});

/** (low, high, digits) → the float64 nearest to value ÷ 10^digits. */
const nearestFloat = importedRoutine('nearest_float', ['i64', 'i64', 'i32'], ['f64']);

/** (low, high, digits, 10^digits) → the float64 nearest to value ÷ 10^digits. */
export const decimalToFloat: Routine = routine('decimal_to_float', ['i64', 'i64', 'i32', 'f64'], ['f64'], (f, runtime) => {
  const [low, high, digits, power] = [f.param(0), f.param(1), f.param(2), f.param(3)];
  // Both operands are exact, so the quotient is rounded once.
  f.get(low).i64(63n).op('i64.shr_s').get(high).op('i64.eq');
  f.get(low)
    .i64(2n ** 53n)
    .op('i64.add')
    .i64(2n ** 54n)
    .op('i64.le_u')
    .op('i32.and');
  f.get(digits).i32(EXACT_POWERS).op('i32.le_u').op('i32.and');
  f.ifThen(() => f.get(low).op('f64.convert_i64_s').get(power).op('f64.div').return_());
  f.get(low).get(high).get(digits);
  runtime.call(f, nearestFloat);
});

/** (a low, high, digits, b low, high, digits) → −1, 0, 1: the order of a × 10^digits and b × 10^digits, exact. */
export const compareScaled = importedRoutine('compare_scaled', ['i64', 'i64', 'i32', 'i64', 'i64', 'i32'], ['i32']);

/** (low, high, other low, high, digits) → low, high, overflow of the product ÷ 10^digits, rounded half away from zero. */
export const multiplyScaled = importedRoutine('multiply_scaled', ['i64', 'i64', 'i64', 'i64', 'i32'], ['i64', 'i64', 'i32']);

/** (value, digits) → low, high, failure: as `floatToDecimal`. */
const exactFloatToDecimal = importedRoutine('float_to_decimal', ['f64', 'i32'], ['i64', 'i64', 'i32']);

/**
 * (value, digits, 10^digits) → low, high, failure: a float64 as a decimal, from its 15 significant digits; NaN, infinities and
 * overflow fail.
 */
export const floatToDecimal: Routine = routine('decimal_of_float', ['f64', 'i32', 'f64'], ['i64', 'i64', 'i32'], (f, runtime) => {
  const [value, digits, power] = [f.param(0), f.param(1), f.param(2)];
  const [scaled, rounded] = [f.local('f64'), f.local('f64')];
  const low = f.local('i64');
  f.get(value).get(power).op('f64.mul').tee(scaled).op('f64.nearest').set(rounded);
  // Below 2^40 the product is off by less than 2^-12, and what lies beyond 15 digits by less still: only a tie needs them.
  f.get(scaled)
    .op('f64.abs')
    .f64(2 ** 40)
    .op('f64.lt');
  f.get(scaled).get(rounded).op('f64.sub').op('f64.abs').f64(0.499).op('f64.lt').op('i32.and');
  f.ifThen(() => {
    f.get(rounded).op('i64.trunc_sat_f64_s').tee(low).get(low).i64(63n).op('i64.shr_s').i32(0).return_();
  });
  f.get(value).get(digits);
  runtime.call(f, exactFloatToDecimal);
});
