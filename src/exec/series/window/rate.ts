import type { Local } from '../../../wasm/function-builder.ts';
import { eachSample, ifTwo, pushCount, pushTime, pushValue, type WindowCode, type WindowFunction } from './window-function.ts';

/** Extrapolation reaches beyond the outer samples by at most this many average distances (extrapolationThreshold). */
const THRESHOLD = 1.1;
const MS_PER_SECOND = 1000;

/**
 * `rate`, `increase` and `delta` (Prometheus, promql/functions.go: extrapolatedRate): the difference between the window's
 * outer samples, with counter resets added back, stretched to the window's ends unless the series seems to begin or end
 * inside it; a counter is not stretched below zero.
 */
function extrapolated({ counter, perSecond }: { readonly counter: boolean; readonly perSecond: boolean }): WindowFunction {
  return (window, result, present) => {
    const { f } = window;
    ifTwo(window, present, () => {
      const [toStart, toEnd, sampled, average] = [f.local('f64'), f.local('f64'), f.local('f64'), f.local('f64')];
      pushIncrease(window, counter);
      f.set(result);
      pushSeconds(
        window,
        () => pushTime(window, window.low).get(window.until).get(window.range).op('i64.sub').op('i64.sub'),
        toStart,
      );
      pushSeconds(
        window,
        () => {
          f.get(window.until);
          pushTime(window, window.high, 1).op('i64.sub');
        },
        toEnd,
      );
      pushSeconds(
        window,
        () => {
          pushTime(window, window.high, 1);
          pushTime(window, window.low).op('i64.sub');
        },
        sampled,
      );
      f.get(sampled);
      pushCount(window).f64(1).op('f64.sub').op('f64.div').set(average);
      halveWhenFar(window, toStart, average);
      if (counter) stopAtZero(window, result, sampled, toStart);
      halveWhenFar(window, toEnd, average);
      f.get(result).get(sampled).get(toStart).op('f64.add').get(toEnd).op('f64.add').get(sampled).op('f64.div');
      if (perSecond) f.get(window.range).op('f64.convert_i64_s').f64(MS_PER_SECOND).op('f64.div').op('f64.div');
      f.op('f64.mul').set(result);
    });
  };
}

/** Pushes last − first, and for counters what was lost by each reset. */
function pushIncrease(window: WindowCode, counter: boolean): void {
  const { f } = window;
  const increase = f.local('f64');
  pushValue(window, window.high, 1);
  pushValue(window, window.low).op('f64.sub').set(increase);
  if (counter) {
    const earlier = f.local('f64');
    pushValue(window, window.low).set(earlier);
    eachSample(
      window,
      (value) => {
        f.get(value)
          .get(earlier)
          .op('f64.lt')
          .ifThen(() => f.get(increase).get(earlier).op('f64.add').set(increase));
        f.get(value).set(earlier);
      },
      1,
    );
  }
  f.get(increase);
}

function pushSeconds({ f }: WindowCode, pushMs: () => void, into: Local): void {
  pushMs();
  f.op('f64.convert_i64_s').f64(MS_PER_SECOND).op('f64.div').set(into);
}

function halveWhenFar({ f }: WindowCode, distance: Local, average: Local): void {
  f.get(distance)
    .get(average)
    .f64(THRESHOLD)
    .op('f64.mul')
    .op('f64.ge')
    .ifThen(() => f.get(average).f64(2).op('f64.div').set(distance));
}

/** Where the line through the samples would be below zero at the window's start, the counter began later. */
function stopAtZero(window: WindowCode, increase: Local, sampled: Local, toStart: Local): void {
  const { f } = window;
  const [first, toZero] = [f.local('f64'), f.local('f64')];
  pushValue(window, window.low).set(first);
  f.get(increase)
    .f64(0)
    .op('f64.gt')
    .get(first)
    .f64(0)
    .op('f64.ge')
    .op('i32.and')
    .ifThen(() => {
      f.get(sampled).get(first).get(increase).op('f64.div').op('f64.mul').set(toZero);
      f.get(toZero)
        .get(toStart)
        .op('f64.lt')
        .ifThen(() => f.get(toZero).set(toStart));
    });
}

export const rate = extrapolated({ counter: true, perSecond: true });
export const increase = extrapolated({ counter: true, perSecond: false });
export const delta = extrapolated({ counter: false, perSecond: false });

/** `irate` and `idelta` (promql/functions.go: instantValue): the last two samples. */
function instant({ counter }: { readonly counter: boolean }): WindowFunction {
  return (window, result, present) => {
    const { f } = window;
    ifTwo(window, present, () => {
      const [last, before, interval] = [f.local('f64'), f.local('f64'), f.local('i64')];
      pushValue(window, window.high, 1).set(last);
      pushValue(window, window.high, 2).set(before);
      pushTime(window, window.high, 1);
      pushTime(window, window.high, 2)
        .op('i64.sub')
        .tee(interval)
        .op('i64.eqz')
        .ifElse(
          () => f.i32(0).set(present),
          () => {
            f.get(last).get(before).op('f64.sub');
            if (!counter) {
              f.set(result);
              return;
            }
            const difference = f.local('f64');
            f.set(difference).get(last).get(difference).get(last).get(before).op('f64.lt').select();
            f.get(interval).op('f64.convert_i64_s').f64(MS_PER_SECOND).op('f64.div').op('f64.div').set(result);
          },
        );
    });
  };
}

export const irate = instant({ counter: true });
export const idelta = instant({ counter: false });
