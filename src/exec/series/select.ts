import type { SampleTime, StepGrid } from '../../../planner/series-plan.ts';
import { STALE_BITS } from '../../types/series.ts';
import type { FunctionBuilder, Local } from '../../wasm/function-builder.ts';
import type { QueryRun } from '../query-run.ts';
import { address, count, countUp, forEachItem, type KernelInput, pushElement, time } from './kernel.ts';
import { type Matrix, newMatrix, stepCount } from './matrix.ts';
import type { Samples } from './samples/samples.ts';

/** What a selector's cell holds: the sample's value, or when it was taken, in seconds (`timestamp(x)`). */
export type SelectedPart = 'value' | 'timestamp';

/**
 * For each step the newest sample in (t − lookback, t], unless it is a staleness marker (Prometheus, Staleness; the left
 * end is open as of version 3).
 */
export async function selectSamples(
  run: QueryRun,
  samples: Samples,
  grid: StepGrid,
  sampleTime: SampleTime,
  lookback: number,
  part: SelectedPart,
): Promise<Matrix> {
  const matrix = newMatrix(run, samples.series, stepCount(grid));
  const inputs = {
    ...sampleInputs(samples),
    ...gridInputs(matrix, grid, sampleTime),
    lookback: time(lookback),
  };
  const work = samples.count + matrix.series.length * matrix.steps;
  await forEachItem(run, `select_${part}`, samples.series.length, work, inputs, ({ f, input }, series) => {
    const [next, last, taken] = [f.local('i32'), f.local('i32'), f.local('i64')];
    pushElement(f, input.starts, series, 2).load('i32.load').set(next);
    pushElement(f, input.ends, series, 2).load('i32.load').set(last);
    forEachStep(f, input, series, (cell, at) => {
      advance(f, input.times, next, last, at);
      f.get(next);
      pushElement(f, input.starts, series, 2)
        .load('i32.load')
        .op('i32.gt_s')
        .ifThen(() => {
          pushElement(f, input.times, next, 3).i32(8).op('i32.sub').load('i64.load').tee(taken);
          f.get(at).get(input.lookback).op('i64.sub').op('i64.gt_s');
          pushElement(f, input.values, next, 3).i32(8).op('i32.sub').load('i64.load').i64(STALE_BITS).op('i64.ne').op('i32.and');
          f.ifThen(() => {
            pushElement(f, input.cells, cell, 3);
            if (part === 'timestamp') f.get(taken).op('f64.convert_i64_s').f64(1000).op('f64.div').store('f64.store');
            else pushElement(f, input.values, next, 3).i32(8).op('i32.sub').load('i64.load').store('i64.store');
            pushElement(f, input.present, cell, 0).i32(1).store('i32.store8');
          });
        });
    });
  });
  return matrix;
}

export function sampleInputs(samples: Samples): Record<'starts' | 'ends' | 'times' | 'values', KernelInput> {
  return {
    starts: address(samples.starts),
    ends: address(samples.ends),
    times: address(samples.times),
    values: address(samples.values),
  };
}

type GridInput = 'cells' | 'present' | 'steps' | 'first' | 'step';

/** Sample times: the first step's, and from step to step. */
export function gridInputs(matrix: Matrix, grid: StepGrid, { at, offset }: SampleTime): Record<GridInput, KernelInput> {
  return {
    cells: address(matrix.values),
    present: address(matrix.present),
    steps: count(matrix.steps),
    first: time((at ?? grid.start) - offset),
    step: time(at === null ? grid.step : 0),
  };
}

/** Calls `body` with the number of each cell of a series and its sample time. */
export function forEachStep(
  f: FunctionBuilder,
  input: Readonly<Record<GridInput, Local>>,
  series: Local,
  body: (cell: Local, at: Local) => void,
): void {
  const [cell, end, at] = [f.local('i32'), f.local('i32'), f.local('i64')];
  f.get(series).get(input.steps).op('i32.mul').tee(cell).get(input.steps).op('i32.add').set(end);
  f.get(input.first).set(at);
  countUp(f, cell, end, () => {
    body(cell, at);
    f.get(at).get(input.step).op('i64.add').set(at);
  });
}

/** Moves `next` up to the first sample after `at`. */
export function advance(f: FunctionBuilder, times: Local, next: Local, end: Local, at: Local): void {
  f.block((out) => {
    f.loop((again) => {
      f.get(next).get(end).op('i32.ge_s').brIf(out);
      pushElement(f, times, next, 3).load('i64.load').get(at).op('i64.gt_s').brIf(out);
      f.get(next).i32(1).op('i32.add').set(next).br(again);
    });
  });
}
