import type { FilterOperator } from '../../../../planner/physical/plan.ts';
import { emitFilter } from '../../pipeline/code/branch.ts';
import type { Stream } from '../../pipeline/stream.ts';
import { addStep } from '../../pipeline/streams.ts';
import type { QueryRun } from '../../query-run.ts';

/** Keeps the rows for which every predicate is true. */
export async function lowerFilter(plan: FilterOperator, run: QueryRun): Promise<Stream> {
  const { node, predicates } = plan;
  return addStep(await run.lower(plan.input), plan.columns, {
    node,
    predicates,
    emit: (pipeline, row, next) => emitFilter(pipeline, row, predicates, next),
  });
}
