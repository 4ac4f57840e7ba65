import { formatGoFloat } from '../../../types/go-float.ts';
import type { QueryRun } from '../../query-run.ts';
import { type LabelSet, withLabel } from '../labels/labels.ts';
import { cellsOf, type Matrix, newMatrix } from '../matrix.ts';
import { ascending, quantile } from '../statistics/quantile.ts';
import type { Groups } from './groups.ts';

/** `quantile(φ, v)`: at each step over the values of the group. */
export function quantileOfGroups(run: QueryRun, operand: Matrix, groups: Groups, parameter: Matrix): Matrix {
  const { steps } = operand;
  const result = newMatrix(run, groups.labels, steps);
  const source = cellsOf(run, operand);
  const phi = cellsOf(run, parameter).values;
  const to = cellsOf(run, result);
  groups.members.forEach((members, group) => {
    for (let step = 0; step < steps; step++) {
      const values = presentValues(source, members, steps, step);
      if (values.length === 0) continue;
      to.values[group * steps + step] = quantile(phi[step] ?? Number.NaN, ascending(Float64Array.from(values)));
      to.present[group * steps + step] = 1;
    }
  });
  return result;
}

/**
 * `count_values("label", v)`: for each value how many series of the group have it; the value becomes the label. A label
 * that the grouping drops goes afterwards, so that all values count as one (promql/engine.go: aggregationCountValues).
 */
export function countValues(run: QueryRun, operand: Matrix, groups: Groups, label: string, dropped: boolean): Matrix {
  const { steps } = operand;
  const source = cellsOf(run, operand);
  const counts = new Map<string, { readonly labels: LabelSet; readonly steps: Map<number, number> }>();
  groups.members.forEach((members, group) => {
    const base = groups.labels[group];
    if (base === undefined) return;
    for (let step = 0; step < steps; step++) {
      for (const value of presentValues(source, members, steps, step)) {
        const labels = dropped ? base : withLabel(base, label, formatGoFloat(value));
        const counted = counts.get(labels.key) ?? { labels, steps: new Map<number, number>() };
        counts.set(labels.key, counted);
        counted.steps.set(step, (counted.steps.get(step) ?? 0) + 1);
      }
    }
  });
  const all = [...counts.values()];
  const result = newMatrix(
    run,
    all.map(({ labels }) => labels),
    steps,
  );
  const to = cellsOf(run, result);
  all.forEach((counted, row) => {
    for (const [step, number] of counted.steps) {
      to.values[row * steps + step] = number;
      to.present[row * steps + step] = 1;
    }
  });
  return result;
}

function presentValues(
  { values, present }: { readonly values: Float64Array; readonly present: Uint8Array },
  rows: readonly number[],
  steps: number,
  step: number,
): readonly number[] {
  return rows.flatMap((row) => (present[row * steps + step] === 1 ? [values[row * steps + step] ?? Number.NaN] : []));
}
