import type { Pointer } from '../../../memory/shared-memory.ts';
import { STALE_BITS } from '../../../types/series.ts';
import type { QueryRun } from '../../query-run.ts';
import { address, count, countUp, once, pushElement } from '../kernel.ts';
import type { LabelSet } from '../labels/labels.ts';
import { orderSeries } from './order.ts';
import type { Samples } from './samples.ts';

/** Rows of one source that know the number of their series. */
export interface Scattered {
  readonly series: readonly LabelSet[];
  readonly counts: readonly number[];
  readonly rows: number;
  readonly ids: Pointer;
  readonly times: Pointer;
  readonly values: Pointer;
}

/** Brings the rows of each series together, in time order; of several at one time the first written stays. */
export async function scatterSamples(run: QueryRun, parts: readonly Scattered[]): Promise<Samples> {
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  const series = parts.flatMap((part) => part.series);
  const starts = run.allocate(series.length * 4 + 4, 'series');
  const ends = run.allocate(series.length * 4 + 4, 'series');
  const times = run.allocate(rows * 8 + 8, 'samples');
  const values = run.allocate(rows * 8 + 8, 'samples');
  const flags = run.allocateZeroed(8, 'samples');
  const first = run.memory.i32(starts, series.length);
  let at = 0;
  parts
    .flatMap((part) => part.counts)
    .forEach((size, s) => {
      first[s] = at;
      at += size;
    });
  run.memory.i32(ends, series.length).set(first);
  let seriesBefore = 0;
  for (const part of parts) {
    const inputs = {
      rows: count(part.rows),
      ids: address(part.ids),
      fromTimes: address(part.times),
      fromValues: address(part.values),
      starts: address(starts + seriesBefore * 4),
      ends: address(ends + seriesBefore * 4),
      times: address(times),
      values: address(values),
      flags: address(flags),
    };
    await once(run, 'scatter_samples', part.rows, inputs, ({ f, input }) => {
      const [row, id, to] = [f.local('i32'), f.local('i32'), f.local('i32')];
      const [time, bits] = [f.local('i64'), f.local('i64')];
      countUp(f, row, input.rows, () => {
        pushElement(f, input.ids, row, 2).load('i32.load').set(id);
        pushElement(f, input.ends, id, 2).load('i32.load').set(to);
        pushElement(f, input.fromTimes, row, 3).load('i64.load').set(time);
        pushElement(f, input.fromValues, row, 3).load('i64.load').set(bits);
        pushElement(f, input.times, to, 3).get(time).store('i64.store');
        pushElement(f, input.values, to, 3).get(bits).store('i64.store');
        pushElement(f, input.ends, id, 2).get(to).i32(1).op('i32.add').store('i32.store');
        f.get(bits)
          .i64(STALE_BITS)
          .op('i64.eq')
          .ifThen(() => f.get(input.flags).i32(1).store('i32.store'));
        f.get(to);
        pushElement(f, input.starts, id, 2)
          .load('i32.load')
          .op('i32.gt_s')
          .ifThen(() => {
            pushElement(f, input.times, to, 3).i32(8).op('i32.sub').load('i64.load').get(time).op('i64.ge_s');
            f.ifThen(() => f.get(input.flags).i32(1).store('i32.store', 4));
          });
      });
    });
    seriesBefore += part.series.length;
  }
  const [stale = 0, unordered = 0] = run.memory.i32(flags, 2);
  const samples: Samples = { series, count: rows, starts, ends, times, values, mayBeStale: stale !== 0 };
  if (unordered !== 0) await orderSeries(run, samples);
  return samples;
}
