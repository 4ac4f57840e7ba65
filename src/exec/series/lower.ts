import type { SeriesScanOperator } from '../../../planner/physical/plan.ts';
import type { Stream } from '../pipeline/stream.ts';
import { streamOf } from '../pipeline/streams.ts';
import type { QueryRun } from '../query-run.ts';
import { evaluateSeries } from './evaluate.ts';
import { rawRows } from './output/raw.ts';
import { matrixRows, rowsSource } from './output/rows.ts';

/** A series expression as rows, series by series, each in time order. */
export async function lowerSeriesScan(plan: SeriesScanOperator, run: QueryRun): Promise<Stream> {
  const { series, output, columns, node } = plan;
  const rows =
    series.kind === 'series_raw'
      ? await rawRows(run, series)
      : await matrixRows(run, await evaluateSeries(run, series), series.grid);
  return streamOf(await rowsSource(run, rows, columns, output, node), columns, true);
}
