import type { QueryRun } from '../../query-run.ts';
import { inLabelOrder } from '../labels/labels.ts';
import { cellsOf, type Matrix, newMatrix } from '../matrix.ts';
import type { Groups } from './groups.ts';

/** Which of a group's values stay at one step: gets (row, value) pairs and the parameter, gives the rows kept, best first. */
type Pick = (candidates: readonly { readonly row: number; readonly value: number }[], parameter: number) => readonly number[];

/** NaN ranks behind every number in both directions. */
function ranked(direction: 1 | -1): Pick {
  return (candidates, parameter) =>
    candidates
      .toSorted((a, b) => {
        if (Number.isNaN(a.value) || Number.isNaN(b.value)) return Number(Number.isNaN(a.value)) - Number(Number.isNaN(b.value));
        return direction * (a.value - b.value);
      })
      .slice(0, parameter)
      .map(({ row }) => row);
}

export const topK = ranked(-1);
export const bottomK = ranked(1);
export const limitK: Pick = (candidates, parameter) => candidates.slice(0, parameter).map(({ row }) => row);

/**
 * `topk`, `bottomk`, `limitk`: the series that are kept at any step, with their labels, each only at its steps. At a single
 * step they come group by group, best first (Prometheus orders instant results so).
 */
export function pickRows(run: QueryRun, operand: Matrix, groups: Groups, parameter: Matrix, pick: Pick): Matrix {
  const { steps } = operand;
  const source = cellsOf(run, operand);
  const limits = cellsOf(run, parameter).values;
  const kept = new Map<number, number[]>();
  for (const rows of groups.members) {
    // Of equal values those of the first series are kept.
    const members = inLabelOrder(rows, operand.series);
    for (let step = 0; step < steps; step++) {
      const limit = wholeNumber(limits[step] ?? Number.NaN);
      if (limit < 1) continue;
      const candidates = members.flatMap((row) => {
        const cell = row * steps + step;
        return source.present[cell] === 1 ? [{ row, value: source.values[cell] ?? Number.NaN }] : [];
      });
      for (const row of pick(candidates, limit)) {
        const at = kept.get(row);
        if (at === undefined) kept.set(row, [step]);
        else at.push(step);
      }
    }
  }
  const keptRows = [...kept.keys()];
  const result = newMatrix(
    run,
    keptRows.flatMap((row) => operand.series[row] ?? []),
    steps,
  );
  const from = cellsOf(run, operand);
  const to = cellsOf(run, result);
  keptRows.forEach((row, i) => {
    for (const step of kept.get(row) ?? []) {
      to.values[i * steps + step] = from.values[row * steps + step] ?? Number.NaN;
      to.present[i * steps + step] = 1;
    }
  });
  return result;
}

/** Truncated; below 1 nothing is kept. */
function wholeNumber(parameter: number): number {
  return Math.min(Math.trunc(parameter), Number.MAX_SAFE_INTEGER);
}
