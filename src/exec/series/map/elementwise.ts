import type { FunctionBuilder, Local } from '../../../wasm/function-builder.ts';
import type { QueryRun } from '../../query-run.ts';
import { importedRoutine, type RuntimeModule } from '../../runtime/routine.ts';
import { address, count, countUp, forEachItem, type KernelInput, pushElement } from '../kernel.ts';
import type { LabelSet } from '../labels/labels.ts';
import { type Matrix, newMatrix } from '../matrix.ts';

/** Code over one value; scalar arguments are locals. It pushes the result. */
export type ElementFunction = (f: FunctionBuilder, runtime: RuntimeModule, value: Local, parameters: readonly Local[]) => void;

function imported(name: string): ElementFunction {
  const routine = importedRoutine(name, ['f64'], ['f64']);
  return (f, runtime, value) => {
    f.get(value);
    runtime.call(f, routine);
  };
}

const plain =
  (op: 'f64.abs' | 'f64.ceil' | 'f64.floor' | 'f64.sqrt' | 'f64.neg'): ElementFunction =>
  (f, _runtime, value) =>
    f.get(value).op(op);

/** Functions of one vector, value by value (Prometheus, Functions). */
export const ELEMENT_FUNCTIONS: Readonly<Record<string, ElementFunction>> = {
  abs: plain('f64.abs'),
  ceil: plain('f64.ceil'),
  floor: plain('f64.floor'),
  sqrt: plain('f64.sqrt'),
  negate: plain('f64.neg'),
  exp: imported('exp'),
  ln: imported('ln'),
  log2: imported('log2'),
  log10: imported('log10'),
  sin: imported('sin'),
  cos: imported('cos'),
  tan: imported('tan'),
  asin: imported('asin'),
  acos: imported('acos'),
  atan: imported('atan'),
  sinh: imported('sinh'),
  cosh: imported('cosh'),
  tanh: imported('tanh'),
  asinh: imported('asinh'),
  acosh: imported('acosh'),
  atanh: imported('atanh'),
  deg: (f, _runtime, value) => f.get(value).f64(180).op('f64.mul').f64(Math.PI).op('f64.div'),
  rad: (f, _runtime, value) => f.get(value).f64(Math.PI).op('f64.mul').f64(180).op('f64.div'),
  /** Zero and NaN are their own sign. */
  sgn: (f, _runtime, value) => {
    f.f64(1);
    f.f64(-1).get(value).get(value).f64(0).op('f64.lt').select();
    f.get(value).f64(0).op('f64.gt').select();
  },
  /** To the nearest multiple of the parameter (default 1), halves up. */
  round: (f, _runtime, value, [to]) => {
    const inverse = f.local('f64');
    f.f64(1);
    if (to === undefined) f.f64(1);
    else f.get(to);
    f.op('f64.div').set(inverse);
    f.get(value).get(inverse).op('f64.mul').f64(0.5).op('f64.add').op('f64.floor').get(inverse).op('f64.div');
  },
  clamp_min: (f, _runtime, value, [low = value]) => pushMax(f, value, low),
  clamp_max: (f, _runtime, value, [high = value]) => pushMin(f, value, high),
  clamp: (f, _runtime, value, [low = value, high = value]) => {
    const below = f.local('f64');
    pushMin(f, value, high);
    f.set(below);
    pushMax(f, below, low);
  },
};

/** Go's math.Max: NaN wins over all but +Inf. */
function pushMax(f: FunctionBuilder, a: Local, b: Local): void {
  pushUnlessEither(f, 'f64.max', Number.POSITIVE_INFINITY, a, b);
}

/** Go's math.Min: NaN wins over all but -Inf. */
function pushMin(f: FunctionBuilder, a: Local, b: Local): void {
  pushUnlessEither(f, 'f64.min', Number.NEGATIVE_INFINITY, a, b);
}

function pushUnlessEither(f: FunctionBuilder, op: 'f64.max' | 'f64.min', bound: number, a: Local, b: Local): void {
  f.f64(bound).get(a).get(b).op(op);
  f.get(a).f64(bound).op('f64.eq').get(b).f64(bound).op('f64.eq').op('i32.or').select();
}

/** The function of every cell; `parameters` are scalars. Cells without a value stay without one. */
export async function mapElements(
  run: QueryRun,
  name: string,
  element: ElementFunction,
  operand: Matrix,
  parameters: readonly Matrix[],
  relabel: (labels: LabelSet) => LabelSet,
): Promise<Matrix> {
  const result = { ...newMatrix(run, operand.series.map(relabel), operand.steps), present: operand.present };
  const scalars: Record<string, KernelInput> = {};
  parameters.forEach((parameter, i) => {
    scalars[`parameter${i}`] = address(parameter.values);
  });
  const inputs = { ...scalars, steps: count(operand.steps), values: address(operand.values), toValues: address(result.values) };
  const cells = operand.series.length * operand.steps;
  await forEachItem(run, `map_${name}`, operand.series.length, cells, inputs, ({ pipeline, f, input }, row) => {
    const [cell, step, value] = [f.local('i32'), f.local('i32'), f.local('f64')];
    f.get(row).get(input.steps).op('i32.mul').set(cell);
    f.i32(0).set(step);
    countUp(f, step, input.steps, () => {
      pushElement(f, input.values, cell, 3).load('f64.load').set(value);
      const locals = parameters.map((_, i) => {
        const local = f.local('f64');
        pushElement(f, input[`parameter${i}` as keyof typeof inputs], step, 3)
          .load('f64.load')
          .set(local);
        return local;
      });
      pushElement(f, input.toValues, cell, 3);
      element(f, pipeline.runtime, value, locals);
      f.store('f64.store');
      f.get(cell).i32(1).op('i32.add').set(cell);
    });
  });
  return result;
}
