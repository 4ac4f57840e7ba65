import type { SharedMemory } from '../../src/memory/shared-memory.ts';
import type { Dictionary } from '../segments/dictionary.ts';
import { chunkBlocks, loadedSlot, plainChunk, type Segment, type Slot } from '../segments/segment.ts';

/**
 * Coded columns rewritten as plain text, once each: a column that no longer pays as codes is plain in all segments of
 * new versions, while older versions keep their codes.
 */
export class PlainForms {
  readonly #memory: SharedMemory;
  readonly #plain = new Map<Slot, Slot>();

  constructor(memory: SharedMemory) {
    this.#memory = memory;
  }

  /** The segment with those columns plain; itself when they already are. Data not in memory is plain when it is loaded. Throws 53200. */
  apply(segment: Segment, columns: readonly number[]): Segment {
    if (columns.every((column) => isPlain(segment.slots[column]))) return segment;
    const slots = segment.slots.map((slot, i) => (columns.includes(i) ? this.#slot(slot, segment.rows) : slot));
    return { rows: segment.rows, slots, stored: segment.stored };
  }

  /** The coded slots of `segment` that `apply` has replaced, for retiring. */
  replaced(segment: Segment): Slot[] {
    return segment.slots.filter((slot) => this.#plain.has(slot));
  }

  /** The blocks of rewritten slots, all of them: for a transaction that ends without publishing them. */
  blocks(): number[] {
    return [...this.#plain.values()].flatMap(({ chunk }) => (chunk === null ? [] : chunkBlocks(chunk)));
  }

  /** The slots in `published` belong to a version now; returns the blocks of the others. */
  adopt(published: readonly Segment[]): number[] {
    if (this.#plain.size === 0) return [];
    const adopted = new Set(published.flatMap(({ slots }) => slots));
    for (const [coded, plain] of this.#plain) if (adopted.has(plain)) this.#plain.delete(coded);
    const others = this.blocks();
    this.#plain.clear();
    return others;
  }

  #slot(slot: Slot, rows: number): Slot {
    if (isPlain(slot)) return slot;
    const known = this.#plain.get(slot);
    if (known !== undefined) return known;
    const { chunk } = slot;
    const plain = chunk === null ? { summary: slot.summary, chunk: null } : loadedSlot(plainChunk(this.#memory, chunk, rows));
    this.#plain.set(slot, plain);
    return plain;
  }
}

function isPlain(slot: Slot | undefined): boolean {
  return slot === undefined || (slot.chunk !== null && slot.chunk.dictionary === null);
}

/** Columns that are coded in `before` and plain in `now`. */
export function columnsLeaving(before: readonly (Dictionary | null)[], now: readonly (Dictionary | null)[]): number[] {
  return before.flatMap((dictionary, column) => (dictionary !== null && now[column] === null ? [column] : []));
}
