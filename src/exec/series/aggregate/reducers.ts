import type { AggregationOperator } from '../../../../grammars/ast/series.ts';
import type { FunctionBuilder, Local } from '../../../wasm/function-builder.ts';
import { addTo, newSum, pushSum, resetSum } from '../statistics/kahan.ts';
import { addToMean, newMean, pushMean, resetMean } from '../statistics/mean.ts';
import { addToVariance, newVariance, pushVariance, resetVariance } from '../statistics/variance.ts';

/** An aggregation as code: state in locals, reset for every group and step. */
export interface Reducer {
  reset(): void;
  /** Takes the value in the local. */
  add(value: Local): void;
  /** Pushes the result; at least one value was taken. */
  push(): void;
}

/** Operators that make one value of the values of a group (Prometheus, promql/engine.go: aggregation). */
export const REDUCERS: Partial<Readonly<Record<AggregationOperator, (f: FunctionBuilder) => Reducer>>> = {
  sum: (f) => {
    const sum = newSum(f);
    return { reset: () => resetSum(f, sum), add: (value) => addTo(f, sum, value), push: () => void pushSum(f, sum) };
  },
  avg: (f) => {
    const mean = newMean(f);
    return { reset: () => resetMean(f, mean), add: (value) => addToMean(f, mean, value), push: () => void pushMean(f, mean) };
  },
  count: (f) => {
    const count = f.local('f64');
    return {
      reset: () => void f.f64(0).set(count),
      add: () => void f.get(count).f64(1).op('f64.add').set(count),
      push: () => void f.get(count),
    };
  },
  group: (f) => ({ reset: () => undefined, add: () => undefined, push: () => void f.f64(1) }),
  min: (f) => extreme(f, 'f64.lt'),
  max: (f) => extreme(f, 'f64.gt'),
  stdvar: (f) => variance(f, false),
  stddev: (f) => variance(f, true),
};

/** NaN gives way to any number. */
function extreme(f: FunctionBuilder, better: 'f64.lt' | 'f64.gt'): Reducer {
  const best = f.local('f64');
  return {
    reset: () => void f.f64(Number.NaN).set(best),
    add: (value) => {
      f.get(value).get(best).op(better).get(best).get(best).op('f64.ne').op('i32.or');
      f.ifThen(() => f.get(value).set(best));
    },
    push: () => void f.get(best),
  };
}

function variance(f: FunctionBuilder, root: boolean): Reducer {
  const running = newVariance(f);
  return {
    reset: () => resetVariance(f, running),
    add: (value) => addToVariance(f, running, value),
    push: () => {
      pushVariance(f, running);
      if (root) f.op('f64.sqrt');
    },
  };
}
