import type { StepGrid } from '../../../planner/series-plan.ts';
import type { Pointer } from '../../memory/shared-memory.ts';
import type { QueryRun } from '../query-run.ts';
import type { LabelSet } from './labels/labels.ts';

/**
 * Values of labelled series at every step of a grid, row by row in shared memory: cell (s, k) is number s × steps + k.
 * `values` are doubles; `present` is a byte per cell, 0 where the series has no value at the step (its double is then
 * arbitrary). A scalar is a matrix of one series without labels that has all its values.
 */
export interface Matrix {
  readonly series: readonly LabelSet[];
  readonly steps: number;
  readonly values: Pointer;
  readonly present: Pointer;
}

/** Evaluation times: start, start + step … ≤ end. */
export function stepCount({ start, end, step }: StepGrid): number {
  return step <= 0 ? 1 : Math.floor((end - start) / step) + 1;
}

/** A matrix without any value yet. */
export function newMatrix(run: QueryRun, series: readonly LabelSet[], steps: number): Matrix {
  const cells = series.length * steps;
  return {
    series,
    steps,
    values: run.allocate(Math.max(8, cells * 8), 'a series result'),
    present: run.allocateZeroed(Math.max(1, cells), 'a series result'),
  };
}

/** The matrix with other labels on its rows; its cells are shared. */
export function relabeled(matrix: Matrix, map: (labels: LabelSet) => LabelSet): Matrix {
  return { ...matrix, series: matrix.series.map(map) };
}

/** Views of the cells; valid until memory is allocated. */
export function cellsOf(run: QueryRun, matrix: Matrix): { readonly values: Float64Array; readonly present: Uint8Array } {
  const cells = matrix.series.length * matrix.steps;
  return { values: run.memory.f64(matrix.values, cells), present: run.memory.bytes(matrix.present, cells) };
}
