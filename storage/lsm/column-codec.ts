import type { Pointer } from '../../src/memory/shared-memory.ts';
import { type DataType, TEXT, valueWidth } from '../../src/types/data-type.ts';
import type { Values, Vector } from '../../src/types/vector.ts';
import { copyBits } from '../segments/bits.ts';
import type { Chunk } from '../segments/chunk.ts';
import { corrupt } from './frame.ts';

/**
 * A column as stored: a header of 16 bytes (form, whether there is a validity bitmap, rows, bytes of text), then
 * validity, values (little-endian, as in memory) or codes, or for plain text the offsets and the bytes; each part
 * begins at a multiple of 8, so that decoding is making views.
 */
const HEADER = 16;
const FORM = { values: 0, codes: 1, text: 2 } as const;

/** Where a column's rows lie in the shared memory: what the commit worker needs to encode them. */
export interface ColumnSource {
  readonly type: DataType;
  readonly validity: Pointer;
  readonly values: Pointer;
  readonly offsets: Pointer;
  readonly textBytes: number;
  readonly rows: number;
  readonly dictionary: ColumnSource | null;
}

export function sourceOf(chunk: Chunk, type: DataType, rows: number): ColumnSource {
  const { validity, values, offsets, textBytes, dictionary } = chunk;
  return {
    type,
    validity,
    values,
    offsets,
    textBytes,
    rows,
    dictionary: dictionary === null ? null : dictionarySource(dictionary),
  };
}

export function dictionarySource(dictionary: NonNullable<Chunk['dictionary']>): ColumnSource {
  const { size, offsets, values } = dictionary.view();
  return { type: TEXT, validity: 0, values, offsets, textBytes: dictionary.bytes, rows: size, dictionary: null };
}

/** The source as a vector over the memory. */
export function sourceVector(buffer: ArrayBufferLike, source: ColumnSource): Vector {
  const { type, rows, validity, offsets, dictionary } = source;
  return {
    type,
    length: rows,
    validity: validity === 0 ? null : new Uint8Array(buffer, validity, (rows + 7) >> 3),
    values: sourceValues(buffer, source),
    offsets: offsets === 0 ? null : new Int32Array(buffer, offsets, rows + 1),
    dictionary: dictionary === null ? null : sourceVector(buffer, dictionary),
  };
}

function sourceValues(buffer: ArrayBufferLike, { type, values, rows, textBytes, dictionary }: ColumnSource): Values {
  if (dictionary !== null) return new Int32Array(buffer, values, rows);
  if (type.kind === 'text') return new Uint8Array(buffer, values, textBytes);
  if (type.kind === 'boolean') return new Uint8Array(buffer, values, (rows + 7) >> 3);
  return new Uint8Array(buffer, values, rows * valueWidth(type));
}

/** Rows [from, to) of a column; coded text as codes, or as plain text when `plain`. */
export function encodeColumn(vector: Vector, from: number, to: number, plain: boolean): Uint8Array {
  const rows = to - from;
  const { type, validity, dictionary } = vector;
  const bitmap = validity === null ? null : new Uint8Array((rows + 7) >> 3);
  if (bitmap !== null) copyBits(bitmap, 0, validity, from, rows);
  if (type.kind === 'text' && (dictionary === null || plain)) {
    const { offsets, bytes } = dictionary === null ? textOf(vector, from, to) : gather(vector, dictionary, from, to);
    return assemble(FORM.text, rows, bytes.length, [bitmap, bytesOf(offsets), bytes]);
  }
  const form = dictionary === null ? FORM.values : FORM.codes;
  if (type.kind === 'boolean') {
    const bits = new Uint8Array((rows + 7) >> 3);
    if (vector.values instanceof Uint8Array) copyBits(bits, 0, vector.values, from, rows);
    return assemble(form, rows, 0, [bitmap, bits]);
  }
  const width = form === FORM.codes ? 4 : valueWidth(type);
  return assemble(form, rows, 0, [bitmap, bytesOf(vector.values).subarray(from * width, to * width)]);
}

/** A column from its stored form, as views of `payload`; codes refer to `dictionary`. Throws XX001. */
export function decodeColumn(key: Uint8Array, payload: Uint8Array, type: DataType, dictionary: Vector | null): Vector {
  if (payload.length < HEADER) throw corrupt(key, 'a column is too short');
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  const form = payload[0];
  const rows = view.getUint32(4, true);
  const textBytes = view.getUint32(8, true);
  let at = HEADER;
  const take = (bytes: number): { buffer: ArrayBufferLike; at: number } => {
    const start = at;
    at = aligned(at + bytes);
    if (start + bytes > payload.length) throw corrupt(key, 'a column is too short');
    return { buffer: payload.buffer, at: payload.byteOffset + start };
  };
  const bytes = (length: number): Uint8Array => {
    const part = take(length);
    return new Uint8Array(part.buffer, part.at, length);
  };
  const validity = payload[1] === 1 ? bytes((rows + 7) >> 3) : null;
  if (form === FORM.text) {
    const part = take((rows + 1) * 4);
    const offsets = new Int32Array(part.buffer, part.at, rows + 1);
    return { type, length: rows, validity, offsets, values: bytes(textBytes), dictionary: null };
  }
  if (form === FORM.codes) {
    if (dictionary === null) throw corrupt(key, 'its dictionary is missing');
    const part = take(rows * 4);
    const codes = new Int32Array(part.buffer, part.at, rows);
    for (const code of codes)
      if (code < 0 || code >= dictionary.length) throw corrupt(key, `code ${code} is not in its dictionary`);
    return { type, length: rows, validity, offsets: null, values: codes, dictionary };
  }
  const length = type.kind === 'boolean' ? (rows + 7) >> 3 : rows * valueWidth(type);
  return { type, length: rows, validity, offsets: null, values: typed(type, bytes(length)), dictionary: null };
}

/** Whether the stored column needs a dictionary to be decoded. */
export function isCoded(payload: Uint8Array): boolean {
  return payload[0] === FORM.codes;
}

function typed(type: DataType, { buffer, byteOffset, byteLength }: Uint8Array): Values {
  switch (type.kind) {
    case 'boolean':
      return new Uint8Array(buffer, byteOffset, byteLength);
    case 'int32':
    case 'date':
      return new Int32Array(buffer, byteOffset, byteLength >> 2);
    case 'float64':
      return new Float64Array(buffer, byteOffset, byteLength >> 3);
    default:
      return new BigInt64Array(buffer, byteOffset, byteLength >> 3);
  }
}

function textOf({ values, offsets }: Vector, from: number, to: number): { offsets: Int32Array; bytes: Uint8Array } {
  const start = offsets?.[from] ?? 0;
  const rebased = Int32Array.from({ length: to - from + 1 }, (_, i) => (offsets?.[from + i] ?? 0) - start);
  return { offsets: rebased, bytes: bytesOf(values).subarray(start, start + (rebased.at(-1) ?? 0)) };
}

function gather(
  { values, validity }: Vector,
  dictionary: Vector,
  from: number,
  to: number,
): { offsets: Int32Array; bytes: Uint8Array } {
  const ends = dictionary.offsets ?? new Int32Array(1);
  const source = bytesOf(dictionary.values);
  const offsets = new Int32Array(to - from + 1);
  const isNull = (row: number): boolean => validity !== null && ((validity[row >> 3] ?? 0) & (1 << (row & 7))) === 0;
  for (let row = from; row < to; row++) {
    const code = Number(values[row]);
    offsets[row - from + 1] = (offsets[row - from] ?? 0) + (isNull(row) ? 0 : (ends[code + 1] ?? 0) - (ends[code] ?? 0));
  }
  const bytes = new Uint8Array(offsets.at(-1) ?? 0);
  for (let row = from; row < to; row++) {
    if (isNull(row)) continue;
    const code = Number(values[row]);
    bytes.set(source.subarray(ends[code] ?? 0, ends[code + 1] ?? 0), offsets[row - from] ?? 0);
  }
  return { offsets, bytes };
}

function assemble(form: number, rows: number, textBytes: number, parts: readonly (Uint8Array | null)[]): Uint8Array {
  let length = HEADER;
  for (const part of parts) if (part !== null) length = aligned(length) + part.length;
  const payload = new Uint8Array(aligned(length));
  const view = new DataView(payload.buffer);
  payload[0] = form;
  payload[1] = parts[0] === null ? 0 : 1;
  view.setUint32(4, rows, true);
  view.setUint32(8, textBytes, true);
  let at = HEADER;
  for (const part of parts) {
    if (part === null) continue;
    payload.set(part, at);
    at = aligned(at + part.length);
  }
  return payload;
}

function aligned(at: number): number {
  return (at + 7) & ~7;
}

function bytesOf({ buffer, byteOffset, byteLength }: Values): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
