import type { SharedMemory } from '../../src/memory/shared-memory.ts';
import type { Snapshot, StorageEngine, StorageTransaction } from '../api.ts';
import { analyzeTable } from '../tables/analyze.ts';
import { prepareCommit, type TableChange } from '../tables/commit.ts';
import { TablesCore } from '../tables/core.ts';
import { VersionSnapshot } from '../tables/snapshot.ts';
import { TablesTransaction } from '../tables/transaction.ts';

/** Tables in shared memory and nowhere else. A commit is visible to every later snapshot once it resolves. */
export function openMemory(memory: SharedMemory): StorageEngine {
  const core = new TablesCore(memory);
  const commit = async (changes: readonly TableChange[]): Promise<void> => prepareCommit(core, changes).publish();
  return {
    memory,
    capabilities: { zoneMaps: true, durable: false },
    begin: (): StorageTransaction => new TablesTransaction(core, commit),
    snapshot: (): Snapshot => new VersionSnapshot(core, core.published),
    analyze: (table) => analyzeTable(core, table),
    close: async () => core.close(),
  };
}
