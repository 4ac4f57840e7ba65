import { TEXT } from '../../src/types/data-type.ts';
import type { Vector } from '../../src/types/vector.ts';
import { decodeColumn } from './column-codec.ts';
import { corrupt } from './frame.ts';
import { numbersOf } from './keys.ts';
import type { Pair } from './messages.ts';

/** The values of a dictionary from its stored pieces, in code order. Throws XX001 when a piece is missing. */
export function joinPieces(pieces: readonly Pair[]): Vector {
  const decoded = pieces.map(([key, payload]) => ({ key, vector: decodeColumn(key, payload, TEXT, null) }));
  const length = decoded.reduce((sum, { vector }) => sum + vector.length, 0);
  const offsets = new Int32Array(length + 1);
  const values = new Uint8Array(decoded.reduce((sum, { vector }) => sum + vector.values.length, 0));
  let size = 0;
  let bytes = 0;
  for (const { key, vector } of decoded) {
    if (numbersOf(key).at(-1) !== size) throw corrupt(key, `${size} values are stored before it`);
    if (vector.values instanceof Uint8Array) values.set(vector.values, bytes);
    for (let i = 1; i <= vector.length; i++) offsets[size + i] = bytes + (vector.offsets?.[i] ?? 0);
    size += vector.length;
    bytes += vector.values.length;
  }
  return { type: TEXT, length, validity: null, values, offsets, dictionary: null };
}
