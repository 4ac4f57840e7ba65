import type { Pointer } from '../../../memory/shared-memory.ts';
import type { FunctionRef, Local } from '../../../wasm/function-builder.ts';
import type { PipelineBuilder } from '../../pipeline/stream.ts';
import type { QueryRun } from '../../query-run.ts';
import type { RowLayout } from '../../rows/layout.ts';
import type { Records } from '../../rows/row-sink.ts';
import { commonPrefix } from './common-prefix.ts';
import { compareRoutine } from './compare.ts';
import { emitFill, layRuns, planRuns, RUN } from './fill.ts';
import type { RecordKey } from './keys.ts';
import { partitionEntries, sampleSplitters } from './partition.ts';
import { type Prefix, planPrefix } from './prefix.ts';
import { COUNTERS_BYTES, emitPasses, emitStretches } from './radix.ts';
import { ENTRY_BYTES, emitSortRun } from './runs.ts';
import { sortTiesRoutine } from './ties.ts';

/** Rows below which a partition is not worth a task of its own. */
const LEAST_PARTITION = 1 << 13;
/** So that threads end together although partitions differ. */
const PARTITIONS_PER_THREAD = 8;

/** What the code of a sort depends on. */
interface SortWork {
  readonly layout: RowLayout;
  readonly keys: readonly RecordKey[];
  readonly prefix: Prefix;
  readonly sequence: number | null;
  /** Bytes that all texts of the first key that is not packed whole begin with. */
  readonly skipped: number;
}

/**
 * Sorts records; among equal ones by the int64 at offset `sequence`, or, without it, in the order of their chunks. Returns the
 * address of an array of entries (runs.ts) in order: the first word of each is the address of the record.
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
  const prefix = planPrefix(keys);
  const skipped = prefix.text === null ? 0 : await commonPrefix(run, records, prefix.text);
  const work = { layout, keys, prefix, sequence, skipped };
  const partitions = run.threads === 1 ? 1 : Math.min(run.threads * PARTITIONS_PER_THREAD, Math.floor(rows / LEAST_PARTITION));
  const runs = planRuns(records.chunks, rows, Math.max(1, partitions));
  const list = layRuns(run, runs, entries);
  if (runs.length === 1) {
    await overTasks(run, 'sort', 1, rows, { list, other: scratch }, work, (pipeline, at, other, offset) => {
      emitFill(pipeline, layout, prefix, at, offset);
      emitSort(pipeline, work, at, other, offset);
    });
    return entries;
  }
  await overTasks(run, 'sort_fill', runs.length, rows, { list, other: 0 }, work, (pipeline, at, _, offset) => {
    emitFill(pipeline, layout, prefix, at, offset);
  });
  const splitters = sampleSplitters(run, entries, rows, partitions);
  const starts = await partitionEntries(run, runs, list, splitters, scratch, rows);
  const ranges = starts.slice(1).map((to, i) => ({ from: starts[i] ?? 0, to, chunks: [] }));
  const sorted = { list: layRuns(run, ranges, scratch), other: entries - scratch };
  await overTasks(run, 'sort_partitions', ranges.length, rows, sorted, work, (pipeline, at, distance, offset) => {
    const { f } = pipeline;
    const other = f.local('i32');
    f.get(at).load('i32.load', RUN.start).get(distance).op('i32.add').set(other);
    emitSort(pipeline, work, at, other, offset);
  });
  return scratch;
}

/** A task for each run of the list; `body` gets the address of its words, `other`, and the number of bytes to skip in texts. */
async function overTasks(
  run: QueryRun,
  name: string,
  count: number,
  rows: number,
  { list, other }: { readonly list: Pointer; readonly other: number },
  { skipped }: SortWork,
  body: (pipeline: PipelineBuilder, at: Local, other: Local, offset: Local) => void,
): Promise<void> {
  let slot = 0;
  await run.parallel(
    name,
    count,
    rows,
    (blocks) => {
      slot = blocks.shared(12);
    },
    (pipeline, task) => {
      const { f, shared } = pipeline;
      const [at, given, offset] = [f.local('i32'), f.local('i32'), f.local('i32')];
      f.get(shared).load('i32.load', slot).get(task).i32(RUN.bytes).op('i32.mul').op('i32.add').set(at);
      f.get(shared)
        .load('i32.load', slot + 4)
        .set(given);
      f.get(shared)
        .load('i32.load', slot + 8)
        .set(offset);
      body(pipeline, at, given, offset);
    },
    ({ shared }) => {
      run.memory.i32(shared + slot, 3).set([list, other, skipped]);
    },
  );
}

/** Fewer bytes of entries than this are sorted by comparing. */
const FEW_BYTES = 256 * ENTRY_BYTES;

/** Sorts the entries of a run by their prefixes, then those with equal ones. */
function emitSort(pipeline: PipelineBuilder, work: SortWork, at: Local, scratch: Local, offset: Local): void {
  const { f, shared, local } = pipeline;
  const { layout, prefix } = work;
  const [start, end] = [f.local('i32'), f.local('i32')];
  f.get(at).load('i32.load', RUN.start).set(start);
  f.get(at).load('i32.load', RUN.end).set(end);
  const compare = tieOrder(pipeline, work);
  f.get(end).get(start).op('i32.sub').i32(FEW_BYTES).op('i32.lt_u');
  f.ifElse(
    () => emitSortRun(pipeline, start, end, scratch, compare),
    () => {
      const counters = f.local('i32');
      f.i32(COUNTERS_BYTES);
      pipeline.allocate();
      f.set(counters);
      emitPasses(pipeline, start, end, scratch, counters);
      if (compare === null) return;
      const whole = prefix.parts.at(-1)?.bits === 32;
      if (prefix.text !== null && whole) f.get(offset).i32(4).op('i32.add').set(offset);
      const sortTies = sortTiesRoutine(pipeline, { layout, compare, text: prefix.text });
      emitStretches(pipeline, start, end, (first, last) => {
        f.get(shared).get(local).get(first).get(last).get(scratch).get(counters).get(offset).call(sortTies);
      });
    },
  );
}

/** The order of records whose prefixes are equal; null when they are equal then. */
function tieOrder(pipeline: PipelineBuilder, { layout, keys, prefix, sequence }: SortWork): FunctionRef | null {
  const from = prefix.covered;
  return keys.length === from && sequence === null ? null : compareRoutine(pipeline, layout, keys, { from, sequence });
}
