import { LumaError, SQLSTATE } from '../types/error.ts';

/** Byte offset into the shared memory; 0 is never a block's address. */
export type Pointer = number;

export const PAGE_BYTES = 65536;
/** WebAssembly's limit with 32-bit addresses. */
export const MAX_BYTES = 65536 * PAGE_BYTES;
/** Every block starts on a cache line, which also suits v128. */
const ALIGNMENT = 64;
/** The first bytes are never handed out, so that 0 can mean "none". */
const RESERVED = 64;
/** Bytes past the end of any block that can be read, so that wide loads need no care at the last one. */
const READABLE_PAST = 64;
/** Free blocks of at most this size are kept in exact-size lists. */
const SMALL = 4096;

interface Block {
  readonly at: Pointer;
  readonly size: number;
}

/**
 * The one shared WebAssembly memory and its allocator.
 *
 * Invariants: only the thread that made it allocates and frees; blocks never overlap; neighbours that are both free
 * are one block; `limit` bounds what is handed out. Growing keeps addresses but not typed arrays: take views anew
 * (`u8()` …) after anything that may allocate.
 */
export class SharedMemory {
  readonly memory: WebAssembly.Memory;
  readonly limit: number;
  #used = 0;
  #peak = 0;
  #top = RESERVED;
  readonly #sizes = new Map<Pointer, number>();
  readonly #small = new Map<number, Pointer[]>();
  /** Free blocks above SMALL, ordered by address. */
  #free: Block[] = [];
  #u8: Uint8Array<SharedArrayBuffer>;
  #reclaim: ((bytes: number) => boolean) | null = null;

  constructor(limit: number = MAX_BYTES) {
    this.limit = Math.min(limit, MAX_BYTES);
    this.memory = new WebAssembly.Memory({ initial: 256, maximum: 65536, shared: true });
    this.#u8 = new Uint8Array(this.buffer());
  }

  /** Bytes handed out. */
  get used(): number {
    return this.#used;
  }

  /** The most bytes ever handed out at once. */
  get peak(): number {
    return this.#peak;
  }

  buffer(): SharedArrayBuffer {
    const buffer: ArrayBufferLike = this.memory.buffer;
    if (!(buffer instanceof SharedArrayBuffer)) throw new LumaError(SQLSTATE.internalError, 'the memory is not shared');
    return buffer;
  }

  /** All of the memory as bytes. */
  u8(): Uint8Array<SharedArrayBuffer> {
    if (this.#u8.byteLength !== this.memory.buffer.byteLength) this.#u8 = new Uint8Array(this.buffer());
    return this.#u8;
  }

  /** Views of a part of the memory, in elements; stale after growing like any other. */
  bytes(at: Pointer, length: number): Uint8Array<SharedArrayBuffer> {
    return this.u8().subarray(at, at + length);
  }
  i32(at: Pointer, length: number): Int32Array<SharedArrayBuffer> {
    return new Int32Array(this.buffer(), at, length);
  }
  /** For reading addresses: half of them are negative as an int32. */
  u32(at: Pointer, length: number): Uint32Array<SharedArrayBuffer> {
    return new Uint32Array(this.buffer(), at, length);
  }
  i64(at: Pointer, length: number): BigInt64Array<SharedArrayBuffer> {
    return new BigInt64Array(this.buffer(), at, length);
  }
  f64(at: Pointer, length: number): Float64Array<SharedArrayBuffer> {
    return new Float64Array(this.buffer(), at, length);
  }

  /**
   * A block of `bytes`, 64-byte aligned, contents undefined. Throws 53200 past the limit.
   * `purpose` names what wanted it, for that error.
   */
  allocate(bytes: number, purpose = 'data'): Pointer {
    const size = Math.max(ALIGNMENT, Math.ceil(bytes / ALIGNMENT) * ALIGNMENT);
    while (this.#used + size > this.limit) {
      if (this.#reclaim === null || !this.#reclaim(size)) throw outOfMemory(size, this.limit, purpose);
    }
    const at = this.#takeSmall(size) ?? this.#takeFree(size) ?? this.#takeTop(size, purpose);
    this.#sizes.set(at, size);
    this.#used += size;
    if (this.#used > this.#peak) this.#peak = this.#used;
    return at;
  }

  /**
   * Whom to ask for memory before an allocation fails: a cache that frees some block and returns true, or false when it has
   * none to give. It must not allocate.
   */
  onPressure(reclaim: ((bytes: number) => boolean) | null): void {
    this.#reclaim = reclaim;
  }

  /** As `allocate`, filled with zeros. */
  allocateZeroed(bytes: number, purpose?: string): Pointer {
    const at = this.allocate(bytes, purpose);
    this.u8().fill(0, at, at + bytes);
    return at;
  }

  /** Gives a block back; 0 is ignored. */
  free(at: Pointer): void {
    if (at === 0) return;
    const size = this.#sizes.get(at);
    if (size === undefined) throw new LumaError(SQLSTATE.internalError, `free of ${at}, which is not a block`);
    this.#sizes.delete(at);
    this.#used -= size;
    if (size <= SMALL) {
      const list = this.#small.get(size);
      if (list === undefined) this.#small.set(size, [at]);
      else list.push(at);
    } else this.#release({ at, size });
  }

  #takeSmall(size: number): Pointer | undefined {
    return size <= SMALL ? this.#small.get(size)?.pop() : undefined;
  }

  /** Best fit. */
  #takeFree(size: number): Pointer | undefined {
    let best = -1;
    for (let i = 0; i < this.#free.length; i++) {
      const candidate = this.#free[i]?.size ?? 0;
      if (candidate >= size && (best < 0 || candidate < (this.#free[best]?.size ?? 0))) best = i;
      if (candidate === size) break;
    }
    const block = this.#free[best];
    if (block === undefined) return undefined;
    if (block.size === size) this.#free.splice(best, 1);
    else this.#free[best] = { at: block.at + size, size: block.size - size };
    return block.at;
  }

  #takeTop(size: number, purpose: string): Pointer {
    const at = this.#top;
    const missing = at + size + READABLE_PAST - this.memory.buffer.byteLength;
    if (missing > 0) this.#grow(missing, size, purpose);
    this.#top = at + size;
    return at;
  }

  /** Grows by at least an eighth, so that growing stays rare. */
  #grow(missing: number, size: number, purpose: string): void {
    const current = this.memory.buffer.byteLength / PAGE_BYTES;
    const needed = Math.ceil(missing / PAGE_BYTES);
    const wanted = Math.max(needed, Math.min(current >> 3, 65536 - current));
    if (current + needed > 65536) throw outOfMemory(size, MAX_BYTES, purpose);
    try {
      this.memory.grow(wanted);
    } catch (cause) {
      throw new LumaError(SQLSTATE.outOfMemory, `the system has no memory left for ${purpose} (${size} bytes)`, { cause });
    }
  }

  #release(block: Block): void {
    let low = 0;
    let high = this.#free.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#free[middle]?.at ?? 0) < block.at) low = middle + 1;
      else high = middle;
    }
    const before = this.#free[low - 1];
    const after = this.#free[low];
    const joinsBefore = before !== undefined && before.at + before.size === block.at;
    const joinsAfter = after !== undefined && block.at + block.size === after.at;
    const at = joinsBefore ? before.at : block.at;
    const size = block.size + (joinsBefore ? before.size : 0) + (joinsAfter ? after.size : 0);
    const from = joinsBefore ? low - 1 : low;
    this.#free.splice(from, (joinsBefore ? 1 : 0) + (joinsAfter ? 1 : 0), { at, size });
    if (at + size === this.#top) {
      this.#free.splice(from, 1);
      this.#top = at;
    }
  }
}

function outOfMemory(size: number, limit: number, purpose: string): LumaError {
  return new LumaError(SQLSTATE.outOfMemory, `out of memory: ${purpose} needs ${size} more bytes, and the limit is ${limit}`, {
    hint: 'raise the memory limit, or ask for less: filter earlier, or select fewer columns',
  });
}
