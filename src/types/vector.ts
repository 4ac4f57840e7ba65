import type { DataType } from './data-type.ts';

/** A named, typed column of a relation. */
export interface Field {
  readonly name: string;
  readonly type: DataType;
  readonly nullable: boolean;
}

export type Schema = readonly Field[];

export type Values = Uint8Array | Int32Array | BigInt64Array | Float64Array;

/**
 * One column of a batch in Arrow's layout. The buffers may be views of the shared memory or arrays of their own.
 * - validity: bit i set means row i is not NULL; null means no NULLs
 * - values by type: boolean Uint8Array of bits; int32, date Int32Array; int64, timestamp, decimal ≤ 18 BigInt64Array;
 *   decimal > 18 and interval BigInt64Array of 2 × length; float64 Float64Array; null an empty Uint8Array;
 *   text Uint8Array of UTF-8 with `offsets` (length + 1), or, with a `dictionary`, Int32Array of codes into it.
 *   The code under a NULL is any valid code.
 */
export interface Vector {
  readonly type: DataType;
  readonly length: number;
  readonly validity: Uint8Array | null;
  readonly values: Values;
  readonly offsets: Int32Array | null;
  /** A plain text vector without NULLs whose values are distinct. */
  readonly dictionary: Vector | null;
}

/** Columns of equal length. */
export interface Batch {
  readonly length: number;
  readonly columns: readonly Vector[];
}

/** Whether row `row` is not NULL. */
export function isValid(vector: Vector, row: number): boolean {
  return vector.validity === null || ((vector.validity[row >> 3] ?? 0) & (1 << (row & 7))) !== 0;
}
