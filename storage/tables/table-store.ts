import type { ColumnDefinition, Scalar } from '../api.ts';
import type { Dictionary } from '../segments/dictionary.ts';
import { HyperLogLog } from '../segments/hyperloglog.ts';
import type { SegmentBuilder } from '../segments/segment-builder.ts';

/** What ANALYZE found out about a column, by table position. */
export interface ColumnAnalysis {
  readonly distinct: number;
  readonly mostCommon: readonly { readonly value: Scalar; readonly frequency: number }[];
  readonly histogram: readonly Scalar[];
}

export interface TableAnalysis {
  /** Rows it saw. */
  readonly rows: number;
  readonly columns: readonly ColumnAnalysis[];
}

/** What all versions of one table share: its identity and what only grows. */
export class TableStore {
  readonly id: number;
  /** By column; null when the column is not coded, or no longer. */
  readonly dictionaries: (Dictionary | null)[];
  /** By column; says nothing while a dictionary does. */
  readonly sketches: HyperLogLog[];
  builder: SegmentBuilder | null = null;
  analysis: TableAnalysis | null = null;
  /** By a published commit. */
  dropped = false;

  constructor(id: number, dictionaries: readonly (Dictionary | null)[]) {
    this.id = id;
    this.dictionaries = [...dictionaries];
    this.sketches = dictionaries.map(() => new HyperLogLog());
  }

  addColumn(dictionary: Dictionary | null): void {
    this.dictionaries.push(dictionary);
    this.sketches.push(new HyperLogLog());
  }

  /** Estimated distinct values of a column. */
  distinct(column: number): number {
    return this.dictionaries[column]?.size ?? this.sketches[column]?.estimate() ?? 0;
  }
}

/** A sketch of what a dictionary has counted exactly, for a column that leaves it. */
export function addDictionary(sketch: HyperLogLog, dictionary: Dictionary): void {
  for (const hash of dictionary.hashes()) sketch.add(hash);
}

export function typesOf(columns: readonly ColumnDefinition[]): ColumnDefinition['type'][] {
  return columns.map(({ type }) => type);
}
