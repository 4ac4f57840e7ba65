import { type DataType, valueWidth } from '../../types/data-type.ts';
import { isValid, type Values, type Vector } from '../../types/vector.ts';

/** Source row of a NULL. */
export const NO_ROW = -1;

/** A vector's rows in another order, NULL for NO_ROW; several vectors of one type are numbered on, one after the other. */
export function gather(sources: readonly Vector[], rows: Int32Array, type: DataType): Vector {
  const [source] = sources;
  if (source === undefined) throw new RangeError('nothing to gather from');
  const plain = sources.length === 1 ? source : concatenated(sources);
  const { length } = rows;
  const validity = new Uint8Array((length + 7) >> 3);
  let nulls = 0;
  for (let i = 0; i < length; i++) {
    const row = rows[i] ?? NO_ROW;
    if (row === NO_ROW || !isValid(plain, row)) nulls++;
    else validity[i >> 3] = (validity[i >> 3] ?? 0) | (1 << (i & 7));
  }
  const shared = { type, length, validity: nulls === 0 ? null : validity };
  if (plain.offsets !== null && plain.dictionary === null) return { ...shared, ...gatherText(plain, rows), dictionary: null };
  return { ...shared, values: gatherValues(plain, rows), offsets: null, dictionary: plain.dictionary };
}

function gatherValues(source: Vector, rows: Int32Array): Values {
  const { values } = source;
  const at = (i: number): number => Math.max(0, rows[i] ?? 0);
  if (values instanceof Uint8Array) {
    const bits = new Uint8Array((rows.length + 7) >> 3);
    for (let i = 0; i < rows.length; i++) {
      const row = at(i);
      if ((((values[row >> 3] ?? 0) >> (row & 7)) & 1) === 1) bits[i >> 3] = (bits[i >> 3] ?? 0) | (1 << (i & 7));
    }
    return bits;
  }
  if (values instanceof BigInt64Array) {
    const width = wordsOf(source);
    const result = new BigInt64Array(rows.length * width);
    for (let i = 0; i < rows.length; i++) for (let k = 0; k < width; k++) result[i * width + k] = values[at(i) * width + k] ?? 0n;
    return result;
  }
  const result = values instanceof Int32Array ? new Int32Array(rows.length) : new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) result[i] = values[at(i)] ?? 0;
  return result;
}

/** int64 words of a value. */
function wordsOf(vector: Vector): number {
  return valueWidth(vector.type) >> 3;
}

function gatherText(source: Vector, rows: Int32Array): { readonly values: Uint8Array; readonly offsets: Int32Array } {
  const { offsets } = source;
  if (offsets === null || !(source.values instanceof Uint8Array)) throw new RangeError('not a plain text');
  const result = new Int32Array(rows.length + 1);
  let size = 0;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] ?? NO_ROW;
    if (row !== NO_ROW) size += (offsets[row + 1] ?? 0) - (offsets[row] ?? 0);
    result[i + 1] = size;
  }
  const values = new Uint8Array(size);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] ?? NO_ROW;
    if (row !== NO_ROW) values.set(source.values.subarray(offsets[row], offsets[row + 1]), result[i]);
  }
  return { values, offsets: result };
}

/** Vectors of one type as one, text decoded from its dictionaries. */
function concatenated(sources: readonly Vector[]): Vector {
  const plain = sources.map(decoded);
  const length = plain.reduce((sum, each) => sum + each.length, 0);
  const validity = new Uint8Array((length + 7) >> 3);
  const text = plain.every((each) => each.offsets !== null);
  const bytes: Uint8Array[] = [];
  const offsets = new Int32Array(length + 1);
  let at = 0;
  let size = 0;
  for (const each of plain) {
    for (let i = 0; i < each.length; i++) {
      if (isValid(each, i)) validity[(at + i) >> 3] = (validity[(at + i) >> 3] ?? 0) | (1 << ((at + i) & 7));
      if (each.offsets !== null) offsets[at + i + 1] = size + (each.offsets[i + 1] ?? 0);
    }
    if (each.offsets !== null && each.values instanceof Uint8Array) {
      const used = each.offsets[each.length] ?? 0;
      bytes.push(each.values.subarray(0, used));
      size += used;
    }
    at += each.length;
  }
  const [first] = plain;
  if (first === undefined) throw new RangeError('nothing to gather from');
  const values = text ? new Uint8Array(Buffer.concat(bytes)) : concatenatedValues(plain);
  return { type: first.type, length, validity, values, offsets: text ? offsets : null, dictionary: null };
}

function concatenatedValues(sources: readonly Vector[]): Values {
  const [first] = sources;
  if (first === undefined) throw new RangeError('nothing to gather from');
  const length = sources.reduce((sum, each) => sum + each.length, 0);
  if (first.values instanceof Uint8Array) {
    const bits = new Uint8Array((length + 7) >> 3);
    let at = 0;
    for (const { values, length: own } of sources) {
      for (let i = 0; i < own; i++, at++) {
        if (((Number(values[i >> 3] ?? 0) >> (i & 7)) & 1) === 1) bits[at >> 3] = (bits[at >> 3] ?? 0) | (1 << (at & 7));
      }
    }
    return bits;
  }
  if (first.values instanceof BigInt64Array) {
    const wide = sources.flatMap((each) =>
      each.values instanceof BigInt64Array ? [each.values.subarray(0, each.length * wordsOf(each))] : [],
    );
    const result = new BigInt64Array(wide.reduce((sum, each) => sum + each.length, 0));
    let at = 0;
    for (const each of wide) {
      result.set(each, at);
      at += each.length;
    }
    return result;
  }
  const result = first.values instanceof Int32Array ? new Int32Array(length) : new Float64Array(length);
  let at = 0;
  for (const { values, length: own } of sources) for (let i = 0; i < own; i++) result[at++] = Number(values[i] ?? 0);
  return result;
}

function decoded(vector: Vector): Vector {
  const { dictionary, values } = vector;
  if (dictionary === null) return vector;
  const codes = values instanceof Int32Array ? values.subarray(0, vector.length) : new Int32Array(vector.length);
  return { ...gather([dictionary], codes, vector.type), validity: vector.validity };
}
