import { availableParallelism, totalmem } from 'node:os';
import type { Table } from 'apache-arrow';
import type { SyncMode } from '../../storage/lsm/options.ts';
import { openStorage } from '../../storage/open.ts';
import { Executor } from '../exec/executor.ts';
import { MAX_BYTES, SharedMemory } from '../memory/shared-memory.ts';
import { asLumaError, SQLSTATE } from '../types/error.ts';
import type { Engine } from './engine.ts';
import type { ParameterInput } from './parameters.ts';
import { collectResult, type QueryResult } from './results/result.ts';
import type { Progress } from './results/rows.ts';
import { type GridOptions, gridOf } from './series/grid.ts';
import { type SampleSeries, writeSamples } from './series/samples.ts';
import { Session } from './session.ts';
import { StatementCache } from './statement-cache.ts';

export interface DatabaseOptions {
  /** Threads that queries run on; default: one per core. */
  readonly threads?: number;
  /** Bytes of columns and query state in memory, at most 4 GiB; default: three quarters of the machine's, up to that. */
  readonly memoryLimit?: number;
  /** Bytes one query may use; default: half of `memoryLimit`. */
  readonly queryMemoryLimit?: number;
  /** When a commit counts as durable; default `group_commit`. Only for a database in a directory. */
  readonly syncMode?: SyncMode;
}

export interface QueryOptions extends GridOptions {
  /** A language's name, or `auto`; default `lql`. */
  readonly dialect?: string;
  readonly params?: readonly ParameterInput[];
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

/** Of the writers that make the same table or columns at once, one is through with each attempt of the others. */
const WRITE_ATTEMPTS = 50;

/** A LumaDB database: in memory, or in a directory that one process has open at a time. */
export class Database {
  readonly #engine: Engine;
  #closing: Promise<void> | undefined;

  private constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** Opens the database in directory `path`, making it when it is missing; without a path, an empty one in memory. */
  static async open(path?: string, options: DatabaseOptions = {}): Promise<Database> {
    const memoryLimit = Math.min(options.memoryLimit ?? Math.floor(totalmem() * 0.75), MAX_BYTES);
    const memory = new SharedMemory(memoryLimit);
    const storage = await openStorage(path, memory, { syncMode: options.syncMode ?? 'group_commit' });
    const executor = new Executor(memory, {
      threads: options.threads ?? availableParallelism(),
      workMemory: options.queryMemoryLimit ?? Math.floor(memoryLimit / 2),
    });
    return new Database({ storage, executor, statements: new StatementCache() });
  }

  /** A conversation of its own: settings and transaction. */
  session(): Session {
    return new Session(this.#engine);
  }

  /** Runs a text of one or more statements and gives the result of the last. */
  async query(text: string, options: QueryOptions = {}): Promise<QueryResult> {
    const session = this.session();
    try {
      let result: QueryResult | undefined;
      for await (const outcome of session.run(text, { ...options, grid: gridOf(options) })) {
        result = await collectResult(outcome);
      }
      return result ?? (await collectResult({ kind: 'command', tag: '' }));
    } finally {
      session.close();
    }
  }

  /** The rows of one query as Arrow tables, batch by batch in bounded memory; each is valid until the next is asked for. */
  async *stream(text: string, options: QueryOptions = {}): AsyncGenerator<Table, void> {
    const { arrowTable } = await import('./results/arrow.ts');
    const session = this.session();
    try {
      for await (const outcome of session.run(text, { ...options, grid: gridOf(options) })) {
        if (outcome.kind === 'rows') for await (const batch of outcome.batches) yield arrowTable(outcome.schema, [batch]);
        else await collectResult(outcome);
      }
    } finally {
      session.close();
    }
  }

  /**
   * Writes samples of metrics in one commit, making tables and label columns that are missing; again when another writer
   * made them meanwhile. Gives their number.
   */
  async writeSamples(series: readonly SampleSeries[]): Promise<number> {
    for (let attempt = 1; ; attempt++) {
      const transaction = this.#engine.storage.begin();
      try {
        const samples = writeSamples(series, transaction);
        await transaction.commit();
        return samples;
      } catch (thrown) {
        transaction.rollback();
        if (attempt === WRITE_ATTEMPTS || asLumaError(thrown).code !== SQLSTATE.serializationFailure) throw thrown;
        // The other's commit may not be durable, and so not be seen, yet.
        await new Promise((resolve) => setTimeout(resolve, attempt));
      }
    }
  }

  /**
   * Cancels what runs, ends the threads and gives the directory free; commits that were acknowledged are kept. Whoever asks
   * it anything later gets 57P01.
   */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#engine.executor.close();
    await this.#engine.storage.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
