import type { SharedMemory } from '../src/memory/shared-memory.ts';
import { notSupported } from '../src/types/error.ts';
import type { StorageEngine } from './api.ts';
import type { SyncMode } from './lsm/options.ts';
import { openMemory } from './memory/engine.ts';

export interface StorageOptions {
  /** Default group_commit. */
  readonly syncMode?: SyncMode;
}

/** A database directory, made if it does not exist, or, without a path, one that lives in memory only. */
export async function openStorage(
  path: string | undefined,
  memory: SharedMemory,
  _options: StorageOptions = {},
): Promise<StorageEngine> {
  if (path === undefined) return openMemory(memory);
  throw notSupported('a database directory');
}
