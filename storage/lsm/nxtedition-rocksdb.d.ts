/** The part of @nxtedition/rocksdb (an abstract-level 1 database) that is used here; the package has no types. */
declare module '@nxtedition/rocksdb' {
  interface Batch {
    put(key: Uint8Array, value: Uint8Array): this;
    del(key: Uint8Array): this;
    write(options?: { sync?: boolean }): Promise<void>;
  }
  interface Iterator {
    nextv(size: number): Promise<[Buffer, Buffer][]>;
    close(): Promise<void>;
  }
  export class RocksLevel {
    constructor(location: string, options: { keyEncoding: 'buffer'; valueEncoding: 'buffer' });
    open(options: {
      createIfMissing: boolean;
      compression: boolean;
      walCompression: boolean;
      compaction: 'level' | 'universal';
      memtableMemoryBudget: number;
      cacheSize: number;
    }): Promise<void>;
    batch(): Batch;
    getMany(keys: readonly Uint8Array[]): Promise<(Buffer | undefined)[]>;
    iterator(options: { gte: Uint8Array; lt: Uint8Array }): Iterator;
    close(): Promise<void>;
  }
}
