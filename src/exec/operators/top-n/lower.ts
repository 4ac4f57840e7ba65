import type { TopN } from '../../../../planner/physical/plan.ts';
import { branchShapes } from '../../pipeline/shapes.ts';
import type { Stream } from '../../pipeline/stream.ts';
import { addStep } from '../../pipeline/streams.ts';
import type { QueryRun } from '../../query-run.ts';
import { rowLayout } from '../../rows/build.ts';
import type { FieldShape } from '../../rows/layout.ts';
import { rowCount } from '../limit/count.ts';
import { computedColumns, keyExpressions, recordKeys } from '../sort/keys.ts';
import { sortedStream, sortStream } from '../sort/lower.ts';
import { sortRecords } from '../sort/sort.ts';
import { TopSink } from './sink.ts';

/** More rows, or more bytes of them, are sorted in full: a heap pays while it fits the cache. */
const MOST_ROWS = 1 << 14;
const MOST_BYTES = 1 << 22;

/** Each thread keeps the rows that come first while they pass; what the threads kept is sorted. */
export async function lowerTopN(plan: TopN, run: QueryRun): Promise<Stream> {
  const offset = rowCount(run, plan.offset, 'OFFSET') ?? 0;
  const count = rowCount(run, plan.count, 'LIMIT') ?? Number.POSITIVE_INFINITY;
  const nothing: Stream = { branches: [], columns: plan.columns, ordered: true };
  if (count === 0) return nothing;
  const input = await run.lower(plan.input);
  const { of, columns, step } = computedColumns(keyExpressions(plan.keys), input.columns);
  const stream = addStep(input, columns, step);
  const [branch] = stream.branches;
  if (branch === undefined) return nothing;
  const shapes = branchShapes(run, branch, columns);
  const fields = columns.flatMap((column, i): { column: typeof column; shape: FieldShape }[] => {
    const shape = shapes[i];
    return shape === undefined ? [] : [{ column, shape }];
  });
  const layout = rowLayout(fields, [8]);
  const kept = offset + count;
  if (kept > MOST_ROWS || kept * layout.width > MOST_BYTES) {
    return sortStream(run, input, plan.keys, plan, { offset, count });
  }
  const keys = recordKeys(run, layout, plan.keys, of);
  const sink = new TopSink(run.memory, columns, layout, keys, kept);
  const records = sink.records(await run.drain(stream, sink));
  const entries = await sortRecords(run, records, keys, layout.headers[0] ?? null);
  return sortedStream(run, records, entries, plan, { offset, count });
}
