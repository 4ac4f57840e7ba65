import type { Pin } from '../../src/memory/reclaimer.ts';
import { LumaError, SQLSTATE } from '../../src/types/error.ts';
import type { Scan, ScanColumn, ScanRequest } from '../api.ts';
import { type Chunk, chunkBytes } from '../segments/chunk.ts';
import type { Segment } from '../segments/segment.ts';
import { excludes } from '../segments/zone-map.ts';
import type { MissingChunk, MissingChunks, TablesCore } from './core.ts';
import { segmentsOf, type TableVersion } from './version.ts';

/** A scan whose chunks can also be read by this engine's own passes. */
export interface TableScan extends Scan {
  readonly segments: readonly { readonly rows: number; readonly columns: readonly Chunk[] }[];
}

/** The scan, or, when data of it is not in memory, which. */
export function scanTable(core: TablesCore, table: TableVersion, request: ScanRequest): TableScan | MissingChunks {
  // Before anything that may allocate, and so evict.
  const pin = core.pinChunks();
  try {
    const scan = pinnedScan(core, table, request, pin);
    if (!isScan(scan)) pin.release();
    return scan;
  } catch (error) {
    pin.release();
    throw error;
  }
}

function pinnedScan(core: TablesCore, table: TableVersion, request: ScanRequest, pin: Pin): TableScan | MissingChunks {
  const all = segmentsOf(table);
  const kept = all.filter((segment) => !isPruned(segment, request));
  allocateFirst(core, table, kept, request.columns);
  const chunks = missingChunks(table, kept, request.columns);
  if (chunks.length > 0) {
    const needed = kept.flatMap(({ slots }) => request.columns.flatMap((column) => slots[column] ?? []));
    return { chunks, needed };
  }
  let bytes = 0;
  const hasNulls = request.columns.map(() => false);
  const segments = kept.map((segment) => ({
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
    return { definition: columnOf(table, column), dictionary: form?.view() ?? null, hasNulls: hasNulls[position] ?? false };
  });
  return {
    columns,
    segments,
    segmentsTotal: all.length,
    segmentsPruned: all.length - kept.length,
    bytes,
    release: () => pin.release(),
  };
}

export function isScan(result: TableScan | MissingChunks): result is TableScan {
  return 'release' in result;
}

function isPruned(segment: Segment, { bounds }: ScanRequest): boolean {
  return bounds.some((bound) => {
    const summary = segment.slots[bound.column]?.summary;
    return summary === undefined || excludes(bound, summary, segment.rows);
  });
}

/** All that the scan allocates, because allocating may evict chunks. */
function allocateFirst(core: TablesCore, table: TableVersion, segments: readonly Segment[], columns: readonly number[]): void {
  for (const column of columns) {
    const form = table.forms[column] ?? null;
    form?.ensureNotEmpty();
    const isLater = segments.some(({ slots }) => column >= slots.length);
    if (isLater) core.nullChunk(0, columnOf(table, column).type, form);
  }
}

function missingChunks(table: TableVersion, segments: readonly Segment[], columns: readonly number[]): MissingChunk[] {
  if (!segments.some(({ slots }) => columns.some((column) => slots[column]?.chunk === null))) return [];
  return segments.flatMap((segment) =>
    columns
      .filter((column) => segment.slots[column]?.chunk === null)
      .map((column) => ({
        table: table.store,
        segment,
        column,
        type: columnOf(table, column).type,
        form: table.forms[column] ?? null,
      })),
  );
}

function chunkOf(core: TablesCore, table: TableVersion, segment: Segment, column: number): Chunk {
  const slot = segment.slots[column];
  if (slot === undefined) return core.nullChunk(segment.rows, columnOf(table, column).type, table.forms[column] ?? null);
  if (slot.chunk === null) throw new LumaError(SQLSTATE.internalError, 'a chunk was evicted while it was about to be read');
  core.store?.touch(slot);
  return slot.chunk;
}

function columnOf(table: TableVersion, column: number) {
  const definition = table.definition.columns[column];
  if (definition === undefined) {
    throw new LumaError(SQLSTATE.internalError, `table ${table.definition.name} has no column at position ${column}`);
  }
  return definition;
}
