import type { Pointer, SharedMemory } from '../src/memory/shared-memory.ts';
import type { DataType } from '../src/types/data-type.ts';
import type { Batch } from '../src/types/vector.ts';

export type ColumnRole = 'time' | 'tag' | 'field';

export interface ColumnDefinition {
  readonly name: string;
  readonly type: DataType;
  readonly role: ColumnRole;
  readonly notNull: boolean;
}

export interface TableDefinition {
  readonly name: string;
  readonly columns: readonly ColumnDefinition[];
}

/** Rows of a sealed segment, and of a morsel, at most. */
export const SEGMENT_ROWS = 65536;

/** A statistics or bound value: as ConstantValue of the planner, without intervals. */
export type Scalar = null | boolean | number | bigint | string;

export type BoundOperator = 'equal' | 'less' | 'less_equal' | 'greater' | 'greater_equal';

/** Rows that cannot meet every bound need not be delivered; others may be. */
export interface Bound {
  /** Column position in the table. */
  readonly column: number;
  readonly operator: BoundOperator;
  readonly value: Scalar;
}

export interface ScanRequest {
  readonly table: string;
  /** Column positions wanted, in order; may be empty (count(*)). */
  readonly columns: readonly number[];
  readonly bounds: readonly Bound[];
}

/**
 * One column of a segment where it lies in the shared memory, in Arrow's layout (see `Vector`): `validity` 0 means no
 * NULLs; `offsets` only for plain text. The buffers are readable up to the next multiple of 64 rows.
 */
export interface ColumnChunk {
  readonly validity: Pointer;
  readonly values: Pointer;
  readonly offsets: Pointer;
  /** Zone map: exact bounds of the non-NULL values, null when there are none or NaN is among them. Text and boolean: null. */
  readonly min: Scalar;
  readonly max: Scalar;
  readonly nulls: number;
}

export interface SegmentView {
  readonly rows: number;
  /** In the order of the request. */
  readonly columns: readonly ColumnChunk[];
}

/** The values of a dictionary-coded text column, as plain Arrow text in shared memory; codes of the scan are < `size`. */
export interface DictionaryView {
  readonly size: number;
  readonly offsets: Pointer;
  readonly values: Pointer;
  /** Changes whenever the content does; equal versions of one column are equal dictionaries. */
  readonly version: number;
}

/** How a column comes in this scan, the same for all its segments. */
export interface ScanColumn {
  readonly definition: ColumnDefinition;
  /** Present: values are int32 codes. */
  readonly dictionary: DictionaryView | null;
  /** Whether any delivered segment has NULLs in it. */
  readonly hasNulls: boolean;
}

/** What a scan delivers: memory stays valid and unchanged until `release`. */
export interface Scan {
  readonly columns: readonly ScanColumn[];
  readonly segments: readonly SegmentView[];
  readonly segmentsTotal: number;
  /** By zone maps. */
  readonly segmentsPruned: number;
  readonly bytes: number;
  release(): void;
}

export interface ColumnStatistics {
  readonly nulls: number;
  readonly distinct: number;
  readonly min: Scalar;
  readonly max: Scalar;
  readonly mostCommon: readonly { readonly value: Scalar; readonly frequency: number }[];
  readonly histogram: readonly Scalar[];
  readonly width: number;
}

export interface TableStatistics {
  readonly rows: number;
  readonly columns: readonly ColumnStatistics[];
}

export interface Capabilities {
  readonly zoneMaps: boolean;
  /** Commits survive the death of the process. */
  readonly durable: boolean;
}

/** A consistent view of all tables at one commit; readers never block writers. */
export interface Snapshot {
  tables(): readonly TableDefinition[];
  table(name: string): TableDefinition | undefined;
  /** Throws 42P01. Loads what is not in memory yet. */
  scan(request: ScanRequest): Promise<Scan>;
  /** As `scan`, when everything is already in memory; undefined when it is not. */
  scanNow(request: ScanRequest): Scan | undefined;
  statistics(table: string): TableStatistics;
  release(): void;
}

/**
 * Snapshot isolation, first committer wins. A transaction sees its own writes through `snapshot()`.
 * DDL belongs to the transaction too. Nothing is visible to others before `commit` resolves; it rejects with 40001 on a
 * conflict (the same table created, altered or dropped by another commit since the transaction began).
 */
export interface StorageTransaction {
  /** Throws 42P07. */
  createTable(definition: TableDefinition): void;
  /** Throws 42P01. */
  dropTable(name: string): void;
  /** New columns at the end; older rows have NULL. Throws 42P01, 42701. */
  addColumns(table: string, columns: readonly ColumnDefinition[]): void;
  /** Appends rows: columns in table order and of its types. Throws 42P01, 42804, 23502 (NULL in a notNull column, naming it). The batch's buffers are copied. */
  write(table: string, batch: Batch): void;
  snapshot(): Snapshot;
  /** Resolves when the commit is as durable as the engine promises. */
  commit(): Promise<void>;
  rollback(): void;
}

/** What every engine fulfils; `test/storage/` holds the suite that each passes. */
export interface StorageEngine {
  readonly memory: SharedMemory;
  readonly capabilities: Capabilities;
  begin(): StorageTransaction;
  snapshot(): Snapshot;
  /** Recomputes what only a pass over the data can tell (most common values, histograms, exact distinct counts). */
  analyze(table: string): Promise<void>;
  close(): Promise<void>;
}
