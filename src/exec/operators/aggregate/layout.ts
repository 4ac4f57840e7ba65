import type { Pointer } from '../../../memory/shared-memory.ts';
import type { QueryRun } from '../../query-run.ts';

/**
 * What a thread's own block says of its groups; byte offsets in the slot that the sink reserves.
 *
 * Directly indexed groups use `table` alone: an array of states. Hashed groups have a directory of 8-byte entries, 0 when
 * free: the record's address in the low half, the key's hash in the high half. An entry's place is `hash >>> shift` or, linearly,
 * after it, so that entries stand in the order of their hashes (but for collisions) and a range of hashes is a range of entries.
 * At most half of the entries are taken. Records lie in pages, chained in the order they were filled.
 */
export const GROUPS = {
  table: 0,
  shift: 4,
  /** Groups, and how many the directory takes before it grows. */
  count: 8,
  limit: 12,
  /** The free part of the last page, and that page. */
  next: 16,
  end: 20,
  page: 24,
  firstPage: 28,
  /** Size of the next page. */
  pageBytes: 32,
  bytes: 40,
} as const;

/** log2 of a directory's first capacity. */
export const FIRST_BITS = 8;

/** A page of records; `used` is the address behind the last one, written when the next page begins. */
export const PAGE = { next: 0, used: 4, records: 16 } as const;

export const FIRST_PAGE_BYTES = 4096;
export const LARGEST_PAGE_BYTES = 1 << 20;

/** Writes uint32 words one after the other: what a source keeps of a morsel. */
export function writeWords(into: DataView, words: readonly number[]): void {
  words.forEach((word, i) => {
    into.setUint32(i * 4, word, true);
  });
}

/** Reads an address at a multiple of 4. */
export function readAddress(run: QueryRun, at: Pointer): Pointer {
  return run.memory.u32(at, 1)[0] ?? 0;
}
