import type { FunctionBuilder, Local } from '../../../wasm/function-builder.ts';
import { addTo, type CompensatedSum, newSum, pushSum, resetSum } from './kahan.ts';

/** Welford's running variance with compensated sums (Prometheus, promql/functions.go: varianceOverTime). */
export interface RunningVariance {
  readonly count: Local;
  readonly mean: CompensatedSum;
  readonly squares: CompensatedSum;
}

export function newVariance(f: FunctionBuilder): RunningVariance {
  return { count: f.local('f64'), mean: newSum(f), squares: newSum(f) };
}

export function resetVariance(f: FunctionBuilder, variance: RunningVariance): void {
  f.f64(0).set(variance.count);
  resetSum(f, variance.mean);
  resetSum(f, variance.squares);
}

export function addToVariance(f: FunctionBuilder, { count, mean, squares }: RunningVariance, value: Local): void {
  const [delta, part] = [f.local('f64'), f.local('f64')];
  f.get(count).f64(1).op('f64.add').set(count);
  f.get(value);
  pushSum(f, mean).op('f64.sub').set(delta);
  f.get(delta).get(count).op('f64.div').set(part);
  addTo(f, mean, part);
  f.get(delta).get(value);
  pushSum(f, mean).op('f64.sub').op('f64.mul').set(part);
  addTo(f, squares, part);
}

/** Pushes the population variance. */
export function pushVariance(f: FunctionBuilder, { count, squares }: RunningVariance): FunctionBuilder {
  return pushSum(f, squares).get(count).op('f64.div');
}
