import type { FunctionBuilder, Local } from '../../../wasm/function-builder.ts';
import { addTo, newSum, pushSum, resetSum } from '../statistics/kahan.ts';
import {
  eachSample,
  ifTwo,
  pushCount,
  pushIsInfinite,
  pushTime,
  pushValue,
  type WindowCode,
  type WindowFunction,
} from './window-function.ts';

/**
 * Simple linear regression by least squares over a window (Prometheus, promql/functions.go: linearRegression): x is
 * seconds from `origin` (i64 ms), y the value. Sets slope and intercept at the origin.
 */
function regress(window: WindowCode, origin: Local, slope: Local, intercept: Local): void {
  const { f } = window;
  const [first, constant, x, product] = [f.local('f64'), f.local('i32'), f.local('f64'), f.local('f64')];
  const [sumX, sumY, sumXY, sumXX] = [newSum(f), newSum(f), newSum(f), newSum(f)];
  for (const sum of [sumX, sumY, sumXY, sumXX]) resetSum(f, sum);
  pushValue(window, window.low).set(first);
  f.i32(1).set(constant);
  eachSample(window, (value, sample) => {
    f.get(value)
      .get(first)
      .op('f64.ne')
      .ifThen(() => f.i32(0).set(constant));
    pushTime(window, sample).get(origin).op('i64.sub').op('f64.convert_i64_s').f64(1000).op('f64.div').set(x);
    addTo(f, sumX, x);
    addTo(f, sumY, value);
    f.get(x).get(value).op('f64.mul').set(product);
    addTo(f, sumXY, product);
    f.get(x).get(x).op('f64.mul').set(product);
    addTo(f, sumXX, product);
  });
  f.get(constant).ifElse(
    () => {
      const nan = (value: FunctionBuilder): FunctionBuilder => value.f64(Number.NaN);
      pushIsInfinite(f, first).ifElse(
        () => nan(nan(f).set(slope)).set(intercept),
        () => f.f64(0).set(slope).get(first).set(intercept),
      );
    },
    () => {
      const [totalX, totalY, n] = [f.local('f64'), f.local('f64'), f.local('f64')];
      pushSum(f, sumX).set(totalX);
      pushSum(f, sumY).set(totalY);
      pushCount(window).set(n);
      pushSum(f, sumXY).get(totalX).get(totalY).op('f64.mul').get(n).op('f64.div').op('f64.sub');
      pushSum(f, sumXX).get(totalX).get(totalX).op('f64.mul').get(n).op('f64.div').op('f64.sub').op('f64.div').set(slope);
      f.get(totalY).get(n).op('f64.div').get(slope).get(totalX).op('f64.mul').get(n).op('f64.div').op('f64.sub').set(intercept);
    },
  );
}

/** The slope per second. */
export const deriv: WindowFunction = (window, result, present) => {
  const { f } = window;
  ifTwo(window, present, () => {
    const [origin, intercept] = [f.local('i64'), f.local('f64')];
    // The line's slope does not depend on the origin; a near one keeps digits.
    pushTime(window, window.low).set(origin);
    regress(window, origin, result, intercept);
  });
};

/** Where the line will be `parameter` seconds after the step. */
export const predictLinear: WindowFunction = (window, result, present) => {
  const { f, parameters } = window;
  const [seconds] = parameters;
  ifTwo(window, present, () => {
    const intercept = f.local('f64');
    regress(window, window.step, result, intercept);
    f.get(result);
    if (seconds === undefined) f.f64(0);
    else f.get(seconds);
    f.op('f64.mul').get(intercept).op('f64.add').set(result);
  });
};
