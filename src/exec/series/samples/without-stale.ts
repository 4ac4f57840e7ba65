import { STALE_BITS } from '../../../types/series.ts';
import type { QueryRun } from '../../query-run.ts';
import { address, countUp, forEachItem, pushElement } from '../kernel.ts';
import type { Samples } from './samples.ts';

/** The samples without staleness markers, as range windows see them; the samples themselves when there are none. */
export async function withoutStale(run: QueryRun, samples: Samples): Promise<Samples> {
  if (!samples.mayBeStale) return samples;
  const kept = {
    ends: run.allocate(samples.series.length * 4 + 4, 'samples'),
    times: run.allocate(samples.count * 8 + 8, 'samples'),
    values: run.allocate(samples.count * 8 + 8, 'samples'),
  };
  const inputs = {
    starts: address(samples.starts),
    ends: address(samples.ends),
    times: address(samples.times),
    values: address(samples.values),
    keptEnds: address(kept.ends),
    keptTimes: address(kept.times),
    keptValues: address(kept.values),
  };
  await forEachItem(run, 'drop_stale', samples.series.length, samples.count, inputs, ({ f, input }, series) => {
    const [from, to, end, bits] = [f.local('i32'), f.local('i32'), f.local('i32'), f.local('i64')];
    pushElement(f, input.starts, series, 2).load('i32.load').tee(from).set(to);
    pushElement(f, input.ends, series, 2).load('i32.load').set(end);
    countUp(f, from, end, () => {
      pushElement(f, input.values, from, 3)
        .load('i64.load')
        .tee(bits)
        .i64(STALE_BITS)
        .op('i64.ne')
        .ifThen(() => {
          pushElement(f, input.keptTimes, to, 3);
          pushElement(f, input.times, from, 3).load('i64.load').store('i64.store');
          pushElement(f, input.keptValues, to, 3).get(bits).store('i64.store');
          f.get(to).i32(1).op('i32.add').set(to);
        });
    });
    pushElement(f, input.keptEnds, series, 2).get(to).store('i32.store');
  });
  return { ...samples, ...kept, mayBeStale: false };
}
