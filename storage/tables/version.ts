import type { TableDefinition } from '../api.ts';
import type { Dictionary } from '../segments/dictionary.ts';
import type { Segment } from '../segments/segment.ts';
import type { TableStore } from './table-store.ts';

/** One table at one commit. Immutable. */
export interface TableVersion {
  readonly store: TableStore;
  /** Changes with CREATE and ALTER, never with rows: what conflicts are found by. */
  readonly schema: number;
  readonly definition: TableDefinition;
  /** How each column comes: coded with this dictionary, or (null) as its type says. */
  readonly forms: readonly (Dictionary | null)[];
  readonly sealed: readonly Segment[];
  /** The segment that commits still add to, with the rows of this version. */
  readonly open: Segment | null;
  readonly rows: number;
}

/** All tables at one commit. */
export interface DatabaseVersion {
  readonly tables: ReadonlyMap<string, TableVersion>;
}

export const EMPTY_DATABASE: DatabaseVersion = { tables: new Map() };

let lastSchema = 0;

/** A number no other table definition of this process has. */
export function newSchema(): number {
  return ++lastSchema;
}

export function segmentsOf(table: TableVersion): readonly Segment[] {
  return table.open === null || table.open.rows === 0 ? table.sealed : [...table.sealed, table.open];
}
