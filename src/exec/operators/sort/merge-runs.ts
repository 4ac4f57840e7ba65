import type { Pointer } from '../../../memory/shared-memory.ts';
import type { FunctionRef, Local } from '../../../wasm/function-builder.ts';
import type { PipelineBuilder } from '../../pipeline/stream.ts';
import type { QueryRun } from '../../query-run.ts';
import { ENTRY_BYTES, emitMerge, pushAfter } from './runs.ts';

/** Entries [from, to) of an array, sorted. */
export interface Run {
  readonly from: number;
  readonly to: number;
}

/** Emits the comparison of records whose prefixes are equal; null: those are equal. */
export type Ties = (pipeline: PipelineBuilder) => FunctionRef | null;

interface Arrays {
  readonly entries: Pointer;
  readonly scratch: Pointer;
  readonly rows: number;
}

/** Entries below which a part of a merge is not worth a task. */
const LEAST_PART = 1 << 14;

/**
 * Merges neighbouring runs pairwise until one is left; a merge is cut into parts of equal output, whose inputs are found by
 * binary search (merge path: Odeh et al., 2012), so that the last merge is parallel too. Returns the array it ends up in.
 */
export async function mergeRuns(
  run: QueryRun,
  runs: readonly Run[],
  { entries, scratch, rows }: Arrays,
  ties: Ties,
): Promise<Pointer> {
  let [current, other, left] = [entries, scratch, runs];
  while (left.length > 1) {
    const pairs = pairUp(left);
    await mergePairs(run, pairs, current, other, rows, ties);
    left = pairs.map(({ from, to }) => ({ from, to }));
    [current, other] = [other, current];
  }
  return current;
}

interface Pair extends Run {
  /** Where the second run begins; `to` when there is none. */
  readonly middle: number;
}

function pairUp(runs: readonly Run[]): readonly Pair[] {
  const pairs: Pair[] = [];
  for (let i = 0; i < runs.length; i += 2) {
    const [a, b] = [runs[i], runs[i + 1]];
    if (a !== undefined) pairs.push({ from: a.from, middle: a.to, to: b?.to ?? a.to });
  }
  return pairs;
}

/** Words of a part: the pair's bounds, and the part's in the output; all addresses but the last two, which are byte offsets in the pair. */
const PART = { a: 0, middle: 4, end: 8, out: 12, first: 16, last: 20, words: 6 } as const;

async function mergePairs(
  run: QueryRun,
  pairs: readonly Pair[],
  current: Pointer,
  other: Pointer,
  rows: number,
  ties: Ties,
): Promise<void> {
  const size = Math.max(LEAST_PART, Math.ceil(rows / (run.threads * 4)));
  const words: number[] = [];
  for (const { from, middle, to } of pairs) {
    for (let first = 0; first < to - from; first += size) {
      const last = Math.min(to - from, first + size);
      words.push(
        current + from * ENTRY_BYTES,
        current + middle * ENTRY_BYTES,
        current + to * ENTRY_BYTES,
        other + from * ENTRY_BYTES,
        first * ENTRY_BYTES,
        last * ENTRY_BYTES,
      );
    }
  }
  const list = run.allocate(words.length * 4, 'a sort');
  run.memory.i32(list, words.length).set(words);
  let slot = 0;
  await run.parallel(
    'merge_runs',
    words.length / PART.words,
    rows,
    (blocks) => {
      slot = blocks.shared(4);
    },
    (pipeline, task) => {
      const { f, shared } = pipeline;
      const part = f.local('i32');
      f.get(shared)
        .load('i32.load', slot)
        .get(task)
        .i32(PART.words * 4)
        .op('i32.mul')
        .op('i32.add')
        .set(part);
      emitPart(pipeline, part, ties(pipeline));
    },
    ({ shared }) => {
      run.memory.i32(shared + slot, 1)[0] = list;
    },
  );
}

function emitPart(pipeline: PipelineBuilder, part: Local, ties: FunctionRef | null): void {
  const { f } = pipeline;
  const load = (word: number): Local => {
    const local = f.local('i32');
    f.get(part).load('i32.load', word).set(local);
    return local;
  };
  const [a, middle, end, out, first, last] = [
    load(PART.a),
    load(PART.middle),
    load(PART.end),
    load(PART.out),
    load(PART.first),
    load(PART.last),
  ];
  const pair = { a, middle, end };
  const aEnd = emitSplit(pipeline, pair, last, ties);
  const aStart = emitSplit(pipeline, pair, first, ties);
  // what of the output does not come of the first run comes of the second
  const [b, bEnd] = [f.local('i32'), f.local('i32')];
  f.get(middle).get(first).op('i32.add').get(aStart).get(a).op('i32.sub').op('i32.sub').set(b);
  f.get(middle).get(last).op('i32.add').get(aEnd).get(a).op('i32.sub').op('i32.sub').set(bEnd);
  f.get(out).get(first).op('i32.add').set(out);
  emitMerge(pipeline, { a: aStart, aEnd, b, bEnd, out }, ties);
}

/**
 * The address up to which the first run's entries are among the `wanted` bytes of output that come first: the least one at
 * which the next entry of the first run belongs behind the entries that the second run then gives.
 */
function emitSplit(
  pipeline: PipelineBuilder,
  { a, middle, end }: { readonly a: Local; readonly middle: Local; readonly end: Local },
  wanted: Local,
  ties: FunctionRef | null,
): Local {
  const { f } = pipeline;
  const [low, high, at] = [f.local('i32'), f.local('i32'), f.local('i32')];
  const [x, y, bytes] = [f.local('i64'), f.local('i64'), f.local('i32')];
  // low = max(0, wanted − length of b), high = min(wanted, length of a), as byte offsets
  f.get(end).get(middle).op('i32.sub').set(bytes);
  f.get(wanted).get(bytes).op('i32.sub').i32(0).get(wanted).get(bytes).op('i32.gt_u').select().set(low);
  f.get(middle).get(a).op('i32.sub').set(bytes);
  f.get(wanted).get(bytes).get(wanted).get(bytes).op('i32.lt_u').select().set(high);
  f.block((done) => {
    f.loop((next) => {
      f.get(low).get(high).op('i32.ge_u').brIf(done);
      f.get(low).get(high).op('i32.add').i32(1).op('i32.shr_u').i32(-ENTRY_BYTES).op('i32.and').set(at);
      // too few of the first run, when its entry here does not belong behind the second run's last one
      f.get(a).get(at).op('i32.add').load('i64.load').set(x);
      f.get(middle).get(wanted).op('i32.add').get(at).op('i32.sub').i32(ENTRY_BYTES).op('i32.sub').load('i64.load').set(y);
      pushAfter(pipeline, x, y, ties);
      f.ifElse(
        () => f.get(at).set(high),
        () => f.get(at).i32(ENTRY_BYTES).op('i32.add').set(low),
      );
      f.br(next);
    });
  });
  f.get(low).get(a).op('i32.add').set(low);
  return low;
}
