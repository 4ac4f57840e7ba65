import type { SharedMemory } from '../src/memory/shared-memory.ts';
import type { StorageEngine } from './api.ts';
import type { LsmOptions } from './lsm/options.ts';
import { openMemory } from './memory/engine.ts';

/** Only a database in a directory has options. */
export type StorageOptions = LsmOptions;

/** A database directory, made if it does not exist, or, without a path, one that lives in memory only. */
export async function openStorage(
  path: string | undefined,
  memory: SharedMemory,
  options: StorageOptions = {},
): Promise<StorageEngine> {
  if (path === undefined) return openMemory(memory);
  // The durable engine's modules are loaded only by those who need them.
  const { openLsm } = await import('./lsm/engine.ts');
  return openLsm(path, memory, options);
}
