import type { FunctionBuilder, Local } from '../../../wasm/function-builder.ts';
import { addTo, type CompensatedSum, newSum, resetSum } from './kahan.ts';

/**
 * A mean that does not overflow (Prometheus, promql/functions.go: avg_over_time, and engine.go: aggregation avg): a
 * compensated sum, until that would be infinite; from then on the mean is carried from value to value.
 */
export interface RunningMean {
  readonly count: Local;
  /** The sum, or once `incremental` is 1 the mean. */
  readonly total: CompensatedSum;
  readonly incremental: Local;
}

export function newMean(f: FunctionBuilder): RunningMean {
  return { count: f.local('f64'), total: newSum(f), incremental: f.local('i32') };
}

export function resetMean(f: FunctionBuilder, mean: RunningMean): void {
  f.f64(0).set(mean.count).i32(0).set(mean.incremental);
  resetSum(f, mean.total);
}

export function addToMean(f: FunctionBuilder, { count, total, incremental }: RunningMean, value: Local): void {
  const { sum, compensation } = total;
  const infinite = (local: Local): FunctionBuilder => f.get(local).op('f64.abs').f64(Number.POSITIVE_INFINITY).op('f64.eq');
  f.get(count).f64(1).op('f64.add').set(count);
  f.block((added) => {
    f.get(incremental)
      .op('i32.eqz')
      .ifThen(() => {
        const next = f.local('f64');
        f.get(sum).get(value).op('f64.add').set(next);
        infinite(next).op('i32.eqz');
        f.get(count)
          .f64(1)
          .op('f64.eq')
          .op('i32.or')
          .ifThen(() => {
            addTo(f, total, value);
            f.br(added);
          });
        f.i32(1).set(incremental);
        for (const part of [sum, compensation]) f.get(part).get(count).f64(1).op('f64.sub').op('f64.div').set(part);
      });
    // An infinite mean stays: infinity of its own sign and finite values change nothing.
    infinite(sum).ifThen(() => {
      f.get(value).get(sum).op('f64.eq').brIf(added);
      infinite(value).op('i32.eqz');
      f.get(value).get(value).op('f64.eq').op('i32.and').brIf(added);
    });
    const share = f.local('f64');
    f.get(value).get(count).op('f64.div');
    f.get(sum).get(compensation).op('f64.add').get(count).op('f64.div').op('f64.sub').set(share);
    const carried = f.local('f64');
    f.get(sum).get(compensation).op('f64.add').set(carried);
    f.get(carried).set(sum).f64(0).set(compensation);
    addTo(f, total, share);
  });
}

export function pushMean(f: FunctionBuilder, { count, total, incremental }: RunningMean): FunctionBuilder {
  f.get(total.sum).get(total.compensation).op('f64.add');
  f.get(total.sum).get(count).op('f64.div').get(total.compensation).get(count).op('f64.div').op('f64.add');
  return f.get(incremental).select();
}
