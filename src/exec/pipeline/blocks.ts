import type { Global } from '../../wasm/function-builder.ts';
import type { BlockLayout, Slot } from './stream.ts';

/**
 * The fixed beginnings of what generated code and its hosts share: offsets in bytes, int32 unless said otherwise.
 * A block is zeroed before each drain, its beginning then written by the run.
 */

/** A morsel's descriptor; what follows is the source's. */
export const MORSEL = {
  /** Rows of the morsel. */
  rows: 0,
  /** int64: rows of the source before this morsel. */
  sequence: 8,
  end: 16,
} as const;

/** The block that all threads see. */
export const SHARED = {
  /** Address of the constant area. */
  constants: 0,
  /** Address of the run's dictionary directory (dictionaries.ts). */
  dictionaries: 4,
  /** Address of the parameters' values (parameters.ts). */
  parameters: 12,
  /** Not 0: morsels not yet begun are left out, because the query failed or was canceled. Read and written atomically. */
  done: 8,
  end: 16,
} as const;

/** A thread's own block. */
export const LOCAL = {
  /** The free part of the thread's memory slice: from `next` up to `limit`. */
  next: 0,
  limit: 4,
  /** Number of the error that was raised, and the text of its message's `%`. */
  error: 8,
  errorText: 12,
  errorTextLength: 16,
  /** Number of the thread, from 0. */
  thread: 20,
  end: 24,
} as const;

/** In every module: the address of the shared block, set when a pipeline function is entered. */
export const SHARED_GLOBAL: Global = { index: 0, type: 'i32' };

/** Hands out slots behind the fixed beginnings. */
export class BlockPlan implements BlockLayout {
  #shared: number = SHARED.end;
  #local: number = LOCAL.end;

  get sharedBytes(): number {
    return this.#shared;
  }

  get localBytes(): number {
    return this.#local;
  }

  shared(bytes: number): Slot {
    const slot = this.#shared;
    this.#shared += (bytes + 7) & ~7;
    return slot;
  }

  local(bytes: number): Slot {
    const slot = this.#local;
    this.#local += (bytes + 7) & ~7;
    return slot;
  }
}
