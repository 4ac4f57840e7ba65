import type { SampleTime, StepGrid } from '../../../../planner/series-plan.ts';
import type { QueryRun } from '../../query-run.ts';
import { cellsOf, type Matrix, newMatrix, stepCount } from '../matrix.ts';
import type { Samples } from '../samples/samples.ts';
import { ascending, quantile } from '../statistics/quantile.ts';
import { Turns } from '../turns.ts';

/** A batch kernel for range functions that sort their window: `reduce` gets the values of one window, in time order. */
export async function sortedWindows(
  run: QueryRun,
  samples: Samples,
  grid: StepGrid,
  { at, offset }: SampleTime,
  range: number,
  reduce: (values: Float64Array, step: number) => number,
): Promise<Matrix> {
  const turns = new Turns(run);
  const steps = stepCount(grid);
  const matrix = newMatrix(run, samples.series, steps);
  const { values, present } = cellsOf(run, matrix);
  const starts = run.memory.i32(samples.starts, samples.series.length);
  const ends = run.memory.i32(samples.ends, samples.series.length);
  const times = run.memory.i64(samples.times, samples.count);
  const all = run.memory.f64(samples.values, samples.count);
  for (const series of samples.series.keys()) {
    let low = starts[series] ?? 0;
    let high = low;
    const end = ends[series] ?? 0;
    for (let step = 0; step < steps; step++) {
      const until = (at ?? grid.start + step * grid.step) - offset;
      while (high < end && Number(times[high]) <= until) high++;
      while (low < high && Number(times[low]) <= until - range) low++;
      if (low === high) continue;
      const turn = turns.due();
      if (turn !== undefined) await turn;
      values[series * steps + step] = reduce(all.slice(low, high), step);
      present[series * steps + step] = 1;
    }
  }
  return matrix;
}

/** `quantile_over_time(φ, x[…])`. */
export function quantileOverTime(
  run: QueryRun,
  samples: Samples,
  grid: StepGrid,
  sampleTime: SampleTime,
  range: number,
  parameter: Matrix,
): Promise<Matrix> {
  const phi = cellsOf(run, parameter).values.slice();
  return sortedWindows(run, samples, grid, sampleTime, range, (values, step) =>
    quantile(phi[step] ?? Number.NaN, ascending(values)),
  );
}

/** `mad_over_time`: the median of the distances from the median. */
export function madOverTime(
  run: QueryRun,
  samples: Samples,
  grid: StepGrid,
  sampleTime: SampleTime,
  range: number,
): Promise<Matrix> {
  return sortedWindows(run, samples, grid, sampleTime, range, (values) => {
    const median = quantile(0.5, ascending(values));
    return quantile(0.5, ascending(values.map((value) => Math.abs(value - median))));
  });
}
