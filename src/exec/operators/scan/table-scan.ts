import type { Column } from '../../../../planner/expression.ts';
import type { TableScan, ZoneBound } from '../../../../planner/physical/plan.ts';
import type { Bound, Scalar, Scan, ScanRequest } from '../../../../storage/api.ts';
import type { Bounds, FloatRange } from '../../../functions/definition.ts';
import { typeBounds } from '../../expression/values.ts';
import type { Stream } from '../../pipeline/stream.ts';
import type { QueryRun } from '../../query-run.ts';
import { columnSource } from './column-source.ts';
import type { SourceColumn } from './columns.ts';

/** The segments of a table that zone maps do not exclude, pinned until the query ends. */
export async function lowerTableScan(plan: TableScan, run: QueryRun): Promise<Stream> {
  const request: ScanRequest = { table: plan.table, columns: plan.positions, bounds: plan.bounds.flatMap(boundOf) };
  const scan = run.snapshot.scanNow(request) ?? (await run.snapshot.scan(request));
  run.onRelease(() => scan.release());
  run.scanned(plan.node, { bytes: scan.bytes, segments: scan.segmentsTotal, segmentsPruned: scan.segmentsPruned });
  const columns = plan.columns.map((column, i) => sourceColumn(run, scan, column, i));
  const source = columnSource(run, columns, scan.segments, plan.node);
  return { branches: [{ source, steps: [] }], columns: plan.columns, ordered: false };
}

function boundOf({ position, operator, value }: ZoneBound): readonly Bound[] {
  if (value !== null && typeof value === 'object') return [];
  return [{ column: position, operator, value }];
}

function sourceColumn(run: QueryRun, scan: Scan, column: Column, position: number): SourceColumn {
  const { dictionary = null, hasNulls = true } = scan.columns[position] ?? {};
  return {
    column,
    dictionary: dictionary === null ? null : run.dictionary(dictionary),
    hasNulls,
    bounds: typeBounds(column.type) === null ? null : zoneBounds(scan, position),
    range: column.type.kind === 'float64' ? zoneRange(scan, position) : undefined,
  };
}

/** As `zoneBounds`, of float64; undefined with NaN or infinities among them. */
function zoneRange(scan: Scan, position: number): FloatRange | undefined {
  let [least, greatest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { rows, columns } of scan.segments) {
    const chunk = columns[position];
    if (chunk === undefined || chunk.nulls === rows) continue;
    if (typeof chunk.min !== 'number' || typeof chunk.max !== 'number') return undefined;
    least = Math.min(least, chunk.min);
    greatest = Math.max(greatest, chunk.max);
  }
  return Number.isFinite(least) && Number.isFinite(greatest) ? { min: least, max: greatest } : undefined;
}

/** From the least minimum to the greatest maximum of the zone maps, whose values are all numbers or all bigints. */
function zoneBounds(scan: Scan, position: number): Bounds | null {
  let [least, greatest]: [Scalar, Scalar] = [null, null];
  for (const { rows, columns } of scan.segments) {
    const chunk = columns[position];
    if (chunk === undefined || chunk.nulls === rows) continue;
    if (chunk.min === null || chunk.max === null) return null;
    if (least === null || chunk.min < least) least = chunk.min;
    if (greatest === null || chunk.max > greatest) greatest = chunk.max;
  }
  const [min, max] = [integerOf(least), integerOf(greatest)];
  return min === null || max === null ? null : { min, max };
}

function integerOf(value: Scalar): bigint | null {
  if (typeof value === 'bigint') return value;
  return typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : null;
}
