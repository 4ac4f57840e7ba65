/**
 * When a commit counts as durable. `always`: each has its own fsync; `group_commit`: those that wait together share one;
 * `interval`: fsync every `syncIntervalMs`, so a crash of the machine (not of the process) may lose that much; `off`:
 * the operating system decides.
 */
export type SyncMode = 'always' | 'group_commit' | 'interval' | 'off';

export interface LsmOptions {
  /** Default group_commit. */
  readonly syncMode?: SyncMode;
  /** For `interval`; default 1000. */
  readonly syncIntervalMs?: number;
  /** Bytes that the LSM tree collects in memory before it writes files; default 64 MiB. */
  readonly memtableBytes?: number;
  /** Bytes of its block cache; default 8 MiB, since column chunks are cached decoded. */
  readonly blockCacheBytes?: number;
}

export interface ResolvedLsmOptions {
  readonly syncMode: SyncMode;
  readonly syncIntervalMs: number;
  readonly memtableBytes: number;
  readonly blockCacheBytes: number;
}

export function resolveOptions(options: LsmOptions = {}): ResolvedLsmOptions {
  return {
    syncMode: options.syncMode ?? 'group_commit',
    syncIntervalMs: options.syncIntervalMs ?? 1000,
    memtableBytes: options.memtableBytes ?? 64 << 20,
    blockCacheBytes: options.blockCacheBytes ?? 8 << 20,
  };
}
