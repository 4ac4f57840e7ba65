import type { DictionaryHandle } from '../../../functions/definition.ts';
import type { Local } from '../../../wasm/function-builder.ts';
import type { Row } from '../../pipeline/stream.ts';
import type { QueryRun } from '../../query-run.ts';

/** The place of each value of a dictionary in the order of texts, by code: int32 words as bytes. */
export type Ranks = Uint8Array;

/** Larger dictionaries are not sorted: their texts are compared. */
const MOST_VALUES = 4096;

/** Null when the dictionary is too large. */
export function ranksOf(run: QueryRun, dictionary: DictionaryHandle): Ranks | null {
  if (dictionary.size > MOST_VALUES) return null;
  const { size, offsets, values } = run.dictionaryView(dictionary);
  const bounds = size === 0 ? new Int32Array(1) : run.memory.i32(offsets, size + 1);
  const texts = Array.from({ length: size }, (_, code) => {
    const start = bounds[code] ?? 0;
    return Buffer.from(run.memory.bytes(values + start, (bounds[code + 1] ?? 0) - start));
  });
  const order = texts.map((_, code) => code).sort((a, b) => Buffer.compare(texts[a] ?? EMPTY, texts[b] ?? EMPTY));
  const ranks = new Int32Array(Math.max(1, size));
  order.forEach((code, rank) => {
    ranks[code] = rank;
  });
  return new Uint8Array(ranks.buffer);
}

const EMPTY = Buffer.alloc(0);

/** Pushes the rank of the value with the code. */
export function pushRank(row: Row, ranks: Ranks, code: Local): void {
  row.f.get(row.constant(ranks)).get(code).i32(2).op('i32.shl').op('i32.add').load('i32.load');
}
