import { LumaError, SQLSTATE } from '../../../types/error.ts';
import type { Span } from '../../../types/span.ts';
import type { QueryRun } from '../../query-run.ts';
import { groupBy } from '../aggregate/groups.ts';
import { cellsOf, type Matrix, newMatrix } from '../matrix.ts';
import { formatLabels } from './labels.ts';

/**
 * Brings rows with equal labels together, as they may arise when a name is dropped. Throws 21000 when two of them have a
 * value at one step (Prometheus: "vector cannot contain metrics with the same labelset").
 */
export function mergeEqualSeries(run: QueryRun, matrix: Matrix, span: Span): Matrix {
  const distinct = new Set(matrix.series.map((labels) => labels.key));
  if (distinct.size === matrix.series.length) return matrix;
  const { steps } = matrix;
  const groups = groupBy(matrix.series, (labels) => labels);
  const result = newMatrix(run, groups.labels, steps);
  const from = cellsOf(run, matrix);
  const to = cellsOf(run, result);
  groups.members.forEach((members, group) => {
    for (const row of members) {
      for (let step = 0; step < steps; step++) {
        if (from.present[row * steps + step] !== 1) continue;
        const cell = group * steps + step;
        if (to.present[cell] === 1) {
          const labels = groups.labels[group];
          throw new LumaError(SQLSTATE.cardinalityViolation, 'vector cannot contain metrics with the same labelset', {
            span,
            hint:
              labels === undefined ? undefined : `Two series become ${formatLabels(labels)}; keep a label that tells them apart.`,
          });
        }
        to.values[cell] = from.values[row * steps + step] ?? Number.NaN;
        to.present[cell] = 1;
      }
    }
  });
  return result;
}
