import type { Source, Step, Stream } from '../../pipeline/stream.ts';
import { addStep } from '../../pipeline/streams.ts';
import type { QueryRun } from '../../query-run.ts';
import { type RowChunk, RowSink } from '../../rows/row-sink.ts';
import { recordSource } from '../../rows/row-source.ts';

export interface Cut {
  readonly offset: number;
  /** Infinity: all behind the offset. */
  readonly count: number;
  readonly node: number | null;
}

/** Morsels in order, in growing groups, until there are enough rows; then the rows of the cut. */
export async function firstRows(run: QueryRun, input: Stream, { offset, count, node }: Cut): Promise<Source> {
  const end = offset + count;
  const sink = new RowSink(input.columns, { ordered: true });
  const limited = Number.isFinite(end) ? addStep(input, input.columns, atMost(end)) : input;
  const blocks = await run.drain(limited, sink, { enough: (reached) => sink.records(run.memory, reached).rows >= end });
  const { layout, chunks } = sink.records(run.memory, blocks);
  const cut = cutChunks(chunks, layout.width, offset, end);
  return recordSource(run, { layout, chunks: cut, rows: cut.reduce((sum, chunk) => sum + chunk.rows, 0) }, node);
}

/** Lets at most `end` rows of each morsel pass: more of one morsel cannot be wanted. */
function atMost(end: number): Step {
  return {
    node: null,
    emit: (pipeline, row, next) => {
      const { f } = pipeline;
      const passed = f.local('i64');
      f.get(passed)
        .get(pipeline.constant(int64(end)))
        .load('i64.load')
        .op('i64.lt_u');
      f.ifThen(() => {
        f.get(passed).i64(1n).op('i64.add').set(passed);
        next(row.branch());
      });
    },
  };
}

/** In the constant area, so that the code does not depend on it. */
function int64(value: number): Uint8Array {
  return new Uint8Array(BigInt64Array.of(BigInt(value)).buffer);
}

function cutChunks(chunks: readonly RowChunk[], width: number, offset: number, end: number): RowChunk[] {
  let before = 0;
  return chunks.flatMap(({ address, rows }) => {
    const first = Math.max(0, Math.min(rows, offset - before));
    const last = Math.max(first, Math.min(rows, end - before));
    before += rows;
    return last > first ? [{ address: address + first * width, rows: last - first }] : [];
  });
}
