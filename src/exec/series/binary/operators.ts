import type { SeriesBinaryOperator } from '../../../../grammars/ast/series.ts';
import type { FunctionBuilder, Local } from '../../../wasm/function-builder.ts';
import { importedRoutine, type RuntimeModule } from '../../runtime/routine.ts';

const remainder = importedRoutine('float_remainder', ['f64', 'f64'], ['f64']);
const power = importedRoutine('float_power', ['f64', 'f64'], ['f64']);
const atan2 = importedRoutine('atan2', ['f64', 'f64'], ['f64']);

/** Code for left and right on the stack. */
type PushResult = (f: FunctionBuilder, runtime: RuntimeModule) => void;

/** Leaves an f64. */
export const ARITHMETIC: Partial<Readonly<Record<SeriesBinaryOperator, PushResult>>> = {
  add: (f) => f.op('f64.add'),
  subtract: (f) => f.op('f64.sub'),
  multiply: (f) => f.op('f64.mul'),
  divide: (f) => f.op('f64.div'),
  modulo: (f, runtime) => runtime.call(f, remainder),
  power: (f, runtime) => runtime.call(f, power),
  atan2: (f, runtime) => runtime.call(f, atan2),
};

/** Leaves an i32 condition. */
export const COMPARISON: Partial<Readonly<Record<SeriesBinaryOperator, PushResult>>> = {
  equal: (f) => f.op('f64.eq'),
  not_equal: (f) => f.op('f64.ne'),
  less: (f) => f.op('f64.lt'),
  less_equal: (f) => f.op('f64.le'),
  greater: (f) => f.op('f64.gt'),
  greater_equal: (f) => f.op('f64.ge'),
};

/** How one cell is computed. */
export interface CellOperator {
  readonly operator: SeriesBinaryOperator;
  readonly returnBool: boolean;
  /** Whose value a comparison that filters lets through. */
  readonly kept: 'left' | 'right';
}

/** Sets `result` and, where a comparison does not hold, `present` to 0. */
export function emitCell(
  f: FunctionBuilder,
  runtime: RuntimeModule,
  { operator, returnBool, kept }: CellOperator,
  left: Local,
  right: Local,
  result: Local,
  present: Local,
): void {
  const arithmetic = ARITHMETIC[operator];
  f.get(left).get(right);
  if (arithmetic !== undefined) {
    arithmetic(f, runtime);
    f.set(result);
    return;
  }
  COMPARISON[operator]?.(f, runtime);
  if (returnBool) {
    f.op('f64.convert_i32_s').set(result);
    return;
  }
  f.set(present)
    .get(kept === 'left' ? left : right)
    .set(result);
}
