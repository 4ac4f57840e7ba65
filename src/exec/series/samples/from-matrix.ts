import type { StepGrid } from '../../../../planner/series-plan.ts';
import type { QueryRun } from '../../query-run.ts';
import { address, count, countUp, forEachItem, pushElement, time } from '../kernel.ts';
import type { Matrix } from '../matrix.ts';
import type { Samples } from './samples.ts';

/** The values of a subquery's steps as samples: each series has room for all steps, and ends after those it has. */
export async function matrixSamples(run: QueryRun, matrix: Matrix, grid: StepGrid): Promise<Samples> {
  const { series, steps } = matrix;
  const cells = series.length * steps;
  const samples: Samples = {
    series,
    count: cells,
    starts: run.allocate(series.length * 4 + 4, 'subquery samples'),
    ends: run.allocate(series.length * 4 + 4, 'subquery samples'),
    times: run.allocate(cells * 8 + 8, 'subquery samples'),
    values: run.allocate(cells * 8 + 8, 'subquery samples'),
    mayBeStale: false,
  };
  const inputs = {
    steps: count(steps),
    present: address(matrix.present),
    cells: address(matrix.values),
    starts: address(samples.starts),
    ends: address(samples.ends),
    times: address(samples.times),
    values: address(samples.values),
    start: time(grid.start),
    step: time(grid.step),
  };
  await forEachItem(run, 'subquery_samples', series.length, cells, inputs, ({ f, input }, item) => {
    const [cell, end, to, at] = [f.local('i32'), f.local('i32'), f.local('i32'), f.local('i64')];
    f.get(item).get(input.steps).op('i32.mul').tee(cell).tee(to).get(input.steps).op('i32.add').set(end);
    pushElement(f, input.starts, item, 2).get(cell).store('i32.store');
    f.get(input.start).set(at);
    countUp(f, cell, end, () => {
      pushElement(f, input.present, cell, 0)
        .load('i32.load8_u')
        .ifThen(() => {
          pushElement(f, input.times, to, 3).get(at).store('i64.store');
          pushElement(f, input.values, to, 3);
          pushElement(f, input.cells, cell, 3).load('f64.load').store('f64.store');
          f.get(to).i32(1).op('i32.add').set(to);
        });
      f.get(at).get(input.step).op('i64.add').set(at);
    });
    pushElement(f, input.ends, item, 2).get(to).store('i32.store');
  });
  return samples;
}
