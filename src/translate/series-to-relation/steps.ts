import type { Grid } from '../grid.ts';
import {
  aliasOf,
  call,
  cast,
  column,
  instant,
  interval,
  item,
  MILLISECOND_TIMESTAMP,
  select,
  tableFunction,
} from '../relation-build.ts';
import { type Context, define, type Steps } from './context.ts';

/** A common table with the column `time`: one row for each evaluation time. */
export function defineSteps(context: Pick<Context, 'tables' | 'taken'>, base: string, grid: Grid): Steps {
  return { grid, table: define(context, base, stepsQuery(grid)) };
}

function stepsQuery(grid: Grid) {
  if (grid.type === 'now') return select([item(cast(call('now'), MILLISECOND_TIMESTAMP), 'time')], null);
  if (grid.step === 0 || grid.start === grid.end) return select([item(instant(grid.end), 'time')], null);
  const series = tableFunction(
    'generate_series',
    [instant(grid.start), instant(grid.end), interval(grid.step)],
    aliasOf('step', ['time']),
  );
  return select([item(cast(column('time', 'step'), MILLISECOND_TIMESTAMP), 'time')], series);
}
