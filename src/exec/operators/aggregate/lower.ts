import type { HashAggregate } from '../../../../planner/physical/plan.ts';
import type { Step, Stream } from '../../pipeline/stream.ts';
import { addStep, rowsOf, streamOf } from '../../pipeline/streams.ts';
import type { QueryRun } from '../../query-run.ts';
import { GroupedSink } from './grouped.ts';
import { UngroupedSink } from './ungrouped.ts';

/** Drains the input into groups and delivers them: one row without keys, else one per group, in no order. */
export async function lowerAggregate(plan: HashAggregate, run: QueryRun): Promise<Stream> {
  const input = await run.lower(plan.input);
  const rows = rowsOf(input);
  if (plan.keys.length === 0) {
    const sink = new UngroupedSink(plan.aggregates, rows);
    return streamOf(sink.source(plan, run, await run.drain(input, sink)), plan.columns);
  }
  const sink = new GroupedSink(plan, rows);
  const source = sink.source(run, await run.drain(input, sink));
  if (source === null) return { branches: [], columns: plan.columns, ordered: false };
  // how many groups there are is known only when they have been read
  const counted: Step = { node: plan.node, emit: (_, row, next) => next(row) };
  return addStep(streamOf(source, plan.columns), plan.columns, counted);
}
