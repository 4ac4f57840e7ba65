import type { SortOperator } from '../../../../planner/physical/plan.ts';
import type { Stream } from '../../pipeline/stream.ts';
import { addStep, streamOf } from '../../pipeline/streams.ts';
import type { QueryRun } from '../../query-run.ts';
import { RowSink } from '../../rows/row-sink.ts';
import { recordArraySource } from '../../rows/row-source.ts';
import { keyColumns, recordKeys } from './keys.ts';
import { ENTRY_BYTES } from './runs.ts';
import { sortRecords } from './sort.ts';

/** Collects the input in records, sorts their addresses, and delivers them in order. Equal rows keep the input's order. */
export async function lowerSort(plan: SortOperator, run: QueryRun): Promise<Stream> {
  const input = await run.lower(plan.input);
  const { order, columns, step } = keyColumns(plan.keys, input.columns);
  const sink = new RowSink(columns, { ordered: true });
  const blocks = await run.drain(addStep(input, columns, step), sink);
  const records = sink.records(run.memory, blocks);
  const entries = await sortRecords(run, records, recordKeys(records.layout, order));
  const source = recordArraySource(run, records.layout, entries, records.rows, plan.node, ENTRY_BYTES);
  return streamOf(source, plan.columns, true);
}
