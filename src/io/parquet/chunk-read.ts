import duckdb from '@duckdb/node-bindings';
import { type DataType, valueWidth } from '../../types/data-type.ts';
import { LumaError, SQLSTATE } from '../../types/error.ts';
import type { Values, Vector } from '../../types/vector.ts';
import { copyBytes, copyLongTexts, INLINE_BYTES, STRING_BYTES, viewOf } from './long-texts.ts';

const NANOSECONDS_PER_MICROSECOND = 1000n;

/** A column of a DuckDB chunk as a vector of its own memory; the DuckDB type is `Incoming.read` of the type. */
export function readColumn(chunk: duckdb.DataChunk, column: number, type: DataType, rows: number): Vector {
  const source = duckdb.data_chunk_get_vector(chunk, column);
  const validityBytes = duckdb.vector_get_validity(source, Math.ceil(rows / 64) * 8);
  const validity = validityBytes ? validityBytes.slice(0, (rows + 7) >> 3) : null;
  if (type.kind === 'text') return readText(source, validity, rows);
  return { type, length: rows, validity, values: readValues(source, type, rows), offsets: null, dictionary: null };
}

function readValues(source: duckdb.Vector, type: DataType, rows: number): Values {
  if (type.kind === 'boolean') return packBits(duckdb.vector_get_data(source, rows), rows);
  const { buffer } = duckdb.vector_get_data(source, rows * valueWidth(type)).slice();
  switch (type.kind) {
    case 'int32':
    case 'date':
      return new Int32Array(buffer);
    case 'float64':
      return new Float64Array(buffer);
    case 'interval':
      return scaleIntervals(new BigInt64Array(buffer));
    default:
      return new BigInt64Array(buffer);
  }
}

function packBits(bytes: Uint8Array, rows: number): Uint8Array {
  const bits = new Uint8Array((rows + 7) >> 3);
  for (let row = 0; row < rows; row++) if (bytes[row] === 1) bits[row >> 3] = (bits[row >> 3] ?? 0) | (1 << (row & 7));
  return bits;
}

/** DuckDB's intervals end in microseconds, ours in nanoseconds. */
function scaleIntervals(values: BigInt64Array): BigInt64Array {
  for (let i = 1; i < values.length; i += 2) {
    const scaled = (values[i] ?? 0n) * NANOSECONDS_PER_MICROSECOND;
    if (BigInt.asIntN(64, scaled) !== scaled) {
      throw new LumaError(SQLSTATE.datetimeFieldOverflow, 'interval out of range: its time does not fit 64 bits of nanoseconds');
    }
    values[i] = scaled;
  }
  return values;
}

function readText(source: duckdb.Vector, validity: Uint8Array | null, rows: number): Vector {
  const data = duckdb.vector_get_data(source, rows * STRING_BYTES);
  const strings = viewOf(data);
  const offsets = new Int32Array(rows + 1);
  let total = 0;
  for (let row = 0; row < rows; row++) {
    const isNull = validity !== null && ((validity[row >> 3] ?? 0) & (1 << (row & 7))) === 0;
    if (!isNull) total += strings.getUint32(row * STRING_BYTES, true);
    offsets[row + 1] = total;
  }
  const values = new Uint8Array(total);
  let hasLong = false;
  for (let row = 0; row < rows; row++) {
    const start = offsets[row] ?? 0;
    const length = (offsets[row + 1] ?? 0) - start;
    if (length <= INLINE_BYTES) copyBytes(data, row * STRING_BYTES + 4, values, start, length);
    else hasLong = true;
  }
  if (hasLong) copyLongTexts(strings, offsets, values);
  return { type: { kind: 'text' }, length: rows, validity, values, offsets, dictionary: null };
}
