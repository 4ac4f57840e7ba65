import type { FunctionBuilder } from '../../../wasm/function-builder.ts';
import type { QueryRun } from '../../query-run.ts';
import { address, count, countUp, forEachItem, pushElement } from '../kernel.ts';
import { type Matrix, newMatrix } from '../matrix.ts';
import { type Groups, layMembers } from './groups.ts';
import type { Reducer } from './reducers.ts';

/** One row per group: at each step the reducer's result over the members that have a value there. */
export async function reduceGroups(
  run: QueryRun,
  name: string,
  reducer: (f: FunctionBuilder) => Reducer,
  operand: Matrix,
  groups: Groups,
): Promise<Matrix> {
  const result = newMatrix(run, groups.labels, operand.steps);
  const { starts, rows } = layMembers(run, groups);
  const inputs = {
    starts: address(starts),
    rows: address(rows),
    steps: count(operand.steps),
    values: address(operand.values),
    present: address(operand.present),
    toValues: address(result.values),
    toPresent: address(result.present),
  };
  const work = operand.series.length * operand.steps;
  await forEachItem(run, `aggregate_${name}`, groups.labels.length, work, inputs, ({ f, input }, group) => {
    const [step, member, end, cell, any, value] = [
      f.local('i32'),
      f.local('i32'),
      f.local('i32'),
      f.local('i32'),
      f.local('i32'),
      f.local('f64'),
    ];
    const code = reducer(f);
    f.i32(0).set(step);
    countUp(f, step, input.steps, () => {
      code.reset();
      f.i32(0).set(any);
      pushElement(f, input.starts, group, 2).load('i32.load').set(member);
      pushElement(f, input.starts, group, 2).load('i32.load', 4).set(end);
      countUp(f, member, end, () => {
        pushElement(f, input.rows, member, 2).load('i32.load').get(input.steps).op('i32.mul').get(step).op('i32.add').set(cell);
        pushElement(f, input.present, cell, 0)
          .load('i32.load8_u')
          .ifThen(() => {
            pushElement(f, input.values, cell, 3).load('f64.load').set(value);
            code.add(value);
            f.i32(1).set(any);
          });
      });
      f.get(any).ifThen(() => {
        f.get(group).get(input.steps).op('i32.mul').get(step).op('i32.add').set(cell);
        pushElement(f, input.toValues, cell, 3);
        code.push();
        f.store('f64.store');
        pushElement(f, input.toPresent, cell, 0).i32(1).store('i32.store8');
      });
    });
  });
  return result;
}
