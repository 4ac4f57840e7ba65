import type { ColumnDefinition } from '../api.ts';
import { HyperLogLog } from '../segments/hyperloglog.ts';
import type { ChunkSummary, Segment } from '../segments/segment.ts';
import type { TableStore } from '../tables/table-store.ts';
import { corrupt } from './frame.ts';
import { scalarFromText, scalarToText } from './scalar-text.ts';

/** The stored JSON documents. */

/** A part of a table's rows, in order: a stored segment, or log records [from, to) that make one or more. */
export type TablePart = { readonly segment: number } | { readonly from: number; readonly to: number };

/** Key t. After `parts`, the records from `openFrom` on are the open segment. */
export interface TableDocument {
  readonly name: string;
  readonly columns: readonly ColumnDefinition[];
  /** By column: the dictionary it is coded with, or null. */
  readonly dictionaries: readonly (number | null)[];
  readonly parts: readonly TablePart[];
  readonly openFrom: number;
}

/** Key e. */
export interface LogEnd {
  /** The next record's number. */
  readonly next: number;
  /** Of the whole table. */
  readonly rows: number;
}

/** Key s. */
export interface SegmentDocument {
  readonly rows: number;
  readonly columns: readonly {
    readonly min: string | null;
    readonly max: string | null;
    readonly nulls: number;
    readonly textBytes: number;
    readonly dictionary: number | null;
  }[];
}

/** Key k. */
interface StatisticsDocument {
  readonly sketches: readonly string[];
  readonly analysis: {
    readonly rows: number;
    readonly columns: readonly {
      readonly distinct: number;
      readonly mostCommon: readonly (readonly [string | null, number])[];
      readonly histogram: readonly (string | null)[];
    }[];
  } | null;
}

export function segmentDocument(segment: Segment, dictionaries: readonly (number | null)[]): SegmentDocument {
  return {
    rows: segment.rows,
    columns: segment.slots.map(({ summary }, column) => ({
      min: scalarToText(summary.min),
      max: scalarToText(summary.max),
      nulls: summary.nulls,
      textBytes: summary.textBytes,
      dictionary: dictionaries[column] ?? null,
    })),
  };
}

/** The segment without its data. */
export function segmentOfDocument(id: number, document: SegmentDocument): Segment {
  return {
    rows: document.rows,
    slots: document.columns.map(({ min, max, nulls, textBytes }) => {
      const summary: ChunkSummary = { min: scalarFromText(min), max: scalarFromText(max), nulls, textBytes };
      return { summary, chunk: null };
    }),
    stored: { id, dictionaries: document.columns.map(({ dictionary }) => dictionary) },
  };
}

export function statisticsText(store: TableStore): string {
  const document: StatisticsDocument = {
    sketches: store.sketches.map((sketch) => Buffer.from(sketch.toBytes()).toString('base64')),
    analysis:
      store.analysis === null
        ? null
        : {
            rows: store.analysis.rows,
            columns: store.analysis.columns.map(({ distinct, mostCommon, histogram }) => ({
              distinct,
              mostCommon: mostCommon.map(({ value, frequency }) => [scalarToText(value), frequency] as const),
              histogram: histogram.map(scalarToText),
            })),
          },
  };
  return JSON.stringify(document);
}

export function restoreStatistics(store: TableStore, document: StatisticsDocument): void {
  document.sketches.forEach((text, column) => {
    store.sketches[column]?.merge(HyperLogLog.fromBytes(Buffer.from(text, 'base64')));
  });
  if (document.analysis === null) return;
  store.analysis = {
    rows: document.analysis.rows,
    columns: document.analysis.columns.map(({ distinct, mostCommon, histogram }) => ({
      distinct,
      mostCommon: mostCommon.map(([value, frequency]) => ({ value: scalarFromText(value), frequency })),
      histogram: histogram.map(scalarFromText),
    })),
  };
}

/** A document by its key. What this program has written has this program's form; the checksum says that it has. */
export function parseDocument(key: Uint8Array, payload: Uint8Array, family: 't'): TableDocument;
export function parseDocument(key: Uint8Array, payload: Uint8Array, family: 'e'): LogEnd;
export function parseDocument(key: Uint8Array, payload: Uint8Array, family: 's'): SegmentDocument;
export function parseDocument(key: Uint8Array, payload: Uint8Array, family: 'k'): StatisticsDocument;
export function parseDocument(key: Uint8Array, payload: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(payload).toString('utf8'));
  } catch {
    throw corrupt(key, 'it is no JSON');
  }
}
