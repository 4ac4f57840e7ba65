import { joinInt128 } from '../../../types/vector-read.ts';

/** 128-bit integer and decimal arithmetic that is too long, or too rare, for WebAssembly code. */

const LIMIT = 10n ** 38n;

export function splitInt128(value: bigint): [low: bigint, high: bigint] {
  return [BigInt.asIntN(64, value), BigInt.asIntN(64, value >> 64n)];
}

/** The quotient rounded half away from zero. */
export function divideRounded(value: bigint, divisor: bigint): bigint {
  const quotient = value / divisor;
  const rest = value % divisor;
  const magnitude = rest < 0n ? -rest : rest;
  const size = divisor < 0n ? -divisor : divisor;
  if (magnitude * 2n < size) return quotient;
  return value < 0n === divisor < 0n ? quotient + 1n : quotient - 1n;
}

/** Low, high, and whether it has more than 38 digits. */
function checked(value: bigint): [bigint, bigint, number] {
  return [...splitInt128(value), value >= LIMIT || value <= -LIMIT ? 1 : 0];
}

/**
 * A float64 as a decimal: like PostgreSQL, from its 15 significant digits (float8_numeric, DBL_DIG), rounded half away from
 * zero at `scale`. Undefined for NaN and infinities.
 */
export function floatToDecimal(value: number, scale: number): bigint | undefined {
  if (!Number.isFinite(value)) return undefined;
  const [mantissa = '0', exponent = '0'] = value.toExponential(14).split('e');
  const digits = BigInt(mantissa.replace('.', ''));
  const shift = Number(exponent) - 14 + scale;
  return shift >= 0 ? digits * 10n ** BigInt(shift) : divideRounded(digits, 10n ** BigInt(-shift));
}

export function decimalImports(): Record<string, (...args: never[]) => unknown> {
  return {
    multiply_int128: (aLow: bigint, aHigh: bigint, bLow: bigint, bHigh: bigint) =>
      checked(joinInt128(aLow, aHigh) * joinInt128(bLow, bHigh)),
    compare_scaled: (aLow: bigint, aHigh: bigint, aDigits: number, bLow: bigint, bHigh: bigint, bDigits: number) => {
      const a = joinInt128(aLow, aHigh) * 10n ** BigInt(aDigits);
      const b = joinInt128(bLow, bHigh) * 10n ** BigInt(bDigits);
      return a < b ? -1 : a > b ? 1 : 0;
    },
    multiply_scaled: (aLow: bigint, aHigh: bigint, bLow: bigint, bHigh: bigint, digits: number) =>
      checked(divideRounded(joinInt128(aLow, aHigh) * joinInt128(bLow, bHigh), 10n ** BigInt(digits))),
    divide_scaled: (low: bigint, high: bigint, divisorLow: bigint, divisorHigh: bigint, digits: number) =>
      checked(divideRounded(joinInt128(low, high) * 10n ** BigInt(digits), joinInt128(divisorLow, divisorHigh))),
    remainder_int128: (low: bigint, high: bigint, divisorLow: bigint, divisorHigh: bigint) =>
      splitInt128(joinInt128(low, high) % joinInt128(divisorLow, divisorHigh)),
    divide_by_power: (low: bigint, high: bigint, digits: number) =>
      splitInt128(divideRounded(joinInt128(low, high), 10n ** BigInt(digits))),
    split_whole: (low: bigint, high: bigint, digits: number) => {
      const value = joinInt128(low, high);
      const divisor = 10n ** BigInt(digits);
      const rest = value % divisor;
      return [...splitInt128(value / divisor), rest > 0n ? 1 : rest < 0n ? -1 : 0];
    },
    round_digits: (low: bigint, high: bigint, scale: number, digits: number, round: number) => {
      const value = joinInt128(low, high);
      if (digits >= scale) return checked(value);
      if (scale - digits > 39) return checked(0n);
      const unit = 10n ** BigInt(scale - digits);
      return checked((round !== 0 ? divideRounded(value, unit) : value / unit) * unit);
    },
    nearest_float: (low: bigint, high: bigint, digits: number) => Number(`${joinInt128(low, high)}e-${digits}`),
    float_to_decimal: (value: number, scale: number) => {
      const decimal = floatToDecimal(value, scale);
      return decimal === undefined ? [0n, 0n, 1] : checked(decimal);
    },
  };
}
