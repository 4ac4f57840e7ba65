import type { Pointer, SharedMemory } from '../../src/memory/shared-memory.ts';
import { TEXT } from '../../src/types/data-type.ts';
import type { Scalar } from '../api.ts';
import { type Chunk, chunkVector } from './chunk.ts';
import { ColumnBuilder } from './column-builder.ts';

/** What is known of a column of a segment without its data. */
export interface ChunkSummary {
  readonly min: Scalar;
  readonly max: Scalar;
  readonly nulls: number;
  readonly textBytes: number;
}

/** Where a durable engine finds a segment's data again. */
export interface StoredSegment {
  readonly id: number;
  /** By column: the dictionary that its stored codes refer to; null when they are no codes. */
  readonly dictionaries: readonly (number | null)[];
}

/** One column of a segment; without a chunk its data is only stored. */
export interface Slot {
  readonly summary: ChunkSummary;
  chunk: Chunk | null;
}

/** Rows that readers see. A table's later columns have no slot here: they are NULL. */
export interface Segment {
  readonly rows: number;
  readonly slots: readonly Slot[];
  stored: StoredSegment | null;
}

export function loadedSlot(chunk: Chunk): Slot {
  return { summary: chunk, chunk };
}

/** Every block of the segment's data, once. */
export function segmentBlocks(segment: Segment): Pointer[] {
  return segment.slots.flatMap(({ chunk }) => (chunk === null ? [] : chunkBlocks(chunk)));
}

export function chunkBlocks(chunk: Chunk): Pointer[] {
  return [chunk.validity, chunk.values, chunk.offsets].filter((at) => at !== 0);
}

/** A coded text chunk as plain text, in blocks of its own. Throws 53200. */
export function plainChunk(memory: SharedMemory, chunk: Chunk, rows: number): Chunk {
  const builder = new ColumnBuilder(memory, TEXT, null, (at) => memory.free(at));
  try {
    builder.append(chunkVector(memory, chunk, TEXT, rows), 0, rows);
    return builder.seal();
  } catch (error) {
    builder.dispose();
    throw error;
  }
}
