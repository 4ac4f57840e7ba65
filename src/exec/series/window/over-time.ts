import type { Local } from '../../../wasm/function-builder.ts';
import { addTo, newSum, pushSum, resetSum } from '../statistics/kahan.ts';
import { addToMean, newMean, pushMean, resetMean } from '../statistics/mean.ts';
import { addToVariance, newVariance, pushVariance, resetVariance } from '../statistics/variance.ts';
import { eachSample, pushCount, pushIsNaN, pushValue, type WindowCode, type WindowFunction } from './window-function.ts';

/** Aggregations over the samples of one window (Prometheus, Functions: <aggregation>_over_time). */

export const countOverTime: WindowFunction = (window, result) => {
  pushCount(window).set(result);
};

export const presentOverTime: WindowFunction = ({ f }, result) => {
  f.f64(1).set(result);
};

export const firstOverTime: WindowFunction = (window, result) => {
  pushValue(window, window.low).set(result);
};

export const lastOverTime: WindowFunction = (window, result) => {
  pushValue(window, window.high, 1).set(result);
};

export const sumOverTime: WindowFunction = (window, result) => {
  const { f } = window;
  const sum = newSum(f);
  resetSum(f, sum);
  eachSample(window, (value) => addTo(f, sum, value));
  pushSum(f, sum).set(result);
};

export const avgOverTime: WindowFunction = (window, result) => {
  const { f } = window;
  const mean = newMean(f);
  resetMean(f, mean);
  eachSample(window, (value) => addToMean(f, mean, value));
  pushMean(f, mean).set(result);
};

/** NaN gives way to any number. */
function extreme(better: 'f64.lt' | 'f64.gt'): WindowFunction {
  return (window, result) => {
    const { f } = window;
    pushValue(window, window.low).set(result);
    eachSample(
      window,
      (value) => {
        f.get(value).get(result).op(better);
        pushIsNaN(f, result)
          .op('i32.or')
          .ifThen(() => f.get(value).set(result));
      },
      1,
    );
  };
}

export const minOverTime = extreme('f64.lt');
export const maxOverTime = extreme('f64.gt');

function variance(window: WindowCode, result: Local): void {
  const { f } = window;
  const running = newVariance(f);
  resetVariance(f, running);
  eachSample(window, (value) => addToVariance(f, running, value));
  pushVariance(f, running).set(result);
}

export const stdvarOverTime: WindowFunction = variance;

export const stddevOverTime: WindowFunction = (window, result) => {
  variance(window, result);
  window.f.get(result).op('f64.sqrt').set(result);
};

/** Counts neighbours that `differ`: pushes a condition over the earlier and the later value. */
function countPairs(differ: (window: WindowCode, earlier: Local, later: Local) => void): WindowFunction {
  return (window, result) => {
    const { f } = window;
    const earlier = f.local('f64');
    f.f64(0).set(result);
    pushValue(window, window.low).set(earlier);
    eachSample(
      window,
      (later) => {
        differ(window, earlier, later);
        f.ifThen(() => f.get(result).f64(1).op('f64.add').set(result));
        f.get(later).set(earlier);
      },
      1,
    );
  };
}

/** Two NaNs are no change. */
export const changes = countPairs(({ f }, earlier, later) => {
  f.get(earlier).get(later).op('f64.ne');
  pushIsNaN(f, earlier);
  pushIsNaN(f, later).op('i32.and').op('i32.eqz').op('i32.and');
});

export const resets = countPairs(({ f }, earlier, later) => {
  f.get(later).get(earlier).op('f64.lt');
});
