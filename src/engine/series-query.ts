import type { LogicalPlan } from '../../planner/logical/plan.ts';
import type { SeriesPlan, StepGrid } from '../../planner/series-plan.ts';
import { LumaError, SQLSTATE } from '../types/error.ts';
import type { Batch, Schema } from '../types/vector.ts';
import { valueReader } from '../types/vector-read.ts';
import type { Session } from './session.ts';

/** What an evaluation gives, as Prometheus' API names it (`matrix` over a range is decided by the caller). */
export type SeriesResultType = 'scalar' | 'vector' | 'matrix' | 'string';

/** One series of a result; times are milliseconds. */
export interface ResultSeries {
  /** Label name to value, `__name__` included where it is kept. */
  readonly labels: Readonly<Record<string, string>>;
  readonly times: number[];
  readonly values: number[];
}

export interface SeriesQueryResult {
  readonly type: SeriesResultType;
  readonly series: readonly ResultSeries[];
  /** The value of a string expression. */
  readonly text: string | undefined;
}

export interface SeriesQueryOptions {
  readonly dialect: string;
  readonly grid: StepGrid;
  readonly signal?: AbortSignal;
}

/** Runs one series expression. Series come in the order of the result, points in time order. */
export async function querySeries(session: Session, text: string, options: SeriesQueryOptions): Promise<SeriesQueryResult> {
  const [statement, ...more] = session.parse(text, { dialect: options.dialect });
  if (statement?.kind !== 'series_statement' || more.length > 0) {
    throw new LumaError(SQLSTATE.syntaxError, 'expected one series expression', { span: statement?.span });
  }
  if (statement.expression.kind === 'string') return { type: 'string', series: [], text: statement.expression.value };
  const prepared = session.prepare(statement, { grid: options.grid });
  const plan = seriesPlanOf(prepared.compiled?.logical.plan);
  const outcome = await session.execute(prepared, { signal: options.signal });
  if (outcome.kind !== 'rows') throw new LumaError(SQLSTATE.internalError, 'a series expression gave no rows');
  const series: ResultSeries[] = [];
  for await (const batch of outcome.batches) appendRows(outcome.schema, batch, series);
  return { type: plan?.kind === 'series_raw' ? 'matrix' : (plan?.type ?? 'vector'), series, text: undefined };
}

function seriesPlanOf(plan: LogicalPlan | undefined): SeriesPlan<LogicalPlan> | undefined {
  if (plan?.kind === 'series_scan') return plan.series;
  return plan?.kind === 'project' ? seriesPlanOf(plan.input) : undefined;
}

/** Rows come series by series: a row with other labels than the one before begins the next series. */
function appendRows(schema: Schema, batch: Batch, series: ResultSeries[]): void {
  const readers = batch.columns.map(valueReader);
  const time = readers[schema.length - 2];
  const value = readers[schema.length - 1];
  const labels = schema.slice(0, -2).map((field, position) => ({ name: field.name, read: readers[position] }));
  for (let row = 0; row < batch.length; row++) {
    let current = series.at(-1);
    const same = current !== undefined && labels.every(({ name, read }) => (read?.(row) ?? undefined) === current?.labels[name]);
    if (!same || current === undefined) {
      current = { labels: labelsOf(labels, row), times: [], values: [] };
      series.push(current);
    }
    current.times.push(Number(time?.(row) ?? 0));
    current.values.push(Number(value?.(row) ?? Number.NaN));
  }
}

function labelsOf(
  labels: readonly { readonly name: string; readonly read: ((row: number) => unknown) | undefined }[],
  row: number,
): Record<string, string> {
  const found: Record<string, string> = {};
  for (const { name, read } of labels) {
    const value = read?.(row);
    if (typeof value === 'string') found[name] = value;
  }
  return found;
}
