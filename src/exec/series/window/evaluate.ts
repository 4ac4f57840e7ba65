import type { SampleTime, StepGrid } from '../../../../planner/series-plan.ts';
import type { Local } from '../../../wasm/function-builder.ts';
import type { QueryRun } from '../../query-run.ts';
import { address, forEachItem, type KernelInput, pushElement, time } from '../kernel.ts';
import { type Matrix, newMatrix, stepCount } from '../matrix.ts';
import type { Samples } from '../samples/samples.ts';
import { advance, forEachStep, gridInputs, sampleInputs } from '../select.ts';
import type { WindowFunction } from './window-function.ts';

/**
 * A function over the samples in (t − range, t] of each step: one pass over a series, the window's ends moving forward.
 * `samples` hold no staleness markers; `parameters` are scalars.
 */
export async function evaluateWindows(
  run: QueryRun,
  name: string,
  window: WindowFunction,
  samples: Samples,
  grid: StepGrid,
  sampleTime: SampleTime,
  range: number,
  parameters: readonly Matrix[],
): Promise<Matrix> {
  const matrix = newMatrix(run, samples.series, stepCount(grid));
  const scalars: Record<string, KernelInput> = {};
  parameters.forEach((parameter, i) => {
    scalars[`parameter${i}`] = address(parameter.values);
  });
  const inputs = {
    ...scalars,
    ...sampleInputs(samples),
    ...gridInputs(matrix, grid, sampleTime),
    range: time(range),
    gridStart: time(grid.start),
    gridStep: time(grid.step),
  };
  const work = samples.count + matrix.series.length * matrix.steps * 4;
  await forEachItem(run, name, samples.series.length, work, inputs, ({ pipeline, f, input }, series) => {
    const [low, high, end, present, row] = [f.local('i32'), f.local('i32'), f.local('i32'), f.local('i32'), f.local('i32')];
    const [result, after, step] = [f.local('f64'), f.local('i64'), f.local('i64')];
    pushElement(f, input.starts, series, 2).load('i32.load').tee(low).set(high);
    pushElement(f, input.ends, series, 2).load('i32.load').set(end);
    f.get(series).get(input.steps).op('i32.mul').set(row);
    f.get(input.gridStart).set(step);
    forEachStep(f, input, series, (cell, until) => {
      advance(f, input.times, high, end, until);
      f.get(until).get(input.range).op('i64.sub').set(after);
      advance(f, input.times, low, high, after);
      f.get(low)
        .get(high)
        .op('i32.lt_s')
        .ifThen(() => {
          const locals = parameters.map((_, i): Local => {
            const local = f.local('f64');
            const base = input[`parameter${i}` as keyof typeof inputs];
            f.get(base).get(cell).get(row).op('i32.sub').i32(3).op('i32.shl').op('i32.add').load('f64.load').set(local);
            return local;
          });
          f.i32(1).set(present);
          const code = {
            f,
            runtime: pipeline.runtime,
            low,
            high,
            times: input.times,
            values: input.values,
            until,
            range: input.range,
            step,
          };
          window({ ...code, parameters: locals }, result, present);
          pushElement(f, input.cells, cell, 3).get(result).store('f64.store');
          pushElement(f, input.present, cell, 0).get(present).store('i32.store8');
        });
      f.get(step).get(input.gridStep).op('i64.add').set(step);
    });
  });
  return matrix;
}
