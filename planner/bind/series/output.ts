import { FLOAT64, TEXT, timestamp } from '../../../src/types/data-type.ts';
import type { Column } from '../../expression.ts';
import type { SeriesOutput } from '../../series-plan.ts';
import type { BindSession } from '../session.ts';
import type { LogicalSeries } from './expression.ts';

/** The columns of a series plan as a relation: labels TEXT, `time` TIMESTAMP(3), `value` DOUBLE PRECISION. */
export function seriesColumns(
  series: LogicalSeries,
  session: BindSession,
): { readonly output: SeriesOutput; readonly columns: readonly Column[] } {
  const labels = series.labels.map((name) => session.columns.newColumn(name, TEXT, true));
  const time = session.columns.newColumn('time', timestamp('ms'), false);
  const value = session.columns.newColumn('value', FLOAT64, false);
  const output = {
    labels: labels.map(({ name, id }) => ({ name, column: id })),
    time: time.id,
    value: value.id,
  };
  return { output, columns: [...labels, time, value] };
}
