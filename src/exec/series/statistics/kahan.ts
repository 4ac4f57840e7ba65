import type { FunctionBuilder, Local } from '../../../wasm/function-builder.ts';

/** A sum with its compensation (Neumaier's variant of Kahan's), as Prometheus adds: promql/functions.go, kahanSumInc. */
export interface CompensatedSum {
  readonly sum: Local;
  readonly compensation: Local;
}

export function newSum(f: FunctionBuilder): CompensatedSum {
  return { sum: f.local('f64'), compensation: f.local('f64') };
}

export function resetSum(f: FunctionBuilder, { sum, compensation }: CompensatedSum): void {
  f.f64(0).set(sum).f64(0).set(compensation);
}

/** Adds the value in the local. */
export function addTo(f: FunctionBuilder, { sum, compensation }: CompensatedSum, value: Local): void {
  const next = f.local('f64');
  f.get(sum).get(value).op('f64.add').set(next);
  f.get(next)
    .op('f64.abs')
    .f64(Number.POSITIVE_INFINITY)
    .op('f64.eq')
    .ifElse(
      () => f.f64(0).set(compensation),
      () => {
        const lost = (larger: Local, smaller: Local): void => {
          f.get(compensation).get(larger).get(next).op('f64.sub').get(smaller).op('f64.add').op('f64.add').set(compensation);
        };
        f.get(sum)
          .op('f64.abs')
          .get(value)
          .op('f64.abs')
          .op('f64.ge')
          .ifElse(
            () => lost(sum, value),
            () => lost(value, sum),
          );
      },
    );
  f.get(next).set(sum);
}

/** Pushes the sum; an infinite one as it is. */
export function pushSum(f: FunctionBuilder, { sum, compensation }: CompensatedSum): FunctionBuilder {
  return f.get(sum).get(compensation).op('f64.add');
}
