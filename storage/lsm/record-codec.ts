import type { DataType } from '../../src/types/data-type.ts';
import type { Vector } from '../../src/types/vector.ts';
import { decodeColumn, encodeColumn } from './column-codec.ts';
import { corrupt } from './frame.ts';

/**
 * A log record: rows of one commit, or of several that were merged, for one table. Its key holds the number of the first
 * commit's record; the header says how many numbers it stands for, how many rows and columns it has. Text is plain, so
 * that a record needs no dictionary. Later columns of the table are NULL in it.
 */
const HEADER = 16;

export interface LogRecord {
  /** Log numbers it stands for. */
  readonly numbers: number;
  readonly rows: number;
  readonly columns: readonly Vector[];
}

/** Rows [from, to) of the columns. */
export function encodeRecord(columns: readonly Vector[], from: number, to: number, numbers: number): Uint8Array {
  const encoded = columns.map((vector) => encodeColumn(vector, from, to, true));
  const length = encoded.reduce((sum, column) => sum + 8 + column.length, HEADER);
  const payload = new Uint8Array(length);
  const view = new DataView(payload.buffer);
  view.setUint32(0, numbers, true);
  view.setUint32(4, to - from, true);
  view.setUint32(8, columns.length, true);
  let at = HEADER;
  for (const column of encoded) {
    view.setUint32(at, column.length, true);
    payload.set(column, at + 8);
    at += 8 + column.length;
  }
  return payload;
}

/** Throws XX001. */
export function decodeRecord(key: Uint8Array, payload: Uint8Array, types: readonly DataType[]): LogRecord {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  if (payload.length < HEADER) throw corrupt(key, 'it is too short');
  const rows = view.getUint32(4, true);
  const count = view.getUint32(8, true);
  if (count > types.length) throw corrupt(key, `it has ${count} columns, its table ${types.length}`);
  const columns: Vector[] = [];
  let at = HEADER;
  for (const type of types.slice(0, count)) {
    if (at + 8 > payload.length) throw corrupt(key, 'it is too short');
    const length = view.getUint32(at, true);
    if (at + 8 + length > payload.length) throw corrupt(key, 'it is too short');
    const column = decodeColumn(key, payload.subarray(at + 8, at + 8 + length), type, null);
    if (column.length !== rows) throw corrupt(key, `a column has ${column.length} of ${rows} rows`);
    columns.push(column);
    at += 8 + length;
  }
  return { numbers: view.getUint32(0, true), rows, columns };
}
