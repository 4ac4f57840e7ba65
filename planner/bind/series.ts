import type { SeriesExpression } from '../../grammars/ast/series.ts';
import type { Catalog } from '../catalog.ts';
import { seriesScanOf } from '../logical/build.ts';
import type { LogicalQuery } from '../logical/plan.ts';
import type { StepGrid } from '../series-plan.ts';
import { finishQuery } from './query.ts';
import { bindSeriesExpression } from './series/expression.ts';
import { seriesColumns } from './series/output.ts';
import { type BindOptions, createSession } from './session.ts';

/**
 * A series expression on a grid, as rows: its labels, `time` TIMESTAMP(3), `value` DOUBLE PRECISION. Names and types by
 * Prometheus' rules: an unknown metric is an empty vector; 42804 for a kind of value that does not fit, with its place.
 */
export function bindSeries(expression: SeriesExpression, grid: StepGrid, catalog: Catalog, options: BindOptions): LogicalQuery {
  const session = createSession(catalog, options);
  const series = bindSeriesExpression(expression, grid, session);
  const { output, columns } = seriesColumns(series, session);
  const names = columns.map((column) => column.name);
  return finishQuery(seriesScanOf(series, output, columns), names, session);
}
