import { type Pin, Reclaimer } from '../../src/memory/reclaimer.ts';
import type { Pointer, SharedMemory } from '../../src/memory/shared-memory.ts';
import type { DataType } from '../../src/types/data-type.ts';
import { databaseClosed } from '../../src/types/error.ts';
import { SEGMENT_ROWS } from '../api.ts';
import type { Chunk } from '../segments/chunk.ts';
import { Dictionary } from '../segments/dictionary.ts';
import { type Segment, type Slot, segmentBlocks } from '../segments/segment.ts';
import type { PendingTable } from './pending-table.ts';
import type { TableStore } from './table-store.ts';
import { type DatabaseVersion, EMPTY_DATABASE, type TableVersion } from './version.ts';

/** A column of a segment that must be in memory, in that form, before a scan can go on. */
export interface MissingChunk {
  readonly table: TableStore;
  readonly segment: Segment;
  readonly column: number;
  readonly type: DataType;
  readonly form: Dictionary | null;
}

/** What a scan still waits for. */
export interface MissingChunks {
  readonly chunks: readonly MissingChunk[];
  /** All slots of the scan, also those that have their chunk. */
  readonly needed: readonly Slot[];
}

/** What a durable engine adds: it writes whole segments early and brings stored chunks back into memory. */
export interface SegmentStore {
  /** A transaction has filled a segment. */
  sealed(pending: PendingTable, segment: Segment): void;
  /** Its transaction has given it up. */
  discarded(pending: PendingTable, segment: Segment): void;
  /** Fills the slots' chunks; all that is needed stays there until `use` has returned. Throws 53200, XX001. */
  load<T>(missing: MissingChunks, use: () => T): Promise<T>;
  /** A scan reads the slot. */
  touch(slot: Slot): void;
  /** The slot's blocks are retired by someone else. */
  forget(slot: Slot): void;
}

/**
 * The tables in shared memory, as both engines have them.
 *
 * Invariants: `published` is what new readers see; `head` is `published` plus the commits that are prepared but not yet
 * durable, and every commit is prepared on top of it. Only `prepareCommit` replaces blocks that those versions point to;
 * such blocks are retired when the commit is published. All other replaced blocks belong to one transaction.
 */
export class TablesCore {
  readonly memory: SharedMemory;
  /** Frees what versions pointed to, when no snapshot, scan or request can see it. */
  readonly reclaimer: Reclaimer;
  /** Frees evicted chunks, when no scan reads them: a snapshot alone would load them again. */
  readonly evictions: Reclaimer;
  /** Set once, by the engine that has one. */
  store: SegmentStore | null = null;
  #published: DatabaseVersion = EMPTY_DATABASE;
  #head: DatabaseVersion = EMPTY_DATABASE;
  #replaced: Pointer[] = [];
  #zeros: Pointer = 0;
  #lastTable = 0;
  #closed = false;

  constructor(memory: SharedMemory) {
    this.memory = memory;
    this.reclaimer = new Reclaimer(memory);
    this.evictions = new Reclaimer(memory);
  }

  /** Throws 57P01 once closed, as `head` does. */
  get published(): DatabaseVersion {
    this.#checkOpen();
    return this.#published;
  }

  get head(): DatabaseVersion {
    this.#checkOpen();
    return this.#head;
  }

  /** A prepared commit becomes what the next one builds on. Returns the blocks it replaced, for `publish`. */
  advance(version: DatabaseVersion): readonly Pointer[] {
    this.#head = version;
    return this.#replaced.splice(0);
  }

  /** Readers see it from now on. */
  publish(version: DatabaseVersion, replaced: readonly Pointer[]): void {
    this.#published = version;
    for (const at of replaced) this.reclaimer.retire(at);
  }

  /** For a reader of chunks. */
  pinChunks(): Pin {
    const pins = [this.reclaimer.pin(), this.evictions.pin()];
    return {
      release: () => {
        for (const pin of pins) pin.release();
      },
    };
  }

  /** Forgets every table; what no pin holds is freed. */
  close(): void {
    const { tables } = this.#published;
    this.#closed = true;
    this.#published = EMPTY_DATABASE;
    this.#head = EMPTY_DATABASE;
    for (const table of tables.values()) dropTable(this, table);
    this.reclaimer.retire(this.#zeros);
    this.#zeros = 0;
    this.drain();
  }

  #checkOpen(): void {
    if (this.#closed) throw databaseClosed();
  }

  newTableId(): number {
    return ++this.#lastTable;
  }

  /** For an engine that knows tables from earlier. */
  restore(version: DatabaseVersion, lastTable: number): void {
    this.#published = version;
    this.#head = version;
    this.#lastTable = lastTable;
  }

  newDictionary(type: DataType): Dictionary | null {
    return type.kind === 'text' ? new Dictionary(this.memory, this.reclaimer) : null;
  }

  /** Takes a block that a builder outgrew or gave up. */
  readonly replaced = (at: Pointer): void => {
    if (at !== 0) this.#replaced.push(at);
  };

  /** After a failure: these blocks are in use again. */
  keep(blocks: readonly Pointer[]): void {
    const kept = new Set(blocks);
    this.#replaced = this.#replaced.filter((at) => !kept.has(at));
  }

  /** Retires what was replaced; not while a commit is being prepared or a write may still fail. */
  drain(): void {
    for (const at of this.#replaced.splice(0)) this.reclaimer.retire(at);
  }

  /** A column of NULLs for rows older than the column. */
  nullChunk(rows: number, type: DataType, form: Dictionary | null): Chunk {
    if (this.#zeros === 0) this.#zeros = this.memory.allocateZeroed((SEGMENT_ROWS + 64) * 16, 'NULLs of added columns');
    return {
      validity: this.#zeros,
      values: this.#zeros,
      offsets: type.kind === 'text' && form === null ? this.#zeros : 0,
      min: null,
      max: null,
      nulls: rows,
      textBytes: 0,
      dictionary: form,
    };
  }
}

/** Gives up all of a table that no reader sees any more. */
export function dropTable(core: TablesCore, table: TableVersion): void {
  table.store.dropped = true;
  for (const segment of table.sealed) {
    for (const slot of segment.slots) core.store?.forget(slot);
    for (const at of segmentBlocks(segment)) core.reclaimer.retire(at);
  }
  table.store.builder?.dispose();
  table.store.builder = null;
  for (const dictionary of table.store.dictionaries) dictionary?.release();
}
