import type { QueryRun } from '../../query-run.ts';
import { address, count, countUp, forEachItem, pushElement } from '../kernel.ts';
import type { LabelSet } from '../labels/labels.ts';
import { type Matrix, newMatrix } from '../matrix.ts';
import { type CellOperator, emitCell } from './operators.ts';

/** A result row: the rows of the operands it is computed from. */
export interface Pair {
  readonly left: number;
  readonly right: number;
  readonly labels: LabelSet;
}

/** One row per pair: at each step where both rows have a value, the operator's result. */
export async function combinePairs(
  run: QueryRun,
  left: Matrix,
  right: Matrix,
  pairs: readonly Pair[],
  operator: CellOperator,
): Promise<Matrix> {
  const result = newMatrix(
    run,
    pairs.map(({ labels }) => labels),
    left.steps,
  );
  const rows = run.allocate(pairs.length * 8 + 8, 'matched series');
  run.memory.i32(rows, pairs.length * 2).set(pairs.flatMap((pair) => [pair.left, pair.right]));
  const inputs = {
    rows: address(rows),
    steps: count(left.steps),
    leftValues: address(left.values),
    leftPresent: address(left.present),
    rightValues: address(right.values),
    rightPresent: address(right.present),
    values: address(result.values),
    present: address(result.present),
  };
  const name = `combine_${operator.operator}`;
  await forEachItem(run, name, pairs.length, pairs.length * left.steps, inputs, ({ pipeline, f, input }, pair) => {
    const [from, other, to, end, there] = [f.local('i32'), f.local('i32'), f.local('i32'), f.local('i32'), f.local('i32')];
    const [a, b, value] = [f.local('f64'), f.local('f64'), f.local('f64')];
    pushElement(f, input.rows, pair, 3).load('i32.load').get(input.steps).op('i32.mul').set(from);
    pushElement(f, input.rows, pair, 3).load('i32.load', 4).get(input.steps).op('i32.mul').set(other);
    f.get(pair).get(input.steps).op('i32.mul').tee(to).get(input.steps).op('i32.add').set(end);
    countUp(f, to, end, () => {
      pushElement(f, input.leftPresent, from, 0).load('i32.load8_u');
      pushElement(f, input.rightPresent, other, 0)
        .load('i32.load8_u')
        .op('i32.and')
        .ifThen(() => {
          pushElement(f, input.leftValues, from, 3).load('f64.load').set(a);
          pushElement(f, input.rightValues, other, 3).load('f64.load').set(b);
          f.i32(1).set(there);
          emitCell(f, pipeline.runtime, operator, a, b, value, there);
          pushElement(f, input.values, to, 3).get(value).store('f64.store');
          pushElement(f, input.present, to, 0).get(there).store('i32.store8');
        });
      for (const cell of [from, other]) f.get(cell).i32(1).op('i32.add').set(cell);
    });
  });
  return result;
}
