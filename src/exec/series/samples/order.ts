import type { FunctionBuilder, Local } from '../../../wasm/function-builder.ts';
import type { QueryRun } from '../../query-run.ts';
import { address, countUp, forEachItem, pushElement } from '../kernel.ts';
import type { Samples } from './samples.ts';

/**
 * Sorts each series by time, stably, and keeps the first of equal times. A merge sort from runs of one: bottom up, between
 * the samples and a buffer of the same size.
 */
export async function orderSeries(run: QueryRun, samples: Samples): Promise<void> {
  const inputs = {
    starts: address(samples.starts),
    ends: address(samples.ends),
    times: address(samples.times),
    values: address(samples.values),
    otherTimes: address(run.allocate(samples.count * 8 + 8, 'sorting samples')),
    otherValues: address(run.allocate(samples.count * 8 + 8, 'sorting samples')),
  };
  await forEachItem(run, 'order_series', samples.series.length, samples.count, inputs, ({ f, input }, series) => {
    const [start, end, width] = [f.local('i32'), f.local('i32'), f.local('i32')];
    pushElement(f, input.starts, series, 2).load('i32.load').set(start);
    pushElement(f, input.ends, series, 2).load('i32.load').set(end);
    f.i32(1).set(width);
    f.block((sorted) => {
      f.loop((again) => {
        f.get(width).get(end).get(start).op('i32.sub').op('i32.ge_s').brIf(sorted);
        mergeRuns(f, input, start, end, width);
        f.get(width).i32(1).op('i32.shl').set(width).br(again);
      });
    });
    dropRepeated(f, input, series, start, end);
  });
}

type Buffers = Readonly<Record<'times' | 'values' | 'otherTimes' | 'otherValues' | 'ends', Local>>;

/** Merges neighbouring runs of `width` into the buffer and copies them back. */
function mergeRuns(f: FunctionBuilder, input: Buffers, start: Local, end: Local, width: Local): void {
  const [low, middle, high, left, right, to] = ['i32', 'i32', 'i32', 'i32', 'i32', 'i32'].map(() => f.local('i32')) as [
    Local,
    Local,
    Local,
    Local,
    Local,
    Local,
  ];
  const clamp = (target: Local, from: Local): void => {
    f.get(from)
      .get(width)
      .op('i32.add')
      .tee(target)
      .get(end)
      .op('i32.gt_s')
      .ifThen(() => f.get(end).set(target));
  };
  f.get(start).set(low);
  f.block((out) => {
    f.loop((again) => {
      f.get(low).get(end).op('i32.ge_s').brIf(out);
      clamp(middle, low);
      clamp(high, middle);
      f.get(low).set(left).get(middle).set(right).get(low).set(to);
      countUp(f, to, high, () => {
        // The left run's sample goes first when times are equal: the sort is stable.
        f.get(left)
          .get(middle)
          .op('i32.lt_s')
          .ifElse(
            () => {
              f.get(right)
                .get(high)
                .op('i32.ge_s')
                .ifElse(
                  () => f.i32(1),
                  () => {
                    pushElement(f, input.times, left, 3).load('i64.load');
                    pushElement(f, input.times, right, 3).load('i64.load').op('i64.le_s');
                  },
                  'i32',
                );
            },
            () => f.i32(0),
            'i32',
          );
        f.ifElse(
          () => move(f, input, left, to),
          () => move(f, input, right, to),
        );
      });
      f.get(high).set(low).br(again);
    });
  });
  for (const [into, from] of [
    [input.times, input.otherTimes],
    [input.values, input.otherValues],
  ] as const) {
    pushElement(f, into, start, 3);
    pushElement(f, from, start, 3);
    f.get(end).get(start).op('i32.sub').i32(3).op('i32.shl').memoryCopy();
  }
}

function move(f: FunctionBuilder, input: Buffers, from: Local, to: Local): void {
  pushElement(f, input.otherTimes, to, 3);
  pushElement(f, input.times, from, 3).load('i64.load').store('i64.store');
  pushElement(f, input.otherValues, to, 3);
  pushElement(f, input.values, from, 3).load('i64.load').store('i64.store');
  f.get(from).i32(1).op('i32.add').set(from);
}

/** Closes the gaps of repeated times, and moves the series' end down. */
function dropRepeated(f: FunctionBuilder, input: Buffers, series: Local, start: Local, end: Local): void {
  const [from, to] = [f.local('i32'), f.local('i32')];
  f.get(start).set(from).get(start).set(to);
  countUp(f, from, end, () => {
    f.block((repeated) => {
      f.get(to)
        .get(start)
        .op('i32.gt_s')
        .ifThen(() => {
          pushElement(f, input.times, to, 3).i32(8).op('i32.sub').load('i64.load');
          pushElement(f, input.times, from, 3).load('i64.load').op('i64.eq').brIf(repeated);
        });
      pushElement(f, input.times, to, 3);
      pushElement(f, input.times, from, 3).load('i64.load').store('i64.store');
      pushElement(f, input.values, to, 3);
      pushElement(f, input.values, from, 3).load('i64.load').store('i64.store');
      f.get(to).i32(1).op('i32.add').set(to);
    });
  });
  pushElement(f, input.ends, series, 2).get(to).store('i32.store');
}
