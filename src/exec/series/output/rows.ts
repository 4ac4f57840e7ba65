import type { Column } from '../../../../planner/expression.ts';
import type { SeriesOutput, StepGrid } from '../../../../planner/series-plan.ts';
import type { DictionaryHandle } from '../../../functions/definition.ts';
import type { Pointer } from '../../../memory/shared-memory.ts';
import { type ColumnSource, columnSource } from '../../operators/scan/column-source.ts';
import type { QueryRun } from '../../query-run.ts';
import { address, count, countUp, forEachItem, pushElement, time } from '../kernel.ts';
import { type LabelSet, labelValue } from '../labels/labels.ts';
import { cellsOf, type Matrix } from '../matrix.ts';

/** Rows of a morsel. */
const SEGMENT_ROWS = 65_536;

/** Rows of a series result before they have columns: row r belongs to series `owners[r]` (int32). */
export interface SeriesRows {
  readonly series: readonly LabelSet[];
  readonly rows: number;
  readonly owners: Pointer;
  /** int64 ms and doubles. */
  readonly times: Pointer;
  readonly values: Pointer;
}

/** The cells that have a value as rows, series by series, each in time order. */
export async function matrixRows(run: QueryRun, matrix: Matrix, grid: StepGrid): Promise<SeriesRows> {
  const { series, steps } = matrix;
  const { present } = cellsOf(run, matrix);
  const firsts = new Int32Array(series.length);
  let rows = 0;
  for (let row = 0; row < series.length; row++) {
    firsts[row] = rows;
    for (let cell = row * steps; cell < (row + 1) * steps; cell++) rows += present[cell] ?? 0;
  }
  const starts = run.allocate(series.length * 4 + 4, 'a series result');
  run.memory.i32(starts, series.length).set(firsts);
  const result = {
    series,
    rows,
    owners: rowMemory(run, rows, 4),
    times: rowMemory(run, rows, 8),
    values: rowMemory(run, rows, 8),
  };
  const inputs = {
    starts: address(starts),
    steps: count(steps),
    cells: address(matrix.values),
    present: address(matrix.present),
    owners: address(result.owners),
    times: address(result.times),
    values: address(result.values),
    first: time(grid.start),
    step: time(grid.step),
  };
  await forEachItem(run, 'series_rows', series.length, series.length * steps, inputs, ({ f, input }, item) => {
    const [row, cell, end, at] = [f.local('i32'), f.local('i32'), f.local('i32'), f.local('i64')];
    pushElement(f, input.starts, item, 2).load('i32.load').set(row);
    f.get(item).get(input.steps).op('i32.mul').tee(cell).get(input.steps).op('i32.add').set(end);
    f.get(input.first).set(at);
    countUp(f, cell, end, () => {
      pushElement(f, input.present, cell, 0)
        .load('i32.load8_u')
        .ifThen(() => {
          pushElement(f, input.owners, row, 2).get(item).store('i32.store');
          pushElement(f, input.times, row, 3).get(at).store('i64.store');
          pushElement(f, input.values, row, 3);
          pushElement(f, input.cells, cell, 3).load('f64.load').store('f64.store');
          f.get(row).i32(1).op('i32.add').set(row);
        });
      f.get(at).get(input.step).op('i64.add').set(at);
    });
  });
  return result;
}

/** Memory for a column, readable up to the next multiple of 64 rows. */
export function rowMemory(run: QueryRun, rows: number, width: number): Pointer {
  return run.allocate((Math.ceil(rows / 64) * 64 + 64) * width, 'a series result');
}

/** The rows as columns: labels dictionary-coded, NULL where a series lacks them. */
export async function rowsSource(
  run: QueryRun,
  rows: SeriesRows,
  columns: readonly Column[],
  output: SeriesOutput,
  node: number,
): Promise<ColumnSource> {
  const labels = new Map<number, LabelColumn>();
  for (const { name, column } of output.labels) labels.set(column, await labelColumn(run, rows, name));
  const at = (position: number, width: number, base: Pointer): Pointer => base + position * width;
  const segments = Array.from({ length: Math.ceil(rows.rows / SEGMENT_ROWS) }, (_, segment) => {
    const first = segment * SEGMENT_ROWS;
    return {
      rows: Math.min(SEGMENT_ROWS, rows.rows - first),
      columns: columns.map(({ id }) => {
        const label = labels.get(id);
        if (label !== undefined)
          return {
            validity: label.validity === 0 ? 0 : label.validity + (first >> 3),
            values: at(first, 4, label.codes),
            offsets: 0,
          };
        return { validity: 0, values: at(first, 8, id === output.time ? rows.times : rows.values), offsets: 0 };
      }),
    };
  });
  const sources = columns.map((column) => {
    const label = labels.get(column.id);
    return { column, dictionary: label?.dictionary ?? null, hasNulls: label !== undefined && label.validity !== 0, bounds: null };
  });
  return columnSource(run, sources, segments, node);
}

interface LabelColumn {
  readonly codes: Pointer;
  readonly validity: Pointer;
  readonly dictionary: DictionaryHandle;
}

/** Rows that one task codes: whole bytes of the bitmap. */
const LABEL_ROWS = 8192;

/** A label of every row: the code of its series' value. */
async function labelColumn(run: QueryRun, rows: SeriesRows, name: string): Promise<LabelColumn> {
  const values: string[] = [];
  const codeOf = new Map<string, number>();
  const seriesCodes = rows.series.map((labels) => {
    const value = labelValue(labels, name);
    if (value === '') return -1;
    const known = codeOf.get(value);
    if (known !== undefined) return known;
    codeOf.set(value, values.length);
    return values.push(value) - 1;
  });
  const nullable = seriesCodes.includes(-1);
  const codesOfSeries = run.allocate(seriesCodes.length * 4 + 4, 'labels');
  run.memory.i32(codesOfSeries, seriesCodes.length).set(seriesCodes);
  const codes = rowMemory(run, rows.rows, 4);
  const validity = nullable ? run.allocateZeroed((Math.ceil(rows.rows / 64) * 64) / 8 + 8, 'labels') : 0;
  const inputs = {
    rows: count(rows.rows),
    owners: address(rows.owners),
    seriesCodes: address(codesOfSeries),
    codes: address(codes),
    validity: address(validity),
  };
  const tasks = Math.ceil(rows.rows / LABEL_ROWS);
  await forEachItem(run, nullable ? 'nullable_labels' : 'labels', tasks, rows.rows, inputs, ({ f, input }, task) => {
    const [row, end, code, byte] = [f.local('i32'), f.local('i32'), f.local('i32'), f.local('i32')];
    f.get(task).i32(LABEL_ROWS).op('i32.mul').tee(row).i32(LABEL_ROWS).op('i32.add').set(end);
    f.get(end)
      .get(input.rows)
      .op('i32.gt_s')
      .ifThen(() => f.get(input.rows).set(end));
    countUp(f, row, end, () => {
      f.get(input.seriesCodes);
      pushElement(f, input.owners, row, 2).load('i32.load').i32(2).op('i32.shl').op('i32.add').load('i32.load').set(code);
      const store = (): void => void pushElement(f, input.codes, row, 2).get(code).store('i32.store');
      if (!nullable) {
        store();
        return;
      }
      f.get(code)
        .i32(0)
        .op('i32.lt_s')
        .ifElse(
          () => f.i32(0).set(code),
          () => {
            f.get(input.validity).get(row).i32(3).op('i32.shr_u').op('i32.add').tee(byte);
            f.get(byte).load('i32.load8_u').i32(1).get(row).i32(7).op('i32.and').op('i32.shl').op('i32.or').store('i32.store8');
          },
        );
      store();
    });
  });
  return { codes, validity, dictionary: layDictionary(run, values) };
}

/** An empty dictionary has one value that no row uses: codes under NULL stay valid. */
function layDictionary(run: QueryRun, values: readonly string[]): DictionaryHandle {
  const texts = (values.length === 0 ? [''] : values).map((value) => Buffer.from(value));
  const bytes = Buffer.concat(texts);
  const offsets = run.allocate((texts.length + 1) * 4, 'labels');
  const address = run.allocate(bytes.length + 16, 'labels');
  const view = run.memory.i32(offsets, texts.length + 1);
  let at = 0;
  texts.forEach((text, i) => {
    view[i] = at;
    at += text.length;
  });
  view[texts.length] = at;
  run.memory.u8().set(bytes, address);
  return run.dictionary({ size: texts.length, offsets, values: address, version: 0 });
}
