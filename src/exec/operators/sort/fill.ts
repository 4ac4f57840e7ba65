import type { Pointer } from '../../../memory/shared-memory.ts';
import type { Local } from '../../../wasm/function-builder.ts';
import type { PipelineBuilder } from '../../pipeline/stream.ts';
import type { QueryRun } from '../../query-run.ts';
import type { RowLayout } from '../../rows/layout.ts';
import type { RowChunk } from '../../rows/row-sink.ts';
import { type Prefix, pushPrefix } from './prefix.ts';
import { ENTRY_BYTES } from './runs.ts';

/** Neighbouring chunks of records, whose entries are [from, to) of the array. */
export interface ChunkRun {
  readonly from: number;
  readonly to: number;
  readonly chunks: readonly RowChunk[];
}

/** Runs of about equal size, at most `count`. */
export function planRuns(chunks: readonly RowChunk[], rows: number, count: number): readonly ChunkRun[] {
  const runs: { from: number; to: number; chunks: RowChunk[] }[] = [];
  let before = 0;
  for (const chunk of chunks) {
    const last = runs.at(-1);
    if (last === undefined || (runs.length < count && before >= (rows * runs.length) / count)) {
      runs.push({ from: before, to: before + chunk.rows, chunks: [chunk] });
    } else {
      last.to += chunk.rows;
      last.chunks.push(chunk);
    }
    before += chunk.rows;
  }
  return runs;
}

/** Words of a run in memory: its entries' start and end, and its chunks: start and end of a list of address and rows. */
export const RUN = { start: 0, end: 4, chunks: 8, chunksEnd: 12, bytes: 16 } as const;

/** Lays the runs out; returns the address of the first. */
export function layRuns(run: QueryRun, runs: readonly ChunkRun[], entries: Pointer): Pointer {
  const chunks = runs.flatMap((each) => each.chunks);
  const list = run.allocate(runs.length * RUN.bytes + chunks.length * 8, 'a sort');
  let chunkAt = list + runs.length * RUN.bytes;
  const words = runs.flatMap(({ from, to, chunks: own }) => {
    const first = chunkAt;
    chunkAt += own.length * 8;
    return [entries + from * ENTRY_BYTES, entries + to * ENTRY_BYTES, first, chunkAt];
  });
  run.memory
    .i32(list, words.length + chunks.length * 2)
    .set([...words, ...chunks.flatMap(({ address, rows }) => [address, rows])]);
  return list;
}

/** Writes the entries of the run's records, in their order. `offset`: of the first byte of texts that may differ. */
export function emitFill(pipeline: PipelineBuilder, layout: RowLayout, prefix: Prefix, run: Local, offset: Local): void {
  const { f } = pipeline;
  const [chunk, record, end, entry] = [f.local('i32'), f.local('i32'), f.local('i32'), f.local('i32')];
  f.get(run).load('i32.load', RUN.start).set(entry);
  f.get(run).load('i32.load', RUN.chunks).set(chunk);
  f.block((done) => {
    f.loop((nextChunk) => {
      f.get(chunk).get(run).load('i32.load', RUN.chunksEnd).op('i32.ge_u').brIf(done);
      f.get(chunk).load('i32.load').tee(record);
      f.get(chunk).load('i32.load', 4).i32(layout.width).op('i32.mul').op('i32.add').set(end);
      f.block((chunkDone) => {
        f.loop((next) => {
          f.get(record).get(end).op('i32.ge_u').brIf(chunkDone);
          f.get(entry);
          pushPrefix(pipeline, layout, prefix, record, offset);
          f.op('i64.extend_i32_u').i64(32n).op('i64.shl').get(record).op('i64.extend_i32_u').op('i64.or');
          f.store('i64.store');
          f.get(entry).i32(ENTRY_BYTES).op('i32.add').set(entry);
          f.get(record).i32(layout.width).op('i32.add').set(record).br(next);
        });
      });
      f.get(chunk).i32(8).op('i32.add').set(chunk).br(nextChunk);
    });
  });
}
