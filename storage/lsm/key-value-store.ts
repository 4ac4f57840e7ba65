import { LumaError, SQLSTATE } from '../../src/types/error.ts';
import type { ResolvedLsmOptions } from './options.ts';

export interface KeyValueBatch {
  put(key: Uint8Array, value: Uint8Array): void;
  del(key: Uint8Array): void;
  /** All or nothing; with `sync` it is on disk when this resolves. */
  write(sync: boolean): Promise<void>;
}

/** The ordered store under the engine. Keys compare as bytes. */
export interface KeyValueStore {
  batch(): KeyValueBatch;
  getMany(keys: readonly Uint8Array[]): Promise<(Uint8Array | undefined)[]>;
  /** Pairs with from ≤ key < to, in key order. */
  range(from: Uint8Array, to: Uint8Array): AsyncGenerator<readonly [Uint8Array, Uint8Array], void>;
  close(): Promise<void>;
}

export type KeyValueEngine = 'rocksdb' | 'leveldb';

/** Values of a range are fetched this many at a time. */
const FETCH = 16;
const BUFFERS = { keyEncoding: 'buffer', valueEncoding: 'buffer' } as const;

/** What both bindings have in common (abstract-level). */
interface Level {
  batch(): {
    put(key: Buffer, value: Buffer): unknown;
    del(key: Buffer): unknown;
    write(options: { sync: boolean }): Promise<void>;
  };
  getMany(keys: Buffer[]): Promise<(Buffer | undefined)[]>;
  iterator(options: { gte: Buffer; lt: Buffer }): { nextv(size: number): Promise<[Buffer, Buffer][]>; close(): Promise<void> };
  close(): Promise<void>;
}

/** RocksDB where its binding has a binary for this machine, else LevelDB. */
export async function preferredEngine(): Promise<KeyValueEngine> {
  try {
    await import('@nxtedition/rocksdb');
    return 'rocksdb';
  } catch {
    return 'leveldb';
  }
}

/** Throws 55006 when another has the directory open, 58030 when it cannot be opened. */
export async function openKeyValueStore(
  engine: KeyValueEngine,
  path: string,
  options: ResolvedLsmOptions,
): Promise<KeyValueStore> {
  try {
    return storeOver(path, engine === 'rocksdb' ? await openRocks(path, options) : await openLevel(path, options));
  } catch (error) {
    throw storeError('open', path, error);
  }
}

async function openRocks(path: string, options: ResolvedLsmOptions): Promise<Level> {
  const { RocksLevel } = await import('@nxtedition/rocksdb');
  const level = new RocksLevel(path, BUFFERS);
  await level.open({
    createIfMissing: true,
    // What is worth compressing is compressed before it comes here.
    compression: false,
    walCompression: false,
    compaction: 'level',
    // The binding makes four memtables of it.
    memtableMemoryBudget: options.memtableBytes * 4,
    cacheSize: options.blockCacheBytes,
  });
  return level;
}

async function openLevel(path: string, options: ResolvedLsmOptions): Promise<Level> {
  const { ClassicLevel } = await import('classic-level');
  const level = new ClassicLevel<Buffer, Buffer>(path, BUFFERS);
  await level.open({ compression: false, writeBufferSize: options.memtableBytes, cacheSize: options.blockCacheBytes });
  return level;
}

function storeOver(path: string, level: Level): KeyValueStore {
  return {
    batch: () => {
      const batch = level.batch();
      return {
        put: (key, value) => void batch.put(asBuffer(key), asBuffer(value)),
        del: (key) => void batch.del(asBuffer(key)),
        write: (sync) => batch.write({ sync }),
      };
    },
    getMany: (keys) => level.getMany(keys.map(asBuffer)),
    async *range(from, to) {
      const iterator = level.iterator({ gte: asBuffer(from), lt: asBuffer(to) });
      try {
        for (;;) {
          const pairs = await iterator.nextv(FETCH);
          if (pairs.length === 0) return;
          yield* pairs;
        }
      } finally {
        await iterator.close();
      }
    },
    close: async () => {
      try {
        await level.close();
      } catch (error) {
        throw storeError('close', path, error);
      }
    },
  };
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function storeError(what: string, path: string, error: unknown): LumaError {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const message = cause instanceof Error ? cause.message : String(cause);
  if (/\block\b/i.test(message)) {
    return new LumaError('55006', `the database directory "${path}" is open in another process or connection`, {
      hint: 'a directory can be open once at a time: close the other, or connect to its server',
      cause: error,
    });
  }
  const code = /corruption/i.test(message) ? SQLSTATE.dataCorrupted : SQLSTATE.ioError;
  return new LumaError(code, `could not ${what} the database directory "${path}": ${message}`, { cause: error });
}
