import type { LimitOperator } from '../../../../planner/physical/plan.ts';
import type { Stream } from '../../pipeline/stream.ts';
import { streamOf } from '../../pipeline/streams.ts';
import type { QueryRun } from '../../query-run.ts';
import { rowCount } from './count.ts';
import { firstRows } from './first-rows.ts';

/**
 * Rows offset … offset + count of the stream, in its order; the rest is not computed. Also where SQL leaves the order open, the
 * rows are the first of the table: the same query gives the same answer whatever the threads do.
 */
export async function lowerLimit(plan: LimitOperator, run: QueryRun): Promise<Stream> {
  const offset = rowCount(run, plan.offset, 'OFFSET') ?? 0;
  const count = rowCount(run, plan.count, 'LIMIT');
  const input = await run.lower(plan.input);
  if (offset === 0 && count === null) return { ...input, columns: plan.columns };
  const source = await firstRows(run, input, { offset, count: count ?? Number.POSITIVE_INFINITY, node: plan.node });
  return streamOf(source, plan.columns, input.ordered);
}
