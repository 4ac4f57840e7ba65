import { SEGMENT_ROWS } from '../../../../storage/api.ts';
import type { Pointer } from '../../../memory/shared-memory.ts';
import { valueWidth } from '../../../types/data-type.ts';
import type { Local } from '../../../wasm/function-builder.ts';
import { MORSEL } from '../../pipeline/blocks.ts';
import { layMorsels } from '../../pipeline/morsels.ts';
import type { PipelineBuilder, Row, Source } from '../../pipeline/stream.ts';
import type { QueryRun } from '../../query-run.ts';
import { sequenceAt } from '../../rows/row-source.ts';
import { type BlockFilter, BlockFilterCode, planBlockFilter } from './block-filter.ts';
import { type ColumnPlace, ColumnReader, descriptorBytes, placeFrom, type SourceColumn, writePlace } from './columns.ts';
import { laneRows } from './lane-rows.ts';
import { passFraction } from './pass-fraction.ts';
import { planTests } from './row-tests.ts';
import { emitSelected, type TouchedColumn } from './selection.ts';

/** Where this part of the rows passes, a branch is nearly always foreseen, and costs less than a list of those that pass. */
const DENSE = 0.9;

/** A multiple of 64, so that bitmaps can be cut there. */
const MORSEL_ROWS = SEGMENT_ROWS;

/** Rows of a segment in columns; buffers are readable up to the next multiple of 64 rows. */
export interface ColumnSegment {
  readonly rows: number;
  readonly columns: readonly ColumnPlace[];
}

/** A source over columns in memory: a morsel is a segment, or MORSEL_ROWS of a larger one. */
export interface ColumnSource extends Source {
  readonly columns: readonly SourceColumn[];
  readonly segments: readonly ColumnSegment[];
}

export function columnSource(
  run: QueryRun,
  columns: readonly SourceColumn[],
  segments: readonly ColumnSegment[],
  node: number | null,
): ColumnSource {
  const allValid = columns.some(({ hasNulls }) => hasNulls) ? allOnes(run, MORSEL_ROWS) : 0;
  const morsels = layMorsels(
    run,
    descriptorBytes(columns.length),
    segments
      .flatMap((segment) => pieces(columns, segment))
      .map(({ rows, columns: places }) => ({
        rows,
        write: (rest) => {
          places.forEach((place, i) => {
            writePlace(rest, i, place.validity === 0 ? { ...place, validity: allValid } : place);
          });
        },
      })),
  );
  return {
    columns,
    segments,
    morsels,
    rows: segments.reduce((sum, segment) => sum + segment.rows, 0),
    node,
    lanes: (filters) => laneRows(run, columns, filters),
    emit(pipeline, filters, body, early = { tests: [], count: null }) {
      const reader = new ColumnReader(pipeline, columns);
      const index = pipeline.f.local('i32');
      const row = rowAt(pipeline, reader, columns, index);
      const blocks = planBlockFilter(run, columns, filters);
      const tests = planTests(columns, blocks?.rest ?? filters, early);
      const dense = blocks === null || passFraction(blocks, columns) >= DENSE;
      if (dense && tests.pushes.length === 0) emitLoop(pipeline, index, () => body(row, filters));
      else {
        const selection = {
          filter: blocks === null ? null : new BlockFilterCode(pipeline, reader, blocks),
          tests: tests.pushes.map((push) => (at: Local) => push(pipeline, rowAt(pipeline, reader, columns, at))),
          touched: touchedColumns(reader, columns, blocks),
        };
        emitSelected(pipeline, selection, index, () => body(row, tests.rest, tests.counted));
      }
    },
  };
}

/** Columns of fixed width that the filter does not read; the planner leaves no column that nothing reads. */
function touchedColumns(
  reader: ColumnReader,
  columns: readonly SourceColumn[],
  filter: BlockFilter | null,
): readonly TouchedColumn[] {
  return columns.flatMap(({ column, dictionary }, position) => {
    const width = dictionary === null ? valueWidth(column.type) : 4;
    const filtered = filter?.comparisons.some((each) => each.position === position) === true;
    return width === 0 || filtered ? [] : [{ values: reader.values(position), width }];
  });
}

/** The segment in parts of at most MORSEL_ROWS. */
function pieces(columns: readonly SourceColumn[], { rows, columns: places }: ColumnSegment): readonly ColumnSegment[] {
  const parts: ColumnSegment[] = [];
  for (let first = 0; first < rows; first += MORSEL_ROWS) {
    const shifted = first === 0 ? places : places.map((place, i) => placeFrom(columns[i], place, first));
    parts.push({ rows: Math.min(MORSEL_ROWS, rows - first), columns: shifted });
  }
  return parts;
}

/** The row whose index in the morsel is in the local. */
function rowAt(pipeline: PipelineBuilder, reader: ColumnReader, columns: readonly SourceColumn[], index: Local): Row {
  const definitions = new Map(columns.map(({ column }, i) => [column.id, () => reader.load(i, index)]));
  return pipeline.rowOf(definitions, () => sequenceAt(pipeline, index));
}

function emitLoop({ f, morsel }: PipelineBuilder, index: Local, body: () => void): void {
  const rows = f.local('i32');
  f.prologue(() => f.get(morsel).load('i32.load', MORSEL.rows).set(rows));
  f.get(rows);
  f.ifThen(() => {
    f.loop((again) => {
      body();
      f.get(index).i32(1).op('i32.add').tee(index).get(rows).op('i32.lt_u').brIf(again);
    });
  });
}

/** A validity bitmap without NULLs, for segments that have none where others do. */
function allOnes(run: QueryRun, rows: number): Pointer {
  const bytes = (Math.ceil(rows / 64) * 64) >> 3;
  const address = run.allocate(bytes, 'a validity bitmap');
  run.memory.u8().fill(0xff, address, address + bytes);
  return address;
}
