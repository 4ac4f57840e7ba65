import type { SeriesBinaryPlan } from '../../../../planner/series-plan.ts';
import type { QueryRun } from '../../query-run.ts';
import { type Groups, groupBy } from '../aggregate/groups.ts';
import { reduceGroups } from '../aggregate/reduce.ts';
import { REDUCERS } from '../aggregate/reducers.ts';
import { address, count, countUp, forEachItem, pushElement } from '../kernel.ts';
import type { LabelSet } from '../labels/labels.ts';
import { mergeEqualSeries } from '../labels/unique.ts';
import { cellsOf, type Matrix, newMatrix } from '../matrix.ts';
import { signature } from './matching.ts';

/** `and`, `or` and `unless`: series stay at the steps where the other side has, or lacks, a series with their signature. */
export async function combineSets(run: QueryRun, plan: SeriesBinaryPlan<unknown>, left: Matrix, right: Matrix): Promise<Matrix> {
  const keyOf = signature(plan.matching);
  if (plan.operator !== 'or') return masked(run, left, right, keyOf, plan.operator === 'and');
  const added = await masked(run, right, left, keyOf, false);
  return mergeEqualSeries(run, joined(run, left, added), plan.span);
}

/** The rows of `matrix` at the steps where `other` has (or, without `wanted`, has not) a value with the same signature. */
async function masked(
  run: QueryRun,
  matrix: Matrix,
  other: Matrix,
  keyOf: (labels: LabelSet) => LabelSet,
  wanted: boolean,
): Promise<Matrix> {
  const groups = groupBy(other.series, keyOf);
  const mask = await presence(run, other, groups);
  const rowOf = new Map(groups.labels.map((labels, group) => [labels.key, group]));
  const result = newMatrix(run, matrix.series, matrix.steps);
  const maskRows = run.allocate(matrix.series.length * 4 + 4, 'matched series');
  run.memory.i32(maskRows, matrix.series.length).set(matrix.series.map((labels) => rowOf.get(keyOf(labels).key) ?? -1));
  const inputs = {
    maskRows: address(maskRows),
    mask: address(mask.present),
    steps: count(matrix.steps),
    values: address(matrix.values),
    present: address(matrix.present),
    toValues: address(result.values),
    toPresent: address(result.present),
  };
  const name = wanted ? 'keep_matched' : 'keep_unmatched';
  await forEachItem(run, name, matrix.series.length, matrix.series.length * matrix.steps, inputs, ({ f, input }, row) => {
    const [cell, end, maskRow, maskCell] = [f.local('i32'), f.local('i32'), f.local('i32'), f.local('i32')];
    pushElement(f, input.maskRows, row, 2).load('i32.load').set(maskRow);
    f.get(maskRow).get(input.steps).op('i32.mul').set(maskCell);
    f.get(row).get(input.steps).op('i32.mul').tee(cell).get(input.steps).op('i32.add').set(end);
    countUp(f, cell, end, () => {
      pushElement(f, input.toValues, cell, 3);
      pushElement(f, input.values, cell, 3).load('f64.load').store('f64.store');
      pushElement(f, input.toPresent, cell, 0);
      pushElement(f, input.present, cell, 0).load('i32.load8_u');
      f.get(maskRow)
        .i32(0)
        .op('i32.ge_s')
        .ifElse(
          () => void pushElement(f, input.mask, maskCell, 0).load('i32.load8_u'),
          () => void f.i32(0),
          'i32',
        );
      if (!wanted) f.op('i32.eqz');
      f.op('i32.and').store('i32.store8');
      f.get(maskCell).i32(1).op('i32.add').set(maskCell);
    });
  });
  return result;
}

/** A row per group that is present where any member is. */
function presence(run: QueryRun, matrix: Matrix, groups: Groups): Promise<Matrix> {
  const reducer = REDUCERS.group;
  if (reducer === undefined) throw new RangeError('group is a reducer');
  return reduceGroups(run, 'group', reducer, matrix, groups);
}

/** The rows of both. */
export function joined(run: QueryRun, first: Matrix, second: Matrix): Matrix {
  const result = newMatrix(run, [...first.series, ...second.series], first.steps);
  const to = cellsOf(run, result);
  const [a, b] = [cellsOf(run, first), cellsOf(run, second)];
  to.values.set(a.values);
  to.values.set(b.values, a.values.length);
  to.present.set(a.present);
  to.present.set(b.present, a.present.length);
  return result;
}
