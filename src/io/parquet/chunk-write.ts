import duckdb from '@duckdb/node-bindings';
import { valueWidth } from '../../types/data-type.ts';
import { isValid, type Vector } from '../../types/vector.ts';

/** Writes rows [from, from + rows) of a vector into a column of a DuckDB chunk whose type is `Outgoing.write` of the vector's. */
export function writeColumn(chunk: duckdb.DataChunk, column: number, vector: Vector, from: number, rows: number): void {
  const target = duckdb.data_chunk_get_vector(chunk, column);
  writeValidity(target, vector, from, rows);
  if (vector.type.kind === 'text') writeText(target, vector, from, rows);
  else if (vector.type.kind === 'boolean') {
    const bytes = new Uint8Array(rows);
    for (let i = 0; i < rows; i++) bytes[i] = (Number(vector.values[(from + i) >> 3]) >> ((from + i) & 7)) & 1;
    duckdb.copy_data_to_vector(target, 0, bytes.buffer, 0, rows);
  } else if (vector.type.kind !== 'null') {
    const width = valueWidth(vector.type);
    const { values } = vector;
    // A copy, because DuckDB's binding takes no shared memory.
    const bytes = new Uint8Array(rows * width);
    bytes.set(new Uint8Array(values.buffer, values.byteOffset + from * width, rows * width));
    duckdb.copy_data_to_vector(target, 0, bytes.buffer, 0, bytes.length);
  }
}

/** Always written: a reused chunk keeps the bits of its last use. */
function writeValidity(target: duckdb.Vector, vector: Vector, from: number, rows: number): void {
  const bits = new Uint8Array(Math.ceil(rows / 64) * 8).fill(255);
  for (let i = 0; i < rows; i++) {
    if (vector.type.kind === 'null' || !isValid(vector, from + i)) bits[i >> 3] = (bits[i >> 3] ?? 0) & ~(1 << (i & 7));
  }
  duckdb.vector_ensure_validity_writable(target);
  duckdb.copy_data_to_vector_validity(target, 0, bits.buffer, 0, bits.length);
}

function writeText(target: duckdb.Vector, vector: Vector, from: number, rows: number): void {
  const plain = vector.dictionary ?? vector;
  const bytes = Buffer.from(new Uint8Array(plain.values.buffer, plain.values.byteOffset, plain.values.byteLength));
  for (let i = 0; i < rows; i++) {
    if (!isValid(vector, from + i)) continue;
    const at = vector.dictionary === null ? from + i : Number(vector.values[from + i]);
    duckdb.vector_assign_string_element_len(target, i, bytes.subarray(plain.offsets?.[at] ?? 0, plain.offsets?.[at + 1] ?? 0));
  }
}
