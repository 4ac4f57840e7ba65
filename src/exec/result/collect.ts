import type { Column } from '../../../planner/expression.ts';
import type { Stream } from '../pipeline/stream.ts';
import type { QueryRun } from '../query-run.ts';
import { RowSink } from '../rows/row-sink.ts';
import type { ColumnBatch } from './column-batch.ts';
import { transpose } from './transpose.ts';

/**
 * All rows of the stream as columns, each in one piece of memory that lives until the query ends, in the stream's order. For
 * operators that TypeScript computes over whole columns (`viewBatch` gives them as vectors).
 */
export async function collect(run: QueryRun, stream: Stream, columns: readonly Column[]): Promise<ColumnBatch> {
  const sink = new RowSink(columns, { ordered: true });
  const blocks = await run.drain(stream, sink);
  return transpose(run, sink.records(run.memory, blocks));
}
