import { LumaError, SQLSTATE } from '../../src/types/error.ts';
import type { Scan, ScanColumn, ScanRequest, SegmentView } from '../api.ts';
import { type Chunk, chunkBytes } from '../segments/chunk.ts';
import type { Segment } from '../segments/segment.ts';
import { excludes } from '../segments/zone-map.ts';
import type { MissingChunk, TablesCore } from './core.ts';
import { segmentsOf, type TableVersion } from './version.ts';

/** The scan, or, when data of it is not in memory, which. */
export function scanTable(core: TablesCore, table: TableVersion, request: ScanRequest): Scan | readonly MissingChunk[] {
  const all = segmentsOf(table);
  const kept = all.filter((segment) => !isPruned(segment, request));
  const missing = missingChunks(table, kept, request.columns);
  if (missing.length > 0) return missing;
  let bytes = 0;
  const hasNulls = request.columns.map(() => false);
  const segments: SegmentView[] = kept.map((segment) => ({
    rows: segment.rows,
    columns: request.columns.map((column, position) => {
      const chunk = chunkOf(core, table, segment, column);
      if (chunk.nulls > 0) hasNulls[position] = true;
      bytes += chunkBytes(chunk, columnOf(table, column).type, segment.rows);
      return chunk;
    }),
  }));
  const columns: ScanColumn[] = request.columns.map((column, position) => {
    const form = table.forms[column] ?? null;
    form?.ensureNotEmpty();
    return { definition: columnOf(table, column), dictionary: form?.view() ?? null, hasNulls: hasNulls[position] ?? false };
  });
  const pin = core.reclaimer.pin();
  return {
    columns,
    segments,
    segmentsTotal: all.length,
    segmentsPruned: all.length - kept.length,
    bytes,
    release: () => pin.release(),
  };
}

export function isScan(result: Scan | readonly MissingChunk[]): result is Scan {
  return 'release' in result;
}

function isPruned(segment: Segment, { bounds }: ScanRequest): boolean {
  return bounds.some((bound) => {
    const summary = segment.slots[bound.column]?.summary;
    return summary === undefined || excludes(bound, summary, segment.rows);
  });
}

function missingChunks(table: TableVersion, segments: readonly Segment[], columns: readonly number[]): MissingChunk[] {
  return segments.flatMap((segment) =>
    columns
      .filter((column) => segment.slots[column]?.chunk === null)
      .map((column) => ({ segment, column, type: columnOf(table, column).type, form: table.forms[column] ?? null })),
  );
}

function chunkOf(core: TablesCore, table: TableVersion, segment: Segment, column: number): Chunk {
  return segment.slots[column]?.chunk ?? core.nullChunk(segment.rows, columnOf(table, column).type, table.forms[column] ?? null);
}

function columnOf(table: TableVersion, column: number) {
  const definition = table.definition.columns[column];
  if (definition === undefined) {
    throw new LumaError(SQLSTATE.internalError, `table ${table.definition.name} has no column at position ${column}`);
  }
  return definition;
}
