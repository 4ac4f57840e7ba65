import type { Pointer } from '../../../memory/shared-memory.ts';
import type { FunctionRef, Local } from '../../../wasm/function-builder.ts';
import type { PipelineBuilder } from '../../pipeline/stream.ts';
import type { QueryRun } from '../../query-run.ts';
import type { RowLayout } from '../../rows/layout.ts';
import type { Records, RowChunk } from '../../rows/row-sink.ts';
import { compareRoutine } from './compare.ts';
import type { RecordKey } from './keys.ts';
import { mergeRuns, type Run, type Ties } from './merge-runs.ts';
import { type Prefix, planPrefix, pushPrefix } from './prefix.ts';
import { emitRadixSort } from './radix.ts';
import { ENTRY_BYTES } from './runs.ts';

/** Rows below which a run is not worth a thread of its own. */
const LEAST_RUN_ROWS = 1 << 14;

/**
 * Sorts records; among equal ones by the int64 at offset `sequence`, or, without it, in the order of their chunks. Returns the address of an array of
 * entries (runs.ts) in order: the first word of each is the address of the record.
 */
export async function sortRecords(
  run: QueryRun,
  records: Records,
  keys: readonly RecordKey[],
  sequence: number | null = null,
): Promise<Pointer> {
  const { layout, rows } = records;
  const bytes = Math.max(1, rows) * ENTRY_BYTES;
  const entries = run.allocate(bytes, 'a sort');
  if (rows === 0) return entries;
  const scratch = run.allocate(bytes, 'a sort');
  const runs = planRuns(records.chunks, rows, run.threads);
  const prefix = planPrefix(keys);
  const tied: Ties = (pipeline) => ties(pipeline, layout, keys, prefix.covered, sequence);
  await sortRuns(run, layout, prefix, runs, { entries, scratch, rows }, tied);
  return mergeRuns(
    run,
    runs.map(({ from, to }): Run => ({ from, to })),
    { entries, scratch, rows },
    tied,
  );
}

/** The order of records whose prefixes are equal; null when they are equal then. */
function ties(
  pipeline: PipelineBuilder,
  layout: RowLayout,
  keys: readonly RecordKey[],
  from: number,
  sequence: number | null,
): FunctionRef | null {
  return keys.length === from && sequence === null ? null : compareRoutine(pipeline, layout, keys, { from, sequence });
}

interface ChunkRun extends Run {
  readonly chunks: readonly RowChunk[];
}

/** Neighbouring chunks, in runs of about equal size, at most one per thread. */
function planRuns(chunks: readonly RowChunk[], rows: number, threads: number): readonly ChunkRun[] {
  const count = Math.max(1, Math.min(threads, Math.floor(rows / LEAST_RUN_ROWS)));
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

interface Arrays {
  readonly entries: Pointer;
  readonly scratch: Pointer;
  readonly rows: number;
}

/** Words of a run: its entries' start and end, its scratch, and its chunks: start and end of a list of address and rows. */
const RUN = { start: 0, end: 4, scratch: 8, chunks: 12, chunksEnd: 16, words: 5 } as const;

/** Fills the entries of each run and sorts them. */
async function sortRuns(
  run: QueryRun,
  layout: RowLayout,
  prefix: Prefix,
  runs: readonly ChunkRun[],
  { entries, scratch, rows }: Arrays,
  tied: Ties,
): Promise<void> {
  const list = layRuns(run, runs, entries, scratch);
  let slot = 0;
  await run.parallel(
    'sort_runs',
    runs.length,
    rows,
    (blocks) => {
      slot = blocks.shared(4);
    },
    (pipeline, task) => {
      const { f, shared } = pipeline;
      const [at, start, end, space] = [f.local('i32'), f.local('i32'), f.local('i32'), f.local('i32')];
      f.get(shared)
        .load('i32.load', slot)
        .get(task)
        .i32(RUN.words * 4)
        .op('i32.mul')
        .op('i32.add')
        .set(at);
      f.get(at).load('i32.load', RUN.start).set(start);
      f.get(at).load('i32.load', RUN.end).set(end);
      f.get(at).load('i32.load', RUN.scratch).set(space);
      emitFill(pipeline, layout, prefix, at, start);
      emitRadixSort(pipeline, start, end, space, tied(pipeline));
    },
    ({ shared }) => {
      run.memory.i32(shared + slot, 1)[0] = list;
    },
  );
}

function layRuns(run: QueryRun, runs: readonly ChunkRun[], entries: Pointer, scratch: Pointer): Pointer {
  const chunks = runs.flatMap((each) => each.chunks);
  const list = run.allocate((runs.length * RUN.words + chunks.length * 2) * 4, 'a sort');
  let chunkAt = list + runs.length * RUN.words * 4;
  const words = runs.flatMap(({ from, to, chunks: own }) => {
    const chunksEnd = chunkAt + own.length * 8;
    const described = [
      entries + from * ENTRY_BYTES,
      entries + to * ENTRY_BYTES,
      scratch + from * ENTRY_BYTES,
      chunkAt,
      chunksEnd,
    ];
    chunkAt = chunksEnd;
    return described;
  });
  run.memory
    .i32(list, words.length + chunks.length * 2)
    .set([...words, ...chunks.flatMap(({ address, rows }) => [address, rows])]);
  return list;
}

/** Writes the entries of the run's records, in their order. */
function emitFill(pipeline: PipelineBuilder, layout: RowLayout, prefix: Prefix, run: Local, start: Local): void {
  const { f } = pipeline;
  const [chunk, record, end, entry] = [f.local('i32'), f.local('i32'), f.local('i32'), f.local('i32')];
  f.get(start).set(entry);
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
          pushPrefix(pipeline, layout, prefix, record);
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
