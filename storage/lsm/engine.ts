import type { SharedMemory } from '../../src/memory/shared-memory.ts';
import { asLumaError, databaseClosed, LumaError, SQLSTATE } from '../../src/types/error.ts';
import { SEGMENT_ROWS, type Snapshot, type StorageEngine, type StorageTransaction } from '../api.ts';
import type { Segment, Slot } from '../segments/segment.ts';
import { analyzeTable } from '../tables/analyze.ts';
import { type CommittedTable, type PreparedCommit, prepareCommit, type TableChange } from '../tables/commit.ts';
import { TablesCore } from '../tables/core.ts';
import type { PendingTable } from '../tables/pending-table.ts';
import { tableOf, VersionSnapshot } from '../tables/snapshot.ts';
import type { TableStore } from '../tables/table-store.ts';
import { TablesTransaction } from '../tables/transaction.ts';
import { ChunkCache } from './chunk-cache.ts';
import { openDirectory } from './directory.ts';
import { statisticsText } from './documents.ts';
import { keyOf } from './keys.ts';
import type { Entry } from './messages.ts';
import { type LsmOptions, resolveOptions } from './options.ts';
import { restoreTables } from './restore.ts';
import { type ClosedRange, TableJournal } from './table-journal.ts';
import { WorkerClient } from './worker-client.ts';

/** An open log with at least this many rows becomes a segment when the database is closed. */
const SEAL_AT_CLOSE = SEGMENT_ROWS / 2;

/**
 * A durable database in a directory. Throws 55006 when it is open elsewhere, XX001 when it is damaged, 53200 when the
 * memory cannot hold its dictionaries and open segments.
 */
export async function openLsm(path: string, memory: SharedMemory, options: LsmOptions = {}): Promise<StorageEngine> {
  const engine = await openDirectory(path);
  const core = new TablesCore(memory);
  const start = { memory: memory.memory, engine, directory: path, options: resolveOptions(options) };
  const client = await WorkerClient.start(start, core);
  const lsm = new LsmEngine(core, client);
  try {
    await lsm.restore();
  } catch (error) {
    await lsm.abandon();
    throw error;
  }
  return lsm;
}

/**
 * The tables of `TablesCore`, made durable: a commit is prepared in memory, written by the commit worker, then published.
 *
 * Invariant: requests to the worker are sent in the order in which commits are prepared, and commits are published in
 * the order of the replies, so memory and store go through the same states.
 */
class LsmEngine implements StorageEngine {
  readonly capabilities = { zoneMaps: true, durable: true };
  readonly #core: TablesCore;
  readonly #client: WorkerClient;
  readonly #cache: ChunkCache;
  readonly #journals = new WeakMap<TableStore, TableJournal>();
  /** Set by the first failed write: memory and store may differ from then on. */
  #failure: LumaError | null = null;

  constructor(core: TablesCore, client: WorkerClient) {
    this.#core = core;
    this.#client = client;
    this.#cache = new ChunkCache(core, client);
    core.store = {
      sealed: (pending, segment) => this.#spill(pending, segment),
      discarded: (pending, segment) => this.#discard(pending, segment),
      load: (missing, use) => this.#cache.load(missing, use),
      touch: (slot: Slot) => this.#cache.touch(slot),
      forget: (slot: Slot) => this.#cache.forget(slot),
    };
  }

  get memory(): SharedMemory {
    return this.#core.memory;
  }

  async restore(): Promise<void> {
    for (const { version, journal, closed } of await restoreTables(this.#core, this.#client)) {
      this.#journals.set(version.store, journal);
      this.#storeClosed(journal, closed);
    }
  }

  begin(): StorageTransaction {
    return new TablesTransaction(this.#core, (changes) => this.#commit(changes));
  }

  snapshot(): Snapshot {
    return new VersionSnapshot(this.#core, this.#core.published);
  }

  async analyze(table: string): Promise<void> {
    await analyzeTable(this.#core, table);
    const { store } = tableOf(this.#core.published, table);
    await this.#client.write([statisticsEntry(store)]);
  }

  async close(): Promise<void> {
    if (this.#failure === null) {
      for (const { store } of this.#core.head.tables.values()) this.#prepareToClose(store);
    }
    // What is sent to the worker from here on would find the store closed.
    this.#failure ??= databaseClosed();
    await this.abandon();
  }

  /** Ends without writing anything more. */
  async abandon(): Promise<void> {
    try {
      await this.#client.close();
    } finally {
      this.#core.memory.onPressure(null);
      this.#core.close();
    }
  }

  async #commit(changes: readonly TableChange[]): Promise<void> {
    if (this.#failure !== null) throw this.#failure;
    const prepared = prepareCommit(this.#core, changes);
    const closed: { journal: TableJournal; ranges: readonly ClosedRange[] }[] = [];
    const entries = prepared.tables.flatMap((table) => this.#entries(table, closed));
    const written = this.#client.write(entries);
    for (const { journal, ranges } of closed) this.#storeClosed(journal, ranges);
    this.#merge(prepared);
    try {
      await written;
    } catch (error) {
      throw this.#fail(error);
    }
    prepared.publish();
    for (const { change, version, parts } of prepared.tables) {
      if (change.dropped !== null) this.#background(this.#journals.get(change.dropped.store)?.removal() ?? []);
      if (version !== null && parts.some(({ kind }) => kind !== 'rows')) this.#background([statisticsEntry(version.store)]);
      for (const part of parts) if (part.kind === 'segment') this.#cache.stored(part.segment);
    }
  }

  #entries(
    { change, version, parts }: CommittedTable,
    closed: { journal: TableJournal; ranges: readonly ClosedRange[] }[],
  ): Entry[] {
    const entries: Entry[] = [];
    if (change.dropped !== null) {
      const { store } = change.dropped;
      entries.push({ kind: 'delete', key: keyOf('t', store.id) });
    }
    if (version === null || change.pending === null) return entries;
    const journal = this.#journal(change.pending);
    const commit = journal.commit(version, parts, change.pending.created);
    closed.push({ journal, ranges: commit.closed });
    return [...entries, ...commit.entries];
  }

  #journal({ store, definition, forms }: PendingTable): TableJournal {
    const known = this.#journals.get(store);
    if (known !== undefined) return known;
    const journal = new TableJournal(store.id, definition, forms, { segment: 0, dictionary: 0 });
    this.#journals.set(store, journal);
    return journal;
  }

  /** A transaction's whole segment is stored at once, so that its commit has only to refer to it. */
  #spill(pending: PendingTable, segment: Segment): void {
    if (this.#failure !== null) return;
    this.#background(this.#journal(pending).segment(segment, pending.definition));
  }

  #discard(pending: PendingTable, segment: Segment): void {
    this.#background(this.#journal(pending).discard(segment));
  }

  #storeClosed(journal: TableJournal, ranges: readonly ClosedRange[]): void {
    for (const range of ranges) {
      this.#background(journal.store(range), () => this.#cache.stored(range.segment));
    }
  }

  #merge({ tables }: PreparedCommit): void {
    for (const { version } of tables) {
      if (version === null || version.open === null) continue;
      const entries = this.#journals.get(version.store)?.merge(version.open) ?? [];
      if (entries.length > 0) this.#background(entries);
    }
  }

  #prepareToClose(store: TableStore): void {
    const journal = this.#journals.get(store);
    if (journal === undefined || store.builder === null || journal.openRows < SEAL_AT_CLOSE) return;
    this.#background([...journal.seal(store.builder.view()), statisticsEntry(store)]);
  }

  /** Work that no caller waits for; when it fails, the next commit says so. */
  #background(entries: readonly Entry[], done: () => void = () => undefined): void {
    if (this.#failure !== null || entries.length === 0) return;
    this.#client.write(entries).then(done, (error: unknown) => this.#fail(error));
  }

  #fail(error: unknown): LumaError {
    const cause = asLumaError(error);
    this.#failure ??= new LumaError(SQLSTATE.ioError, `the database can no longer be written: ${cause.message}`, {
      hint: 'reading goes on; close it, mend the cause, and open it again',
      cause,
    });
    return this.#failure;
  }
}

function statisticsEntry(store: TableStore): Entry {
  return { kind: 'json', key: keyOf('k', store.id), text: statisticsText(store) };
}
