import type { Column } from '../../../planner/expression.ts';
import { type ColumnSource, columnSource } from '../operators/scan/column-source.ts';
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

/** A source over collected columns; their places may also be other memory of the same layout. */
export function batchColumnsSource(run: QueryRun, batch: ColumnBatch, node: number | null): ColumnSource {
  const columns = batch.columns.map(({ column, dictionary, validity, bounds }) => ({
    column,
    dictionary,
    bounds,
    hasNulls: validity !== 0 || column.type.kind === 'null',
  }));
  return columnSource(run, columns, batch.rows === 0 ? [] : [batch], node);
}
