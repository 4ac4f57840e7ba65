import type { Column, SortKey } from '../../../../planner/expression.ts';
import type { SortOperator } from '../../../../planner/physical/plan.ts';
import type { Stream } from '../../pipeline/stream.ts';
import { addStep, streamOf } from '../../pipeline/streams.ts';
import type { QueryRun } from '../../query-run.ts';
import { type Records, RowSink } from '../../rows/row-sink.ts';
import { recordArraySource } from '../../rows/row-source.ts';
import { computedColumns, keyExpressions, recordKeys } from './keys.ts';
import { ENTRY_BYTES } from './runs.ts';
import { sortRecords } from './sort.ts';

/** Collects the input in records, sorts their addresses, and delivers them in order. Equal rows keep the input's order. */
export async function lowerSort(plan: SortOperator, run: QueryRun): Promise<Stream> {
  return sortStream(run, await run.lower(plan.input), plan.keys, plan, ALL);
}

/** A part of the rows in order. */
export interface Cut {
  readonly offset: number;
  /** Infinity: all behind the offset. */
  readonly count: number;
}

const ALL: Cut = { offset: 0, count: Number.POSITIVE_INFINITY };

/** What the operator above is. */
interface Output {
  readonly node: number;
  readonly columns: readonly Column[];
}

export async function sortStream(
  run: QueryRun,
  input: Stream,
  keys: readonly SortKey[],
  output: Output,
  cut: Cut,
): Promise<Stream> {
  const { of, columns, step } = computedColumns(keyExpressions(keys), input.columns);
  const sink = new RowSink(columns, { ordered: true });
  const blocks = await run.drain(addStep(input, columns, step), sink);
  const records = sink.records(run.memory, blocks);
  const entries = await sortRecords(run, records, recordKeys(run, records.layout, keys, of));
  return sortedStream(run, records, entries, output, cut);
}

/** The sorted records of the cut; `entries` as `sortRecords` gave them. */
export function sortedStream(run: QueryRun, { layout, rows }: Records, entries: number, output: Output, cut: Cut): Stream {
  const first = Math.min(rows, cut.offset);
  const count = Math.min(cut.count, rows - first);
  const source = recordArraySource(run, layout, entries + first * ENTRY_BYTES, count, output.node, ENTRY_BYTES);
  return streamOf(source, output.columns, true);
}
