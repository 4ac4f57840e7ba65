import type { SingleRowOperator } from '../../../../planner/physical/plan.ts';
import { LumaError, SQLSTATE } from '../../../types/error.ts';
import type { Stream } from '../../pipeline/stream.ts';
import { streamOf } from '../../pipeline/streams.ts';
import type { QueryRun } from '../../query-run.ts';
import { firstRows } from '../limit/first-rows.ts';

/** A subquery used as a value: none or one row, or 21000. */
export async function lowerSingleRow(plan: SingleRowOperator, run: QueryRun): Promise<Stream> {
  const input = await run.lower(plan.input);
  const source = await firstRows(run, input, { offset: 0, count: 2, node: plan.node });
  if (source.rows > 1) {
    throw new LumaError(SQLSTATE.cardinalityViolation, 'more than one row returned by a subquery used as an expression');
  }
  return streamOf(source, plan.columns);
}
