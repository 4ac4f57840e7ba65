import type { PhysicalPlan } from '../../../../planner/physical/plan.ts';
import type { SeriesSource } from '../../../../planner/series-plan.ts';
import { LumaError, SQLSTATE } from '../../../types/error.ts';
import { METRIC_NAME } from '../../../types/series.ts';
import { valueReader } from '../../../types/vector-read.ts';
import type { QueryRun } from '../../query-run.ts';
import { collect } from '../../result/collect.ts';
import { type BatchColumn, type ColumnBatch, viewBatch } from '../../result/column-batch.ts';
import { type LabelSet, labelSet } from '../labels/labels.ts';
import { assignSeries, type CodedLabel } from './assign.ts';
import type { Samples } from './samples.ts';
import { type Scattered, scatterSamples } from './scatter.ts';

/** The rows of all sources as series; sources are of different metrics, so no series comes from two of them. */
export async function collectSamples(run: QueryRun, sources: readonly SeriesSource<PhysicalPlan>[]): Promise<Samples> {
  const parts: Scattered[] = [];
  for (const source of sources) {
    const batch = await collectRows(run, source);
    if (batch.rows === 0) continue;
    const labels = source.labels.map(({ column }) => codedLabel(run, columnOf(batch, column), batch));
    const assigned = await assignSeries(run, labels, batch.rows);
    const series = assigned.keys.map((codes) => seriesLabels(source, labels, codes));
    parts.push({
      series,
      counts: assigned.counts,
      rows: batch.rows,
      ids: assigned.ids,
      times: columnOf(batch, source.time).values,
      values: columnOf(batch, source.value).values,
    });
  }
  return scatterSamples(run, parts);
}

/** The source's rows as columns, in the order they were written. */
async function collectRows(run: QueryRun, source: SeriesSource<PhysicalPlan>): Promise<ColumnBatch> {
  const stream = await run.lower(source.relation);
  const wanted = new Set([source.time, source.value, ...source.labels.map(({ column }) => column)]);
  return collect(
    run,
    stream,
    stream.columns.filter(({ id }) => wanted.has(id)),
  );
}

function columnOf(batch: ColumnBatch, id: number): BatchColumn {
  const column = batch.columns.find((each) => each.column.id === id);
  if (column === undefined) throw new LumaError(SQLSTATE.internalError, `a series source lacks column ${id}`);
  return column;
}

/** A label as codes. Plain text gets a dictionary of its own. */
function codedLabel(run: QueryRun, column: BatchColumn, batch: ColumnBatch): CodedLabel {
  const [vector] = viewBatch(run, batch, [column.column.id]).columns;
  if (vector === undefined) throw new LumaError(SQLSTATE.internalError, 'a label has no values');
  if (vector.dictionary !== null) {
    const read = valueReader(vector.dictionary);
    const values = Array.from({ length: vector.dictionary.length }, (_, code) => String(read(code)));
    return { codes: column.values, validity: column.validity, values, empty: values.indexOf('') };
  }
  const read = valueReader(vector);
  const codeOf = new Map<string, number>();
  const codes = new Int32Array(batch.rows);
  for (let row = 0; row < batch.rows; row++) {
    const value = read(row);
    const text = typeof value === 'string' ? value : '';
    let code = codeOf.get(text);
    if (code === undefined) {
      code = codeOf.size;
      codeOf.set(text, code);
    }
    codes[row] = code;
  }
  const at = run.allocate(codes.byteLength + 4, 'label codes');
  run.memory.i32(at, batch.rows).set(codes);
  return { codes: at, validity: 0, values: [...codeOf.keys()], empty: codeOf.get('') ?? -1 };
}

function seriesLabels(source: SeriesSource<PhysicalPlan>, labels: readonly CodedLabel[], codes: readonly number[]): LabelSet {
  const pairs = source.labels.map(({ name }, i) => [name, labels[i]?.values[codes[i] ?? -1] ?? ''] as const);
  return labelSet([[METRIC_NAME, source.metric], ...pairs]);
}
