import type { Local } from '../../../wasm/function-builder.ts';
import type { PipelineBuilder } from '../../pipeline/stream.ts';
import { ENTRY_BYTES } from './runs.ts';

/** Counters per byte of the prefix, uint32. */
const COUNTERS = 256;
const COUNTER_BYTES = COUNTERS * 4;
/** The prefix's bytes in an entry. */
const FIRST_BYTE = 4;
const BYTES = 4;
/** Bytes of memory that the passes need beside the scratch. */
export const COUNTERS_BYTES = BYTES * COUNTER_BYTES;

/**
 * Sorts the entries from `start` up to `end` by their prefixes, byte by byte from the lowest, which is stable. `scratch` is as
 * much memory again.
 */
export function emitPasses(pipeline: PipelineBuilder, start: Local, end: Local, scratch: Local, counters: Local): void {
  const { f } = pipeline;
  const [counter, byte, from, to, swap] = [f.local('i32'), f.local('i32'), f.local('i32'), f.local('i32'), f.local('i32')];
  f.get(counters).tee(counter).i32(0).i32(COUNTERS_BYTES).memoryFill();
  emitCount(pipeline, start, end, counter);
  f.get(start).set(from).get(scratch).set(to);
  f.i32(FIRST_BYTE).set(byte);
  f.loop((nextByte) => {
    f.block((same) => {
      // a byte that is the same in all entries orders nothing
      pushCounter(pipeline, counter, from, byte);
      f.load('i32.load').i32(3).op('i32.shl').get(end).get(start).op('i32.sub').op('i32.eq').brIf(same);
      emitOffsets(pipeline, counter, to);
      emitScatter(pipeline, from, byte, counter, () => f.get(end).get(start).op('i32.sub'));
      f.get(from).set(swap).get(to).set(from).get(swap).set(to);
    });
    f.get(counter).i32(COUNTER_BYTES).op('i32.add').set(counter);
    f.get(byte)
      .i32(1)
      .op('i32.add')
      .tee(byte)
      .i32(FIRST_BYTE + BYTES)
      .op('i32.lt_u')
      .brIf(nextByte);
  });
  f.get(from).get(start).op('i32.ne');
  f.ifThen(() => f.get(start).get(from).get(end).get(start).op('i32.sub').memoryCopy());
}

/** Counts every byte of all prefixes in one pass. */
function emitCount({ f }: PipelineBuilder, start: Local, end: Local, counters: Local): void {
  const [entry, prefix, at] = [f.local('i32'), f.local('i32'), f.local('i32')];
  f.get(start).set(entry);
  f.loop((next) => {
    f.get(entry).load('i32.load', FIRST_BYTE).set(prefix);
    for (let byte = 0; byte < BYTES; byte++) {
      f.get(prefix)
        .i32(byte * 8)
        .op('i32.shr_u')
        .i32(0xff)
        .op('i32.and')
        .i32(2)
        .op('i32.shl')
        .get(counters)
        .op('i32.add');
      f.tee(at)
        .get(at)
        .load('i32.load', byte * COUNTER_BYTES)
        .i32(1)
        .op('i32.add')
        .store('i32.store', byte * COUNTER_BYTES);
    }
    f.get(entry).i32(ENTRY_BYTES).op('i32.add').tee(entry).get(end).op('i32.lt_u').brIf(next);
  });
}

/** Pushes the address of the counter of the byte at offset `byte` of the entry. */
function pushCounter({ f }: PipelineBuilder, counters: Local, entry: Local, byte: Local): void {
  f.get(entry).get(byte).op('i32.add').load('i32.load8_u').i32(2).op('i32.shl').get(counters).op('i32.add');
}

/** Turns the counters into the addresses at which each byte's entries begin. */
function emitOffsets({ f }: PipelineBuilder, counters: Local, to: Local): void {
  const [at, end, next, count] = [f.local('i32'), f.local('i32'), f.local('i32'), f.local('i32')];
  f.get(counters).tee(at).i32(COUNTER_BYTES).op('i32.add').set(end);
  f.get(to).set(next);
  f.loop((again) => {
    f.get(at).load('i32.load').i32(3).op('i32.shl').set(count);
    f.get(at).get(next).store('i32.store');
    f.get(next).get(count).op('i32.add').set(next);
    f.get(at).i32(4).op('i32.add').tee(at).get(end).op('i32.lt_u').brIf(again);
  });
}

function emitScatter(pipeline: PipelineBuilder, from: Local, byte: Local, counters: Local, pushBytes: () => void): void {
  const { f } = pipeline;
  const [entry, end, at, place] = [f.local('i32'), f.local('i32'), f.local('i32'), f.local('i32')];
  f.get(from).tee(entry);
  pushBytes();
  f.op('i32.add').set(end);
  f.loop((next) => {
    pushCounter(pipeline, counters, entry, byte);
    f.tee(at).load('i32.load').tee(place).get(entry).load('i64.load').store('i64.store');
    f.get(at).get(place).i32(ENTRY_BYTES).op('i32.add').store('i32.store');
    f.get(entry).i32(ENTRY_BYTES).op('i32.add').tee(entry).get(end).op('i32.lt_u').brIf(next);
  });
}

/** Calls `each` with the bounds of every stretch of more than one entry with equal prefixes. */
export function emitStretches(
  pipeline: PipelineBuilder,
  start: Local,
  end: Local,
  each: (first: Local, last: Local) => void,
): void {
  const { f } = pipeline;
  const [first, last, prefix] = [f.local('i32'), f.local('i32'), f.local('i32')];
  f.get(start).set(first);
  f.loop((next) => {
    f.get(first).tee(last).load('i32.load', FIRST_BYTE).set(prefix);
    f.block((differs) => {
      f.loop((again) => {
        f.get(last).i32(ENTRY_BYTES).op('i32.add').tee(last).get(end).op('i32.ge_u').brIf(differs);
        f.get(last).load('i32.load', FIRST_BYTE).get(prefix).op('i32.eq').brIf(again);
      });
    });
    f.get(last).get(first).op('i32.sub').i32(ENTRY_BYTES).op('i32.gt_u');
    f.ifThen(() => each(first, last));
    f.get(last).tee(first).get(end).op('i32.lt_u').brIf(next);
  });
}
