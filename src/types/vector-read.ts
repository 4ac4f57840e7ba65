import { type DataType, MAX_DECIMAL64_PRECISION } from './data-type.ts';
import { isValid, type Values, type Vector } from './vector.ts';

export interface IntervalValue {
  readonly months: number;
  readonly days: number;
  readonly nanoseconds: bigint;
}

/**
 * A value as JavaScript sees it: null; boolean; int32, date (days) and float64 number; int64, timestamp (in its unit) and
 * decimal (unscaled) bigint; text string; interval an IntervalValue.
 */
export type VectorValue = null | boolean | number | bigint | string | IntervalValue;

/** The value at a row; the vector's NULLs are null. */
export type ValueReader = (row: number) => VectorValue;

/** A reader of one vector: decides by type once, not per row. Dictionary values are decoded at most once. */
export function valueReader(vector: Vector): ValueReader {
  const read = presentReader(vector);
  return vector.validity === null ? read : (row) => (isValid(vector, row) ? read(row) : null);
}

export function readValue(vector: Vector, row: number): VectorValue {
  return valueReader(vector)(row);
}

export function readValues(vector: Vector): VectorValue[] {
  const read = valueReader(vector);
  return Array.from({ length: vector.length }, (_, row) => read(row));
}

/** Bytes of the buffer behind `values` as a Buffer: its `toString` decodes text fastest, from shared memory too. */
export function bytesOf(values: Values): Buffer {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength);
}

/** An int128 from its two little-endian halves. */
export function joinInt128(low: bigint, high: bigint): bigint {
  return (high << 64n) | BigInt.asUintN(64, low);
}

function presentReader(vector: Vector): ValueReader {
  const { values, type } = vector;
  if (type.kind === 'text') return textReader(vector);
  if (values instanceof BigInt64Array) return wideReader(values, type);
  if (type.kind === 'null') return () => null;
  if (type.kind === 'boolean') return (row) => ((Number(values[row >> 3] ?? 0) >> (row & 7)) & 1) === 1;
  return (row) => values[row] ?? null;
}

function wideReader(values: BigInt64Array, type: DataType): ValueReader {
  if (type.kind === 'interval') {
    const words = new Int32Array(values.buffer, values.byteOffset, values.length * 2);
    return (row) => ({ months: words[4 * row] ?? 0, days: words[4 * row + 1] ?? 0, nanoseconds: values[2 * row + 1] ?? 0n });
  }
  if (type.kind === 'decimal' && type.precision > MAX_DECIMAL64_PRECISION) {
    return (row) => joinInt128(values[2 * row] ?? 0n, values[2 * row + 1] ?? 0n);
  }
  return (row) => values[row] ?? null;
}

function textReader(vector: Vector): ValueReader {
  const { values, offsets, dictionary } = vector;
  if (dictionary !== null) {
    const read = textReader(dictionary);
    const decoded: (VectorValue | undefined)[] = [];
    return (row) => {
      const code = Number(values[row] ?? 0);
      const known = decoded[code];
      if (known !== undefined) return known;
      const value = read(code);
      decoded[code] = value;
      return value;
    };
  }
  const bytes = bytesOf(values);
  return (row) => bytes.toString('utf8', offsets?.[row] ?? 0, offsets?.[row + 1] ?? 0);
}
