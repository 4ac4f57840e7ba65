import { join } from 'node:path';
import { setImmediate } from 'node:timers';
import { parentPort, workerData } from 'node:worker_threads';
import { asLumaError } from '../../src/types/error.ts';
import { encodeColumn, sourceVector } from './column-codec.ts';
import { frame, unframe } from './frame.ts';
import { type KeyValueBatch, type KeyValueStore, openKeyValueStore } from './key-value-store.ts';
import { keyOf } from './keys.ts';
import { batchesAtClose, checkComplete, writeBatchesAtClose } from './last-close.ts';
import { type Entry, OPENED, type Pair, type Reply, type Request, type WorkerStart } from './messages.ts';
import { encodeRecord } from './record-codec.ts';

/**
 * The thread that owns the store: writes and fsyncs block the thread they run on, so they run here. Requests are served in
 * order of arrival; writes that have arrived together become one batch with one fsync (unless `always`).
 *
 * Invariant: after a failed write nothing is written any more, so that what is stored is a prefix of the commits.
 */

/** A batch is written before it grows beyond this. */
const BATCH_BYTES = 32 << 20;

const BATCHES = keyOf('n');

type Write = Extract<Request, { kind: 'write' }>;

class CommitWorker {
  readonly #store: KeyValueStore;
  readonly #start: WorkerStart;
  readonly #reply: (reply: Reply) => void;
  readonly #queue: Request[] = [];
  #running = false;
  #failure: unknown = null;
  /** Batches in the store. */
  #batches: number;
  #unsynced = false;
  #timer: NodeJS.Timeout | null = null;

  constructor(store: KeyValueStore, batches: number, start: WorkerStart, reply: (reply: Reply) => void) {
    this.#store = store;
    this.#batches = batches;
    this.#start = start;
    this.#reply = reply;
    const { syncMode, syncIntervalMs } = start.options;
    if (syncMode === 'interval') this.#timer = setInterval(() => void this.#syncNow(), syncIntervalMs);
  }

  receive(request: Request): void {
    this.#queue.push(request);
    if (this.#running) return;
    this.#running = true;
    // What has arrived at the same time is in the queue by then.
    setImmediate(() => void this.#run());
  }

  async #run(): Promise<void> {
    for (let request = this.#queue.shift(); request !== undefined; request = this.#queue.shift()) {
      if (request.kind === 'write') await this.#writeGroup(request);
      else await this.#serve(request);
    }
    this.#running = false;
  }

  /** `first` and the writes right behind it. */
  async #writeGroup(first: Write): Promise<void> {
    const group: Write[] = [];
    const batch = this.#store.batch();
    try {
      if (this.#failure !== null) throw this.#failure;
      let bytes = 0;
      for (let next: Request | undefined = first; next?.kind === 'write'; next = this.#queue[0]) {
        if (next !== first) this.#queue.shift();
        group.push(next);
        for (const entry of next.entries) bytes += await this.#apply(batch, entry);
        if (this.#start.options.syncMode === 'always' || bytes >= BATCH_BYTES) break;
      }
      batch.put(BATCHES, frame(BATCHES, new TextEncoder().encode(String(++this.#batches))));
      await batch.write(this.#start.options.syncMode === 'always' || this.#start.options.syncMode === 'group_commit');
      this.#unsynced = true;
      for (const { id } of group) this.#reply({ id, kind: 'done', pairs: [] });
    } catch (error) {
      this.#failure = error;
      for (const { id } of group.length > 0 ? group : [first]) this.#reply(failure(id, error));
    }
  }

  /** Returns about how many bytes it added. */
  async #apply(batch: KeyValueBatch, entry: Entry): Promise<number> {
    switch (entry.kind) {
      case 'delete':
        batch.del(entry.key);
        return entry.key.length;
      case 'delete_range': {
        let count = 0;
        for await (const [key] of this.#store.range(entry.from, entry.to)) {
          batch.del(key);
          count += key.length;
        }
        return count;
      }
      default: {
        const value = frame(entry.key, this.#encode(entry));
        batch.put(entry.key, value);
        return value.length;
      }
    }
  }

  #encode(entry: Exclude<Entry, { kind: 'delete' | 'delete_range' }>): Uint8Array {
    const { buffer } = this.#start.memory;
    switch (entry.kind) {
      case 'json':
        return new TextEncoder().encode(entry.text);
      case 'column':
        return encodeColumn(sourceVector(buffer, entry.source), entry.from, entry.to, false);
      case 'rows': {
        const columns = entry.columns.map((source) => sourceVector(buffer, source));
        return encodeRecord(columns, entry.from, entry.to, entry.numbers);
      }
    }
  }

  async #serve(request: Exclude<Request, Write>): Promise<void> {
    try {
      this.#reply({ id: request.id, kind: 'done', pairs: await this.#answer(request) });
    } catch (error) {
      this.#reply(failure(request.id, error));
    }
  }

  async #answer(request: Exclude<Request, Write>): Promise<Pair[]> {
    switch (request.kind) {
      case 'read': {
        const values = await this.#store.getMany(request.keys);
        return request.keys.map((key, i) => [key, owned(unframe(key, values[i]))]);
      }
      case 'range': {
        const pairs: Pair[] = [];
        for await (const [key, value] of this.#store.range(request.from, request.to)) {
          pairs.push([owned(key), owned(unframe(key, value))]);
        }
        return pairs;
      }
      case 'close':
        if (this.#timer !== null) clearInterval(this.#timer);
        if (this.#failure === null) await this.#syncNow();
        await this.#store.close();
        if (this.#failure === null) await writeBatchesAtClose(this.#start.directory, this.#batches);
        return [];
    }
  }

  /** An empty batch with fsync brings the earlier ones to disk too. */
  async #syncNow(): Promise<void> {
    if (!this.#unsynced || this.#failure !== null) return;
    this.#unsynced = false;
    try {
      await this.#store.batch().write(true);
    } catch (error) {
      this.#failure = error;
    }
  }
}

/** A copy in memory of its own, which a message can take along. */
function owned(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes);
}

function failure(id: number, thrown: unknown): Reply {
  const { code, message, hint } = asLumaError(thrown);
  return { id, kind: 'failed', code, message, hint };
}

function isStart(data: unknown): data is WorkerStart {
  return (
    typeof data === 'object' && data !== null && 'memory' in data && 'engine' in data && 'directory' in data && 'options' in data
  );
}

/** Throws XX001 when some of them have been lost; the store is closed then. */
async function countBatches(store: KeyValueStore, directory: string): Promise<number> {
  try {
    const [stored] = await store.getMany([BATCHES]);
    const batches = stored === undefined ? 0 : Number(new TextDecoder().decode(unframe(BATCHES, stored)));
    checkComplete(batches, await batchesAtClose(directory));
    return batches;
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function main(): Promise<void> {
  const port = parentPort;
  if (port === null || !isStart(workerData)) throw new Error('commit-worker.ts runs as a worker thread');
  const start = workerData;
  const reply = (message: Reply): void => {
    const buffers = message.kind === 'done' ? message.pairs.map(([, payload]) => payload.buffer) : [];
    port.postMessage(
      message,
      buffers.filter((buffer) => buffer instanceof ArrayBuffer),
    );
  };
  try {
    const store = await openKeyValueStore(start.engine, join(start.directory, start.engine), start.options);
    const worker = new CommitWorker(store, await countBatches(store, start.directory), start, reply);
    port.on('message', (request: Request) => worker.receive(request));
    reply({ id: OPENED, kind: 'done', pairs: [] });
  } catch (error) {
    reply(failure(OPENED, error));
    port.close();
  }
}

await main();
