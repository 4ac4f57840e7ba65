import type { Pointer, SharedMemory } from '../../memory/shared-memory.ts';
import { LumaError, SQLSTATE } from '../../types/error.ts';

const FIRST_EXTENT = 1 << 20;
const LARGEST_EXTENT = 64 << 20;
const ALIGNMENT = 64;

/** What several arenas of one query may hold together. */
export class MemoryBudget {
  readonly limit: number;
  #used = 0;
  #peak = 0;

  constructor(limit: number) {
    this.limit = limit;
  }

  get free(): number {
    return this.limit - this.#used;
  }

  get peak(): number {
    return this.#peak;
  }

  take(bytes: number): void {
    this.#used += bytes;
    this.#peak = Math.max(this.#peak, this.#used);
  }

  give(bytes: number): void {
    this.#used -= bytes;
  }
}

/** Part of an arena that one thread fills by itself. */
export interface Slice {
  readonly address: Pointer;
  readonly bytes: number;
}

/**
 * Memory that is given back in one step. Small requests are cut from extents that double in size; what is larger than the
 * next extent has a block of its own. Used by the main thread only; threads get slices through it.
 */
export class QueryArena {
  readonly #memory: SharedMemory;
  readonly #budget: MemoryBudget;
  readonly #blocks: Slice[] = [];
  #next = 0;
  #end = 0;
  #extent = FIRST_EXTENT;

  constructor(memory: SharedMemory, budget: MemoryBudget) {
    this.#memory = memory;
    this.#budget = budget;
  }

  /** 64-byte aligned, contents undefined. Throws 53200 past the query's limit or the memory's; `purpose` names who asked. */
  allocate(bytes: number, purpose: string): Pointer {
    const size = Math.max(ALIGNMENT, Math.ceil(bytes / ALIGNMENT) * ALIGNMENT);
    if (this.#end - this.#next < size) {
      if (size > this.#extent >> 1) return this.#block(size, purpose);
      this.#extend(size, purpose);
    }
    const address = this.#next;
    this.#next += size;
    return address;
  }

  /** At least `bytes`; up to `wanted`, as long as that is no more than a quarter of what the budget has left. */
  slice(bytes: number, wanted: number, purpose: string): Slice {
    const size = Math.max(bytes, Math.min(wanted, Math.floor(this.#budget.free / 4 / ALIGNMENT) * ALIGNMENT));
    return { address: this.allocate(size, purpose), bytes: size };
  }

  release(): void {
    for (const { address, bytes } of this.#blocks.splice(0)) {
      this.#memory.free(address);
      this.#budget.give(bytes);
    }
    this.#next = 0;
    this.#end = 0;
    this.#extent = FIRST_EXTENT;
  }

  #extend(size: number, purpose: string): void {
    const free = Math.floor(this.#budget.free / ALIGNMENT) * ALIGNMENT;
    const bytes = Math.max(size, Math.min(this.#extent, free));
    this.#next = this.#block(bytes, purpose);
    this.#end = this.#next + bytes;
    this.#extent = Math.min(this.#extent * 2, LARGEST_EXTENT);
  }

  #block(bytes: number, purpose: string): Pointer {
    if (bytes > this.#budget.free) throw pastLimit(bytes, this.#budget.limit, purpose);
    const address = this.#memory.allocate(bytes, purpose);
    this.#blocks.push({ address, bytes });
    this.#budget.take(bytes);
    return address;
  }
}

function pastLimit(bytes: number, limit: number, purpose: string): LumaError {
  return new LumaError(
    SQLSTATE.outOfMemory,
    `out of memory: ${purpose} needs ${bytes} more bytes, and the query's limit is ${limit}`,
    { hint: 'raise the memory limit, or ask for less: filter earlier, or select fewer columns' },
  );
}
