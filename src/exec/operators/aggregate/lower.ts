import type { HashAggregate } from '../../../../planner/physical/plan.ts';
import { rowBound } from '../../pipeline/row-bound.ts';
import type { Stream } from '../../pipeline/stream.ts';
import type { QueryRun } from '../../query-run.ts';
import { GroupedSink } from './grouped.ts';
import { UngroupedSink } from './ungrouped.ts';

/** Drains the input into groups and delivers them: one row without keys, else one per group, in no order. */
export async function lowerAggregate(plan: HashAggregate, run: QueryRun): Promise<Stream> {
  const input = await run.lower(plan.input);
  const rows = rowBound(input);
  if (plan.keys.length === 0) {
    const sink = new UngroupedSink(plan.aggregates, rows);
    const blocks = await run.drain(input, sink);
    return { branches: [{ source: sink.source(plan, run, blocks), steps: [] }], columns: plan.columns, ordered: false };
  }
  const sink = new GroupedSink(plan, rows);
  const blocks = await run.drain(input, sink);
  const source = sink.source(run, blocks);
  return { branches: source === null ? [] : [{ source, steps: [] }], columns: plan.columns, ordered: false };
}
