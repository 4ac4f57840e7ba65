import { valueWidth } from '../../src/types/data-type.ts';
import type { Values, Vector } from '../../src/types/vector.ts';
import { getBit } from './bits.ts';
import { hashBytes, hashWords, mix } from './hash.ts';
import { type HyperLogLog, register } from './hyperloglog.ts';

/** Up to this many rows go through the sketch's exact small form. */
const FEW = 64;
let scratch = new Int32Array(1024);

/** Counts the non-NULL values of rows [from, from + count) of a vector. */
export function countDistinct(sketch: HyperLogLog, vector: Vector, from: number, count: number): void {
  if (scratch.length < count) scratch = new Int32Array(count);
  const hashes = scratch;
  hashRows(vector, from, count, hashes);
  const { validity } = vector;
  if (count <= FEW) {
    for (let i = 0; i < count; i++) if (validity === null || getBit(validity, from + i)) sketch.add(hashes[i] ?? 0);
    return;
  }
  const registers = sketch.dense();
  for (let i = 0; i < count; i++) if (validity === null || getBit(validity, from + i)) register(registers, hashes[i] ?? 0);
}

function hashRows({ type, values, offsets, dictionary }: Vector, from: number, count: number, hashes: Int32Array): void {
  if (type.kind === 'null') return;
  if (dictionary !== null) {
    hashCodes(dictionary, values, from, count, hashes);
    return;
  }
  if (type.kind === 'boolean' && values instanceof Uint8Array) {
    for (let i = 0; i < count; i++) hashes[i] = mix(getBit(values, from + i) ? 2 : 1);
  } else if (offsets !== null && values instanceof Uint8Array) {
    for (let i = 0; i < count; i++) hashes[i] = hashBytes(values, offsets[from + i] ?? 0, offsets[from + i + 1] ?? 0);
  } else if (values instanceof Int32Array) {
    for (let i = 0; i < count; i++) hashes[i] = hashWords(values[from + i] ?? 0, 0);
  } else {
    const words = new Int32Array(values.buffer, values.byteOffset, values.byteLength >> 2);
    if (valueWidth(type) === 8) {
      for (let i = 0, at = 2 * from; i < count; i++, at += 2) hashes[i] = hashWords(words[at] ?? 0, words[at + 1] ?? 0);
    } else {
      for (let i = 0, at = 4 * from; i < count; i++, at += 4) {
        const high = hashWords(words[at + 2] ?? 0, words[at + 3] ?? 0);
        hashes[i] = hashWords((words[at] ?? 0) ^ high, words[at + 1] ?? 0);
      }
    }
  }
}

function hashCodes({ values, offsets }: Vector, codes: Values, from: number, count: number, hashes: Int32Array): void {
  if (!(values instanceof Uint8Array) || offsets === null) return;
  for (let i = 0; i < count; i++) {
    const code = Number(codes[from + i]);
    hashes[i] = hashBytes(values, offsets[code] ?? 0, offsets[code + 1] ?? 0);
  }
}
