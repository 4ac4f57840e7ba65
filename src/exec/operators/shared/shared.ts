import type { SharedScan } from '../../../../planner/physical/plan.ts';
import type { Stream } from '../../pipeline/stream.ts';
import { addStep, streamOf } from '../../pipeline/streams.ts';
import type { QueryRun } from '../../query-run.ts';
import { type Records, RowSink } from '../../rows/row-sink.ts';
import { recordSource } from '../../rows/row-source.ts';

/** Rows that the run has computed already, or computes now, under this reader's names. */
export async function lowerShared(plan: SharedScan, run: QueryRun): Promise<Stream> {
  const { input, reads } = plan;
  const pending = run.shared.get(input) ?? collected(plan, run);
  run.shared.set(input, pending);
  const stream = streamOf(recordSource(run, await pending, plan.node), input.columns);
  return addStep(stream, plan.columns, {
    node: null,
    emit: (_, row, next) => {
      next(row.with(new Map(plan.columns.map(({ id }, position) => [id, (below) => below.column(reads[position] ?? id)]))));
    },
  });
}

async function collected({ input }: SharedScan, run: QueryRun): Promise<Records> {
  const sink = new RowSink(input.columns);
  return sink.records(run.memory, await run.drain(await run.lower(input), sink));
}
