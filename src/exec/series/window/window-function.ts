import type { FunctionBuilder, Local } from '../../../wasm/function-builder.ts';
import type { RuntimeModule } from '../../runtime/routine.ts';
import { pushElement } from '../kernel.ts';

/** One window while the code of a function over it is written. */
export interface WindowCode {
  readonly f: FunctionBuilder;
  readonly runtime: RuntimeModule;
  /** The window's samples are `low` … `high` − 1; there is at least one. */
  readonly low: Local;
  readonly high: Local;
  readonly times: Local;
  readonly values: Local;
  /** Right end of the window and its width, ms (i64), and the time of the step itself. */
  readonly until: Local;
  readonly range: Local;
  readonly step: Local;
  /** The scalar arguments at this step (f64). */
  readonly parameters: readonly Local[];
}

/** Code that sets `result` (f64), and sets `present` to 0 where the window gives no value; it is 1 before. */
export type WindowFunction = (window: WindowCode, result: Local, present: Local) => void;

export function pushValue({ f, values }: WindowCode, sample: Local, before = 0): FunctionBuilder {
  pushElement(f, values, sample, 3);
  if (before > 0) f.i32(before * 8).op('i32.sub');
  return f.load('f64.load');
}

export function pushTime({ f, times }: WindowCode, sample: Local, before = 0): FunctionBuilder {
  pushElement(f, times, sample, 3);
  if (before > 0) f.i32(before * 8).op('i32.sub');
  return f.load('i64.load');
}

/** Runs `body` for the samples from `first` (default: the window's first) on, with the value in a local. */
export function eachSample(window: WindowCode, body: (value: Local, sample: Local) => void, skip = 0): void {
  const { f, low, high } = window;
  const [sample, value] = [f.local('i32'), f.local('f64')];
  f.get(low);
  if (skip > 0) f.i32(skip).op('i32.add');
  f.set(sample);
  f.block((out) => {
    f.loop((again) => {
      f.get(sample).get(high).op('i32.ge_s').brIf(out);
      pushValue(window, sample).set(value);
      body(value, sample);
      f.get(sample).i32(1).op('i32.add').set(sample).br(again);
    });
  });
}

/** Pushes the number of samples as f64. */
export function pushCount({ f, low, high }: WindowCode): FunctionBuilder {
  return f.get(high).get(low).op('i32.sub').op('f64.convert_i32_s');
}

/** Runs `body` when there are at least two samples; otherwise there is no value. */
export function ifTwo({ f, low, high }: WindowCode, present: Local, body: () => void): void {
  f.get(high).get(low).op('i32.sub').i32(2).op('i32.ge_s');
  f.ifElse(body, () => f.i32(0).set(present));
}

/** Pushes whether the f64 is infinite. */
export function pushIsInfinite(f: FunctionBuilder, value: Local): FunctionBuilder {
  return f.get(value).op('f64.abs').f64(Number.POSITIVE_INFINITY).op('f64.eq');
}

/** Pushes whether the f64 is NaN. */
export function pushIsNaN(f: FunctionBuilder, value: Local): FunctionBuilder {
  return f.get(value).get(value).op('f64.ne');
}
