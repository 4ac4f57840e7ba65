import type { FunctionRef, Local } from '../../../wasm/function-builder.ts';
import type { PipelineBuilder } from '../../pipeline/stream.ts';

/**
 * Sorting arrays of entries: the upper half of an entry (8 bytes) is the prefix of the keys, the lower half the record's
 * address. Everything here is stable: what stood first stays first among equals.
 */

export const ENTRY_BYTES = 8;
/** Runs of this many are sorted by insertion. */
const INSERTION = 16;

/** Pushes 1 when entry `a` belongs behind entry `b`. `ties`: `(a, b) -> order` of records with equal prefixes; null: they are equal. */
export function pushAfter(pipeline: PipelineBuilder, a: Local, b: Local, ties: FunctionRef | null): void {
  const { f, shared, local } = pipeline;
  const [x, y] = [f.local('i32'), f.local('i32')];
  f.get(a).i64(32n).op('i64.shr_u').op('i32.wrap_i64').tee(x);
  f.get(b).i64(32n).op('i64.shr_u').op('i32.wrap_i64').tee(y).op('i32.gt_u');
  if (ties === null) return;
  f.get(x).get(y).op('i32.eq');
  f.ifElse(
    () => {
      f.get(shared).get(local).get(a).op('i32.wrap_i64').get(b).op('i32.wrap_i64').call(ties);
      f.i32(0).op('i32.gt_s');
    },
    () => f.i32(0),
    'i32',
  );
  f.op('i32.or');
}

/** Sorts the entries from address `start` up to `end`; `scratch` is as much memory again. */
export function emitSortRun(pipeline: PipelineBuilder, start: Local, end: Local, scratch: Local, ties: FunctionRef | null): void {
  const { f } = pipeline;
  const [bytes, width, from, to, swap, left] = [
    f.local('i32'),
    f.local('i32'),
    f.local('i32'),
    f.local('i32'),
    f.local('i32'),
    f.local('i32'),
  ];
  f.get(end).get(start).op('i32.sub').set(bytes);
  emitInsertionRuns(pipeline, start, end, ties);
  f.get(start).set(from).get(scratch).set(to);
  f.i32(INSERTION * ENTRY_BYTES).set(width);
  f.block((done) => {
    f.loop((pass) => {
      f.get(width).get(bytes).op('i32.ge_u').brIf(done);
      f.i32(0).set(left);
      f.loop((pair) => {
        emitMergePair(pipeline, { from, to, left, width, bytes }, ties);
        f.get(left).get(width).i32(1).op('i32.shl').op('i32.add').tee(left).get(bytes).op('i32.lt_u').brIf(pair);
      });
      f.get(from).set(swap).get(to).set(from).get(swap).set(to);
      f.get(width).i32(1).op('i32.shl').set(width).br(pass);
    });
  });
  f.get(from).get(start).op('i32.ne');
  f.ifThen(() => f.get(start).get(from).get(bytes).memoryCopy());
}

function emitInsertionRuns(pipeline: PipelineBuilder, start: Local, end: Local, ties: FunctionRef | null): void {
  const { f } = pipeline;
  const [run, runEnd, next, at] = [f.local('i32'), f.local('i32'), f.local('i32'), f.local('i32')];
  const [entry, before] = [f.local('i64'), f.local('i64')];
  f.get(start).set(run);
  f.block((done) => {
    f.loop((again) => {
      f.get(run).get(end).op('i32.ge_u').brIf(done);
      f.get(run)
        .i32(INSERTION * ENTRY_BYTES)
        .op('i32.add')
        .tee(runEnd);
      f.get(end).get(runEnd).get(end).op('i32.lt_u').select().set(runEnd);
      f.get(run).i32(ENTRY_BYTES).op('i32.add').set(next);
      f.block((runDone) => {
        f.loop((insert) => {
          f.get(next).get(runEnd).op('i32.ge_u').brIf(runDone);
          f.get(next).tee(at).load('i64.load').set(entry);
          f.block((placed) => {
            f.loop((shift) => {
              f.get(at).get(run).op('i32.eq').brIf(placed);
              f.get(at).i32(ENTRY_BYTES).op('i32.sub').load('i64.load').set(before);
              pushAfter(pipeline, before, entry, ties);
              f.op('i32.eqz').brIf(placed);
              f.get(at).get(before).store('i64.store');
              f.get(at).i32(ENTRY_BYTES).op('i32.sub').set(at).br(shift);
            });
          });
          f.get(at).get(entry).store('i64.store');
          f.get(next).i32(ENTRY_BYTES).op('i32.add').set(next).br(insert);
        });
      });
      f.get(runEnd).set(run).br(again);
    });
  });
}

interface Pass {
  readonly from: Local;
  readonly to: Local;
  /** Byte offset of the left run; it and the right one have at most `width` bytes, and end by `bytes`. */
  readonly left: Local;
  readonly width: Local;
  readonly bytes: Local;
}

function emitMergePair(pipeline: PipelineBuilder, { from, to, left, width, bytes }: Pass, ties: FunctionRef | null): void {
  const { f } = pipeline;
  const [a, aEnd, b, bEnd, out] = [f.local('i32'), f.local('i32'), f.local('i32'), f.local('i32'), f.local('i32')];
  const offset = (target: Local): void => {
    f.get(bytes).get(target).get(target).get(bytes).op('i32.gt_u').select().set(target);
  };
  f.get(left).get(width).op('i32.add').set(aEnd);
  offset(aEnd);
  f.get(aEnd).get(width).op('i32.add').set(bEnd);
  offset(bEnd);
  f.get(from).get(left).op('i32.add').set(a);
  f.get(from).get(aEnd).op('i32.add').tee(aEnd).set(b);
  f.get(from).get(bEnd).op('i32.add').set(bEnd);
  f.get(to).get(left).op('i32.add').set(out);
  emitMerge(pipeline, { a, aEnd, b, bEnd, out }, ties);
}

/** Merges entries [a, aEnd) and [b, bEnd), both sorted, to `out`; moves a, b and out. */
function emitMerge(
  pipeline: PipelineBuilder,
  at: { readonly a: Local; readonly aEnd: Local; readonly b: Local; readonly bEnd: Local; readonly out: Local },
  ties: FunctionRef | null,
): void {
  const { f } = pipeline;
  const { a, aEnd, b, bEnd, out } = at;
  const [x, y] = [f.local('i64'), f.local('i64')];
  f.block((done) => {
    f.loop((next) => {
      f.get(a).get(aEnd).op('i32.ge_u').brIf(done);
      f.get(b).get(bEnd).op('i32.ge_u').brIf(done);
      f.get(a).load('i64.load').set(x).get(b).load('i64.load').set(y);
      pushAfter(pipeline, x, y, ties);
      f.ifElse(
        () => {
          f.get(out).get(y).store('i64.store');
          f.get(b).i32(ENTRY_BYTES).op('i32.add').set(b);
        },
        () => {
          f.get(out).get(x).store('i64.store');
          f.get(a).i32(ENTRY_BYTES).op('i32.add').set(a);
        },
      );
      f.get(out).i32(ENTRY_BYTES).op('i32.add').set(out).br(next);
    });
  });
  for (const [from, end] of [
    [a, aEnd],
    [b, bEnd],
  ] as const) {
    f.get(out).get(from).get(end).get(from).op('i32.sub').memoryCopy();
    f.get(out).get(end).get(from).op('i32.sub').op('i32.add').set(out);
    f.get(end).set(from);
  }
}
