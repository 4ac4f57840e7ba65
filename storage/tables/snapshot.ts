import type { Pin } from '../../src/memory/reclaimer.ts';
import { LumaError, SQLSTATE } from '../../src/types/error.ts';
import type { Scan, ScanRequest, Snapshot, TableDefinition, TableStatistics } from '../api.ts';
import type { MissingChunks, TablesCore } from './core.ts';
import { isScan, scanTable, type TableScan } from './scan.ts';
import { statisticsOf } from './statistics.ts';
import type { DatabaseVersion, TableVersion } from './version.ts';

/** A version of the database, pinned until `release`. */
export class VersionSnapshot implements Snapshot {
  readonly version: DatabaseVersion;
  readonly #core: TablesCore;
  readonly #pin: Pin;
  #released = false;

  constructor(core: TablesCore, version: DatabaseVersion) {
    this.#core = core;
    this.version = version;
    this.#pin = core.reclaimer.pin();
  }

  tables(): readonly TableDefinition[] {
    return [...this.version.tables.values()].map(({ definition }) => definition).sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  table(name: string): TableDefinition | undefined {
    return this.version.tables.get(name)?.definition;
  }

  async scan(request: ScanRequest): Promise<TableScan> {
    const result = this.#scan(request);
    if (isScan(result)) return result;
    const { store } = this.#core;
    if (store === null) throw new LumaError(SQLSTATE.internalError, 'data that is stored nowhere is not in memory');
    const loaded = await store.load(result, () => this.#scan(request));
    if (!isScan(loaded)) throw new LumaError(SQLSTATE.internalError, 'loaded data is not in memory');
    return loaded;
  }

  scanNow(request: ScanRequest): Scan | undefined {
    const result = this.#scan(request);
    return isScan(result) ? result : undefined;
  }

  statistics(table: string): TableStatistics {
    return statisticsOf(tableOf(this.version, table));
  }

  release(): void {
    this.#released = true;
    this.#pin.release();
  }

  #scan(request: ScanRequest): TableScan | MissingChunks {
    if (this.#released) throw new LumaError(SQLSTATE.internalError, 'a released snapshot cannot be scanned');
    return scanTable(this.#core, tableOf(this.version, request.table), request);
  }
}

/** Throws 42P01. */
export function tableOf(version: DatabaseVersion, name: string): TableVersion {
  const table = version.tables.get(name);
  if (table === undefined) throw new LumaError(SQLSTATE.undefinedTable, `relation "${name}" does not exist`);
  return table;
}
