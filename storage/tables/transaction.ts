import { LumaError, SQLSTATE } from '../../src/types/error.ts';
import type { Batch } from '../../src/types/vector.ts';
import type { ColumnDefinition, Snapshot, StorageTransaction, TableDefinition } from '../api.ts';
import type { TableChange } from './commit.ts';
import type { TablesCore } from './core.ts';
import { PendingTable } from './pending-table.ts';
import { VersionSnapshot } from './snapshot.ts';
import type { DatabaseVersion, TableVersion } from './version.ts';

interface Change {
  /** What the transaction found under the name and dropped. */
  dropped: TableVersion | null;
  pending: PendingTable | null;
}

/** A transaction of either engine; `finish` makes the changes durable and publishes them. */
export class TablesTransaction implements StorageTransaction {
  readonly #core: TablesCore;
  readonly #base: VersionSnapshot;
  readonly #finish: (changes: readonly TableChange[]) => Promise<void>;
  readonly #changes = new Map<string, Change>();
  #ended = false;

  constructor(core: TablesCore, finish: (changes: readonly TableChange[]) => Promise<void>) {
    this.#core = core;
    this.#finish = finish;
    this.#base = new VersionSnapshot(core, core.published);
  }

  createTable(definition: TableDefinition): void {
    this.#checkActive();
    if (this.#exists(definition.name)) {
      throw new LumaError(SQLSTATE.duplicateTable, `relation "${definition.name}" already exists`);
    }
    checkColumns(definition);
    const change = this.#changes.get(definition.name) ?? { dropped: null, pending: null };
    change.pending = new PendingTable(this.#core, definition, null);
    this.#changes.set(definition.name, change);
  }

  dropTable(name: string): void {
    this.#checkActive();
    if (!this.#exists(name)) throw undefinedTable(name);
    const change = this.#changes.get(name) ?? { dropped: null, pending: null };
    change.pending?.discard();
    change.pending = null;
    change.dropped ??= this.#base.version.tables.get(name) ?? null;
    this.#changes.set(name, change);
  }

  addColumns(table: string, columns: readonly ColumnDefinition[]): void {
    this.#checkActive();
    this.#pending(table).addColumns(columns);
  }

  write(table: string, batch: Batch): void {
    this.#checkActive();
    this.#pending(table).write(batch);
  }

  snapshot(): Snapshot {
    this.#checkActive();
    return new VersionSnapshot(this.#core, this.#version());
  }

  async commit(): Promise<void> {
    this.#checkActive();
    this.#ended = true;
    const changes = [...this.#changes]
      .map(([name, { dropped, pending }]) => ({ name, dropped, pending }))
      .filter(({ dropped, pending }) => dropped !== null || (pending !== null && isChange(pending)));
    try {
      if (changes.length > 0) await this.#finish(changes);
    } finally {
      this.#end();
    }
  }

  rollback(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#end();
  }

  /** Committed tables have handed everything over by now; what is left is given up. */
  #end(): void {
    for (const { pending } of this.#changes.values()) pending?.discard();
    this.#changes.clear();
    this.#base.release();
  }

  #version(): DatabaseVersion {
    if (this.#changes.size === 0) return this.#base.version;
    const tables = new Map(this.#base.version.tables);
    for (const [name, { pending }] of this.#changes) {
      if (pending === null) tables.delete(name);
      else tables.set(name, pending.version());
    }
    return { tables };
  }

  #exists(name: string): boolean {
    const change = this.#changes.get(name);
    return change === undefined ? this.#base.version.tables.has(name) : change.pending !== null;
  }

  #pending(name: string): PendingTable {
    const change = this.#changes.get(name);
    if (change !== undefined) {
      if (change.pending === null) throw undefinedTable(name);
      return change.pending;
    }
    const base = this.#base.version.tables.get(name);
    if (base === undefined) throw undefinedTable(name);
    const pending = new PendingTable(this.#core, base.definition, base);
    this.#changes.set(name, { dropped: null, pending });
    return pending;
  }

  #checkActive(): void {
    if (this.#ended) throw new LumaError(SQLSTATE.internalError, 'the transaction has ended');
  }
}

function isChange(pending: PendingTable): boolean {
  return pending.created || pending.altered || pending.rows > 0;
}

function undefinedTable(name: string): LumaError {
  return new LumaError(SQLSTATE.undefinedTable, `relation "${name}" does not exist`);
}

/** Throws 42701, and 42P16 for columns that can hold nothing. */
function checkColumns({ columns }: TableDefinition): void {
  const names = new Set<string>();
  for (const { name, type } of columns) {
    if (names.has(name)) throw new LumaError(SQLSTATE.duplicateColumn, `column "${name}" specified more than once`);
    names.add(name);
    if (type.kind === 'null') throw new LumaError('42P16', `column "${name}" has no type: NULL is none`);
  }
}
