import { type DataType, MAX_DECIMAL64_PRECISION } from '../../src/types/data-type.ts';
import type { Values } from '../../src/types/vector.ts';
import type { Bound, ColumnChunk, Scalar } from '../api.ts';
import { getBit } from './bits.ts';

/** Bounds of non-NULL values seen so far; `hasNaN` makes them void. */
export interface Bounds {
  readonly min: Scalar;
  readonly max: Scalar;
  readonly hasNaN: boolean;
}

export const NO_BOUNDS: Bounds = { min: null, max: null, hasNaN: false };

/** Whether chunks of the type have bounds at all. */
export function hasBounds(type: DataType): boolean {
  switch (type.kind) {
    case 'int32':
    case 'int64':
    case 'float64':
    case 'date':
    case 'timestamp':
      return true;
    case 'decimal':
      return type.precision <= MAX_DECIMAL64_PRECISION;
    default:
      return false;
  }
}

/** Bounds of rows [from, from + count) of an Arrow column whose type `hasBounds`. */
export function boundsOf(values: Values, validity: Uint8Array | null, from: number, count: number): Bounds {
  if (values instanceof BigInt64Array) return longBounds(values, validity, from, count);
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let seen = 0;
  let hasNaN = false;
  for (let row = from; row < from + count; row++) {
    if (validity !== null && !getBit(validity, row)) continue;
    const value = Number(values[row]);
    if (value < min) min = value;
    if (value > max) max = value;
    if (Number.isNaN(value)) hasNaN = true;
    seen++;
  }
  return seen === 0 || hasNaN ? { min: null, max: null, hasNaN } : { min, max, hasNaN };
}

/** As two 32-bit words a value, which costs a fraction of what bigints cost. */
function longBounds(values: BigInt64Array, validity: Uint8Array | null, from: number, count: number): Bounds {
  const words = new Int32Array(values.buffer, values.byteOffset, values.length * 2);
  let minHigh = 0x7fffffff;
  let minLow = 0xffffffff;
  let maxHigh = -0x80000000;
  let maxLow = 0;
  let seen = 0;
  for (let row = from; row < from + count; row++) {
    if (validity !== null && !getBit(validity, row)) continue;
    const low = (words[2 * row] ?? 0) >>> 0;
    const high = words[2 * row + 1] ?? 0;
    if (high < minHigh || (high === minHigh && low < minLow)) {
      minHigh = high;
      minLow = low;
    }
    if (high > maxHigh || (high === maxHigh && low > maxLow)) {
      maxHigh = high;
      maxLow = low;
    }
    seen++;
  }
  if (seen === 0) return NO_BOUNDS;
  return { min: join(minHigh, minLow), max: join(maxHigh, maxLow), hasNaN: false };
}

function join(high: number, low: number): bigint {
  return (BigInt(high) << 32n) | BigInt(low);
}

export function mergeBounds(a: Bounds, b: Bounds): Bounds {
  if (a.hasNaN || b.hasNaN) return { min: null, max: null, hasNaN: true };
  return { min: lesser(a.min, b.min), max: greater(a.max, b.max), hasNaN: false };
}

function lesser(a: Scalar, b: Scalar): Scalar {
  if (a === null) return b;
  return b === null || a <= b ? a : b;
}

function greater(a: Scalar, b: Scalar): Scalar {
  if (a === null) return b;
  return b === null || a >= b ? a : b;
}

/** Whether no row of the chunk can meet the bound: comparisons with NULL are never true. */
export function excludes(bound: Bound, chunk: Pick<ColumnChunk, 'min' | 'max' | 'nulls'>, rows: number): boolean {
  const { value } = bound;
  if (value === null || chunk.nulls === rows) return true;
  const { min, max } = chunk;
  if (min === null || max === null || Number.isNaN(value)) return false;
  switch (bound.operator) {
    case 'equal':
      return value < min || value > max;
    case 'less':
      return min >= value;
    case 'less_equal':
      return min > value;
    case 'greater':
      return max <= value;
    case 'greater_equal':
      return max < value;
  }
}
