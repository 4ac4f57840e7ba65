import type { ColumnId } from '../../../planner/expression.ts';
import type { Batch } from '../../types/vector.ts';
import type { ActiveRun } from '../active-run.ts';
import type { ColumnSource } from '../operators/scan/column-source.ts';
import { IN_PLACE_ROWS } from '../pipeline/execution.ts';
import type { Source, Stream } from '../pipeline/stream.ts';
import { RowSink } from '../rows/row-sink.ts';
import { type ColumnBatch, viewBatch } from './column-batch.ts';
import { transpose } from './transpose.ts';

/** Morsels per thread between two batches of a long result. */
const GROUP = 4;

/**
 * The stream's rows as batches of the columns `ids`, in the stream's order. `keep`: they are valid until the run is
 * released; otherwise until the next is asked for.
 */
export async function* readStream(
  run: ActiveRun,
  stream: Stream,
  ids: readonly ColumnId[],
  keep: boolean,
): AsyncGenerator<Batch, void> {
  const untouched = sourceColumns(stream);
  if (untouched !== null) {
    for (const source of untouched) {
      if (source.node !== null) run.count(source.node, source.rows);
      for (const segment of source.segments) {
        if (segment.rows > 0) yield viewBatch(run, segmentBatch(source, segment), ids);
      }
    }
    return;
  }
  const columns = stream.columns.filter(({ id }) => ids.includes(id));
  const sink = new RowSink(columns, { ordered: true });
  const { execution, groups, finish } = run.prepare(stream, sink);
  const once = keep || groups.rows <= IN_PLACE_ROWS;
  for (const { tasks, rows } of once ? [{ tasks: groups.all, rows: groups.rows }] : groups.even(run.threads * GROUP)) {
    const arena = run.newArena();
    const before = run.useArena(arena);
    try {
      await execution.run(tasks, rows);
      const batch = await transpose(run, sink.records(run.memory, execution.blocks));
      if (batch.rows > 0) yield viewBatch(run, batch, ids);
    } finally {
      sink.reset(run.memory, execution.blocks);
      run.useArena(before);
      if (!keep) arena.release();
    }
  }
  finish();
}

/** The sources, when the stream is nothing but columns as they lie in memory. */
function sourceColumns(stream: Stream): readonly ColumnSource[] | null {
  const sources: ColumnSource[] = [];
  for (const { source, steps } of stream.branches) {
    if (steps.length > 0 || !isColumnSource(source)) return null;
    sources.push(source);
  }
  return sources;
}

function isColumnSource(source: Source): source is ColumnSource {
  return 'segments' in source;
}

function segmentBatch({ columns }: ColumnSource, { rows, columns: places }: ColumnSource['segments'][number]): ColumnBatch {
  return {
    rows,
    columns: columns.flatMap(({ column, dictionary, bounds }, i) => {
      const place = places[i];
      return place === undefined ? [] : [{ ...place, column, dictionary, bounds }];
    }),
  };
}
