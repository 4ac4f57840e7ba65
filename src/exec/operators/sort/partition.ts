import type { Pointer } from '../../../memory/shared-memory.ts';
import type { Local } from '../../../wasm/function-builder.ts';
import type { PipelineBuilder } from '../../pipeline/stream.ts';
import type { QueryRun } from '../../query-run.ts';
import { type ChunkRun, RUN } from './fill.ts';
import { ENTRY_BYTES } from './runs.ts';

/**
 * Splits entries into partitions by ranges of prefixes (sample sort): equal prefixes stay together and in their order, every entry
 * of a partition comes before those of the next, so partitions can be sorted each on its own.
 */

/** Prefixes looked at per partition. */
const SAMPLES = 64;
const WORD = 4;

/** Prefixes at which partitions begin, ascending; at most `partitions` − 1. */
export function sampleSplitters(run: QueryRun, entries: Pointer, rows: number, partitions: number): readonly number[] {
  const count = Math.min(rows, partitions * SAMPLES);
  const words = run.memory.i32(entries, rows * 2);
  const samples = Uint32Array.from({ length: count }, (_, i) => words[Math.floor((i * rows) / count) * 2 + 1] ?? 0).sort();
  const splitters = Array.from({ length: partitions - 1 }, (_, i) => samples[Math.floor(((i + 1) * count) / partitions)] ?? 0);
  return [...new Set(splitters)];
}

/** Moves the entries of the runs to `target`, partition by partition; resolves to where these begin, and the number of rows. */
export async function partitionEntries(
  run: QueryRun,
  runs: readonly ChunkRun[],
  list: Pointer,
  splitters: readonly number[],
  target: Pointer,
  rows: number,
): Promise<readonly number[]> {
  const partitions = splitters.length + 1;
  const counters = run.allocateZeroed(runs.length * partitions * 4, 'a sort');
  const work = { list, counters, splitters };
  await overRuns(run, 'sort_count', runs.length, rows, work, (pipeline, _, counter) => {
    const { f } = pipeline;
    f.get(counter).get(counter).load('i32.load').i32(1).op('i32.add').store('i32.store');
  });
  const starts = placePartitions(run.memory.i32(counters, runs.length * partitions), runs.length, partitions, target);
  await overRuns(run, 'sort_scatter', runs.length, rows, work, (pipeline, entry, counter) => {
    const { f } = pipeline;
    const place = f.local('i32');
    f.get(counter).load('i32.load').tee(place).get(entry).load('i64.load').store('i64.store');
    f.get(counter).get(place).i32(ENTRY_BYTES).op('i32.add').store('i32.store');
  });
  return starts;
}

/** Turns the counts of each run into the addresses to which it writes: a partition holds the runs one after the other. */
function placePartitions(counters: Int32Array, runs: number, partitions: number, target: Pointer): readonly number[] {
  const starts: number[] = [];
  let next = 0;
  for (let partition = 0; partition < partitions; partition++) {
    starts.push(next);
    for (let run = 0; run < runs; run++) {
      const at = run * partitions + partition;
      const count = counters[at] ?? 0;
      counters[at] = target + next * ENTRY_BYTES;
      next += count;
    }
  }
  return [...starts, next];
}

/** Calls `each` with every entry's address, and that of the counter of its run and partition. */
async function overRuns(
  run: QueryRun,
  name: string,
  runs: number,
  rows: number,
  { list, counters, splitters }: { readonly list: Pointer; readonly counters: Pointer; readonly splitters: readonly number[] },
  each: (pipeline: PipelineBuilder, entry: Local, counter: Local) => void,
): Promise<void> {
  let slot = 0;
  await run.parallel(
    name,
    runs,
    rows,
    (blocks) => {
      slot = blocks.shared(8);
    },
    (pipeline, task) => {
      const { f, shared } = pipeline;
      const [at, entry, end, base, counter] = [f.local('i32'), f.local('i32'), f.local('i32'), f.local('i32'), f.local('i32')];
      f.get(shared).load('i32.load', slot).get(task).i32(RUN.bytes).op('i32.mul').op('i32.add').set(at);
      f.get(at).load('i32.load', RUN.start).set(entry);
      f.get(at).load('i32.load', RUN.end).set(end);
      f.get(shared).load('i32.load', slot + WORD);
      f.get(task)
        .i32((splitters.length + 1) * WORD)
        .op('i32.mul')
        .op('i32.add')
        .set(base);
      f.loop((next) => {
        pushPartition(pipeline, splitters, entry);
        f.i32(2).op('i32.shl').get(base).op('i32.add').set(counter);
        each(pipeline, entry, counter);
        f.get(entry).i32(ENTRY_BYTES).op('i32.add').tee(entry).get(end).op('i32.lt_u').brIf(next);
      });
    },
    ({ shared }) => {
      run.memory.i32(shared + slot, 2).set([list, counters]);
    },
  );
}

/** Pushes the number of splitters that are at most the entry's prefix, by a binary search without branches. */
function pushPartition(pipeline: PipelineBuilder, splitters: readonly number[], entry: Local): void {
  const { f } = pipeline;
  const [prefix, found, next] = [f.local('i32'), f.local('i32'), f.local('i32')];
  const bits = splitters.length === 0 ? 0 : Math.floor(Math.log2(splitters.length)) + 1;
  // splitters[i] stands at i + 1, the unused places behind them compare as greater
  const padded = new Uint32Array(1 << bits).fill(0xffffffff);
  padded.set(splitters, 1);
  const list = pipeline.constant(new Uint8Array(padded.buffer));
  f.get(entry).load('i32.load', WORD).set(prefix);
  f.i32(0).set(found);
  for (let step = 1 << bits; step > 1; step >>= 1) {
    f.get(found)
      .i32(step >> 1)
      .op('i32.add')
      .tee(next);
    f.get(found).get(list).get(next).i32(2).op('i32.shl').op('i32.add').load('i32.load').get(prefix).op('i32.le_u');
    f.select().set(found);
  }
  f.get(found).i32(splitters.length).get(found).i32(splitters.length).op('i32.le_u').select();
}
