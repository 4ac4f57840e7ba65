import type { Column } from '../../../../planner/expression.ts';
import type { WindowOperator } from '../../../../planner/physical/plan.ts';
import { SEGMENT_ROWS } from '../../../../storage/api.ts';
import { valueWidth } from '../../../types/data-type.ts';
import type { Vector } from '../../../types/vector.ts';
import { vectorOf } from '../../../types/vector-build.ts';
import { readValues } from '../../../types/vector-read.ts';
import type { QueryRun } from '../../query-run.ts';
import type { ColumnBatch } from '../../result/column-batch.ts';
import { batchSource } from '../scan/batch-source.ts';
import { type ColumnSource, columnSource } from '../scan/column-source.ts';
import type { ColumnPlace, SourceColumn } from '../scan/columns.ts';

/** What a pure window function computed. */
export interface ResultVector {
  readonly column: Column;
  readonly vector: Vector;
}

interface PlacedColumn {
  readonly source: SourceColumn;
  readonly place: ColumnPlace;
}

/** The rows of the batches, side by side, and of the vectors, in segments. */
export function windowSource(
  run: QueryRun,
  plan: WindowOperator,
  batches: readonly ColumnBatch[],
  vectors: readonly ResultVector[],
): ColumnSource {
  const rows = batches[0]?.rows ?? 0;
  const placed = [...batches.flatMap(batchColumns), ...vectors.flatMap((each) => vectorColumns(run, each))];
  const columns = plan.columns.flatMap(({ id }) => placed.filter(({ source }) => source.column.id === id));
  const segments = Array.from({ length: Math.ceil(rows / SEGMENT_ROWS) }, (_, i) => ({
    rows: Math.min(SEGMENT_ROWS, rows - i * SEGMENT_ROWS),
    columns: columns.map((column) => placeFrom(column, i * SEGMENT_ROWS)),
  }));
  return columnSource(
    run,
    columns.map(({ source }) => source),
    segments,
    plan.node,
  );
}

function batchColumns({ columns }: ColumnBatch): PlacedColumn[] {
  return columns.map(({ column, dictionary, ...place }) => ({
    source: { column, dictionary, hasNulls: place.validity !== 0, bounds: null },
    place,
  }));
}

function vectorColumns(run: QueryRun, { column, vector }: ResultVector): PlacedColumn[] {
  const plain = vector.dictionary === null ? vector : vectorOf(vector.type, readValues(vector));
  const laid = batchSource(run, [column], [{ length: plain.length, columns: [plain] }], null);
  const [source, place] = [laid.columns[0], laid.segments[0]?.columns[0]];
  return source === undefined || place === undefined ? [] : [{ source, place }];
}

/** The column from row `first` on, a multiple of 64. */
function placeFrom({ source, place }: PlacedColumn, first: number): ColumnPlace {
  const { type } = source.column;
  const validity = place.validity === 0 ? 0 : place.validity + first / 8;
  if (source.dictionary === null && type.kind === 'text') {
    return { validity, values: place.values, offsets: place.offsets + first * 4 };
  }
  const bits = source.dictionary !== null ? 32 : type.kind === 'boolean' ? 1 : valueWidth(type) * 8;
  return { validity, values: place.values + (first * bits) / 8, offsets: 0 };
}
