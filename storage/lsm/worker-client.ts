import { Worker } from 'node:worker_threads';
import { databaseClosed, LumaError, SQLSTATE } from '../../src/types/error.ts';
import type { TablesCore } from '../tables/core.ts';
import { type Entry, OPENED, type Pair, type Reply, type Request, type WorkerStart } from './messages.ts';

interface Waiting {
  resolve(pairs: readonly Pair[]): void;
  reject(error: LumaError): void;
}

/** Requests as the caller writes them: `T` without its id. */
type Unnumbered<T> = T extends unknown ? Omit<T, 'id'> : never;

/**
 * The main thread's side of the commit worker. Replies come in the order of the requests of a kind; memory that a
 * request points to is pinned until its reply.
 */
export class WorkerClient {
  readonly #worker: Worker;
  readonly #core: TablesCore;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = OPENED;
  #failure: LumaError | null = null;

  private constructor(worker: Worker, core: TablesCore) {
    this.#worker = worker;
    this.#core = core;
    worker.on('message', (reply: Reply) => this.#receive(reply));
    worker.on('error', (error) => this.#fail(error.message, error));
    worker.on('exit', () => this.#fail('its thread has ended'));
  }

  /** Throws what opening the store throws. */
  static async start(start: WorkerStart, core: TablesCore): Promise<WorkerClient> {
    const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
    const worker = new Worker(new URL(`./commit-worker.${extension}`, import.meta.url), { workerData: start });
    const client = new WorkerClient(worker, core);
    try {
      await new Promise<readonly Pair[]>((resolve, reject) => client.#waiting.set(OPENED, { resolve, reject }));
    } catch (error) {
      await worker.terminate();
      throw error;
    }
    worker.unref();
    return client;
  }

  /** Resolves when the entries are as durable as the sync mode promises. */
  async write(entries: readonly Entry[]): Promise<void> {
    await this.#request({ kind: 'write', entries });
  }

  /** Payloads in the order of the keys. Throws XX001 for one that is missing or damaged. */
  async read(keys: readonly Uint8Array[]): Promise<readonly Pair[]> {
    return this.#request({ kind: 'read', keys });
  }

  async range([from, to]: readonly [Uint8Array, Uint8Array]): Promise<readonly Pair[]> {
    return this.#request({ kind: 'range', from, to });
  }

  /** Throws 58030 when the store could not be closed as it should; its thread has ended nevertheless. */
  async close(): Promise<void> {
    try {
      if (this.#failure === null) await this.#request({ kind: 'close' });
    } finally {
      this.#failure ??= databaseClosed();
      await this.#worker.terminate();
    }
  }

  #request(request: Unnumbered<Request>): Promise<readonly Pair[]> {
    if (this.#failure !== null) return Promise.reject(this.#failure);
    const id = ++this.#lastId;
    const pin = this.#core.pinChunks();
    return new Promise<readonly Pair[]>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      // A program does not end before its commits have been answered.
      this.#worker.ref();
      this.#worker.postMessage({ ...request, id });
    }).finally(() => {
      pin.release();
      if (this.#waiting.size === 0) this.#worker.unref();
    });
  }

  #receive(reply: Reply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if (reply.kind === 'done') waiting?.resolve(reply.pairs);
    else waiting?.reject(new LumaError(reply.code, reply.message, { hint: reply.hint }));
  }

  #fail(message: string, cause?: unknown): void {
    this.#failure ??= new LumaError(SQLSTATE.ioError, `the commit worker failed: ${message}`, { cause });
    for (const { reject } of this.#waiting.values()) reject(this.#failure);
    this.#waiting.clear();
  }
}
