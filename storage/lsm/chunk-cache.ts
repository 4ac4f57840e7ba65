import { TEXT } from '../../src/types/data-type.ts';
import { LumaError, SQLSTATE } from '../../src/types/error.ts';
import type { Vector } from '../../src/types/vector.ts';
import type { Chunk } from '../segments/chunk.ts';
import { ColumnBuilder } from '../segments/column-builder.ts';
import { chunkBlocks, type Segment, type Slot } from '../segments/segment.ts';
import type { MissingChunk, MissingChunks, TablesCore } from '../tables/core.ts';
import { decodeColumn, isCoded } from './column-codec.ts';
import { joinPieces } from './dictionary-pieces.ts';
import { corrupt } from './frame.ts';
import { keyOf, rangeOf } from './keys.ts';
import type { WorkerClient } from './worker-client.ts';

/** Chunks of stored segments are read this many at a time. */
const READ_TOGETHER = 16;

/**
 * The chunks in memory that are also stored: loaded when a scan asks for them, evicted, longest unused first, when the
 * memory runs out. Readers that have an evicted chunk keep it through their pins.
 */
export class ChunkCache {
  readonly #core: TablesCore;
  readonly #client: WorkerClient;
  /** Slots that could be evicted, longest unused first. */
  readonly #evictable = new Set<Slot>();
  /** Slots being loaded for a scan that has not begun yet, and by how many. */
  readonly #busy = new Map<Slot, number>();
  readonly #loading = new Map<Slot, Promise<void>>();

  constructor(core: TablesCore, client: WorkerClient) {
    this.#core = core;
    this.#client = client;
    core.memory.onPressure(() => this.#evictOne());
  }

  touch(slot: Slot): void {
    if (this.#evictable.delete(slot)) this.#evictable.add(slot);
  }

  forget(slot: Slot): void {
    this.#evictable.delete(slot);
  }

  /** The segment's data is stored by now. */
  stored(segment: Segment): void {
    for (const slot of segment.slots) if (slot.chunk !== null) this.#evictable.add(slot);
  }

  async load<T>({ chunks, needed }: MissingChunks, use: () => T): Promise<T> {
    for (const slot of needed) this.#busy.set(slot, (this.#busy.get(slot) ?? 0) + 1);
    try {
      const others = needed.flatMap((slot) => this.#loading.get(slot) ?? []);
      const mine = chunks.filter(({ segment, column }) => {
        const slot = segment.slots[column];
        return slot !== undefined && !this.#loading.has(slot);
      });
      await Promise.all([this.#loadOnce(mine), ...others]);
      return use();
    } finally {
      for (const slot of needed) this.#release(slot);
    }
  }

  /** Registers what is being loaded, so that others wait for it. */
  async #loadOnce(missing: readonly MissingChunk[]): Promise<void> {
    const slots = missing.flatMap(({ segment, column }) => segment.slots[column] ?? []);
    const loading = this.#loadAll(missing);
    for (const slot of slots) this.#loading.set(slot, loading);
    try {
      await loading;
    } finally {
      for (const slot of slots) this.#loading.delete(slot);
    }
  }

  #release(slot: Slot): void {
    const users = (this.#busy.get(slot) ?? 1) - 1;
    if (users === 0) this.#busy.delete(slot);
    else this.#busy.set(slot, users);
  }

  async #loadAll(missing: readonly MissingChunk[]): Promise<void> {
    for (let at = 0; at < missing.length; at += READ_TOGETHER) {
      const some = missing.slice(at, at + READ_TOGETHER);
      const pairs = await this.#client.read(some.map(keyOfChunk));
      for (const [i, one] of some.entries()) {
        const [key, payload] = pairs[i] ?? [];
        const slot = one.segment.slots[one.column];
        if (key === undefined || payload === undefined || slot === undefined) continue;
        const chunk = this.#build(one, await this.#decode(one, key, payload));
        slot.chunk = chunk;
        this.#keep(one, slot, chunk);
      }
    }
  }

  async #decode({ table, segment, column, type, form }: MissingChunk, key: Uint8Array, payload: Uint8Array): Promise<Vector> {
    let dictionary: Vector | null = form?.vector() ?? null;
    if (dictionary === null && isCoded(payload)) {
      const id = segment.stored?.dictionaries[column] ?? null;
      if (id === null) throw corrupt(key, 'its dictionary is not named');
      dictionary = joinPieces(await this.#client.range(rangeOf('d', table.id, id)));
    }
    const vector = decodeColumn(key, payload, type, dictionary);
    if (vector.length !== segment.rows) throw corrupt(key, `it has ${vector.length} of ${segment.rows} rows`);
    return vector;
  }

  /** Throws 53200. */
  #build({ segment, type, form }: MissingChunk, vector: Vector): Chunk {
    const { memory } = this.#core;
    const builder = new ColumnBuilder(memory, type.kind === 'text' ? TEXT : type, form, (at) => memory.free(at));
    try {
      builder.append(vector, 0, segment.rows);
      return builder.seal();
    } catch (error) {
      builder.dispose();
      throw error;
    }
  }

  #keep({ table }: MissingChunk, slot: Slot, chunk: Chunk): void {
    if (!table.dropped) {
      this.#evictable.add(slot);
      return;
    }
    // Only snapshots from before the drop can ask for it: by then the scan that did has its pin.
    setImmediate(() => {
      for (const at of chunkBlocks(chunk)) this.#core.reclaimer.retire(at);
    });
  }

  /** Gives up the longest unused chunk; its memory is free at once unless a reader has it. */
  #evictOne(): boolean {
    for (const slot of this.#evictable) {
      if (this.#busy.has(slot) || slot.chunk === null) continue;
      this.#evictable.delete(slot);
      for (const at of chunkBlocks(slot.chunk)) this.#core.evictions.retire(at);
      slot.chunk = null;
      return true;
    }
    return false;
  }
}

function keyOfChunk({ table, segment, column }: MissingChunk): Uint8Array {
  const { stored } = segment;
  if (stored === null) throw new LumaError(SQLSTATE.internalError, 'a segment that is stored nowhere is not in memory');
  return keyOf('c', table.id, stored.id, column);
}
