import { only } from '../../../exec/expression/values.ts';
import { importedRoutine } from '../../../exec/runtime/routine.ts';
import { BOOLEAN, type DataType, FLOAT64 } from '../../../types/data-type.ts';
import { SQLSTATE } from '../../../types/error.ts';
import { STALE_BITS } from '../../../types/series.ts';
import type { Local } from '../../../wasm/function-builder.ts';
import type { EmitContext, ScalarDefinition, ScalarOverload } from '../../definition.ts';
import { argument, byInstructions, byRoutine } from '../emitters.ts';
import { checkOverflow, checkUnderflow } from './float.ts';

/** Functions of float64 with PostgreSQL's domain errors (float.c). */

const toFloat = (): DataType => FLOAT64;

interface Domain {
  /** Pushes 1 when the argument is outside the domain. */
  readonly pushOutside: (context: EmitContext, argument: Local) => void;
  readonly code: string;
  readonly message: string;
}

function outside(pushInside: (context: EmitContext, argument: Local) => void): Domain {
  return {
    pushOutside: (context, value) => {
      pushInside(context, value);
      context.f.op('i32.eqz').get(value).get(value).op('f64.eq').op('i32.and');
    },
    code: SQLSTATE.numericValueOutOfRange,
    message: 'input is out of range',
  };
}

const finite = outside(({ f }, value) => f.get(value).op('f64.abs').f64(Number.POSITIVE_INFINITY).op('f64.lt'));
const withinOne = outside(({ f }, value) => f.get(value).op('f64.abs').f64(1).op('f64.le'));
const fromOne = outside(({ f }, value) => f.get(value).f64(1).op('f64.ge'));

/**
 * A function that JavaScript computes. Outside its domain it raises; an infinite result of a finite argument is an overflow,
 * unless `infinite` says that it is a value.
 */
function mathFunction(
  name: string,
  routineName: string,
  summary: string,
  domains: readonly Domain[] = [],
  infinite = false,
): ScalarDefinition {
  const routine = importedRoutine(routineName, ['f64'], ['f64']);
  return {
    name,
    summary,
    overloads: [
      {
        arguments: ['float64'],
        returns: toFloat,
        emit: (context, arguments_) => {
          const value = only(argument(arguments_, 0));
          for (const domain of domains) {
            domain.pushOutside(context, value);
            context.f.ifThen(() => context.raise(domain.code, domain.message));
          }
          const result = context.newValue(FLOAT64);
          context.f.get(value);
          context.call(routine);
          context.f.set(only(result));
          if (!infinite) checkOverflow(context, only(result), [value]);
          return result;
        },
      },
    ],
  };
}

const LOGARITHM: readonly Domain[] = [
  {
    pushOutside: ({ f }, value) => f.get(value).f64(0).op('f64.eq'),
    code: '2201E',
    message: 'cannot take logarithm of zero',
  },
  {
    pushOutside: ({ f }, value) => f.get(value).f64(0).op('f64.lt'),
    code: '2201E',
    message: 'cannot take logarithm of a negative number',
  },
];

const sqrt: ScalarOverload = {
  arguments: ['float64'],
  returns: toFloat,
  emit: (context, arguments_) => {
    const { f } = context;
    const value = only(argument(arguments_, 0));
    f.get(value).f64(0).op('f64.lt');
    f.ifThen(() => context.raise('2201F', 'cannot take square root of a negative number'));
    const result = context.newValue(FLOAT64);
    f.get(value).op('f64.sqrt').set(only(result));
    return result;
  },
};

const powerRoutine = importedRoutine('float_power', ['f64', 'f64'], ['f64']);

const power: ScalarOverload = {
  arguments: ['float64', 'float64'],
  returns: toFloat,
  emit: (context, arguments_) => {
    const { f } = context;
    const [base, exponent] = [only(argument(arguments_, 0)), only(argument(arguments_, 1))];
    f.get(base).f64(0).op('f64.eq').get(exponent).f64(0).op('f64.lt').op('i32.and');
    f.ifThen(() => context.raise('2201F', 'zero raised to a negative power is undefined'));
    f.get(base).f64(0).op('f64.lt').get(exponent).get(exponent).op('f64.floor').op('f64.ne').op('i32.and');
    f.get(exponent).get(exponent).op('f64.eq').op('i32.and');
    f.ifThen(() => context.raise('2201F', 'a negative number raised to a non-integer power yields a complex result'));
    const result = context.newValue(FLOAT64);
    f.get(base).get(exponent);
    context.call(powerRoutine);
    f.set(only(result));
    checkOverflow(context, only(result), [base, exponent]);
    return result;
  },
};

const logarithm = importedRoutine('log_of_base', ['f64', 'f64'], ['f64']);

/** log(base, x) */
const logOfBase: ScalarOverload = {
  arguments: ['float64', 'float64'],
  returns: toFloat,
  emit: (context, arguments_) => {
    const { f } = context;
    const [base, value] = [only(argument(arguments_, 0)), only(argument(arguments_, 1))];
    for (const each of [base, value]) {
      for (const domain of LOGARITHM) {
        domain.pushOutside(context, each);
        f.ifThen(() => context.raise(domain.code, domain.message));
      }
    }
    f.get(base).f64(1).op('f64.eq');
    f.ifThen(() => context.raise(SQLSTATE.divisionByZero, 'division by zero'));
    const result = context.newValue(FLOAT64);
    f.get(base).get(value);
    context.call(logarithm);
    f.set(only(result));
    return result;
  },
};

const random: ScalarOverload = {
  arguments: [],
  returns: toFloat,
  volatility: 'volatile',
  neverRaises: true,
  emit: byRoutine(importedRoutine('random', [], ['f64'])),
};

const pi: ScalarOverload = {
  arguments: [],
  returns: toFloat,
  total: true,
  emit: byInstructions(({ f }) => f.f64(Math.PI)),
};

/** A test of a float64. */
function test(name: string, summary: string, push: (context: EmitContext, value: Local) => void): ScalarDefinition {
  return {
    name,
    summary,
    overloads: [
      {
        arguments: ['float64'],
        returns: () => BOOLEAN,
        total: true,
        emit: byInstructions((context, value) => {
          if (value !== undefined) push(context, value);
        }),
      },
    ],
  };
}

const RADIANS_PER_DEGREE = 0.017453292519943295;

function angle(name: string, summary: string, operator: 'f64.mul' | 'f64.div'): ScalarDefinition {
  const overload: ScalarOverload = {
    arguments: ['float64'],
    returns: toFloat,
    emit: (context, arguments_) => {
      const { f } = context;
      const value = only(argument(arguments_, 0));
      const result = context.newValue(FLOAT64);
      f.get(value).f64(RADIANS_PER_DEGREE).op(operator).set(only(result));
      checkOverflow(context, only(result), [value]);
      checkUnderflow(context, only(result), () => f.get(value).f64(0).op('f64.ne'));
      return result;
    },
  };
  return { name, summary, overloads: [overload] };
}

function one(name: string, summary: string, ...overloads: readonly ScalarOverload[]): ScalarDefinition {
  return { name, summary, overloads };
}

const log10 = mathFunction('log10', 'log10', 'logarithm to base 10', LOGARITHM);

export const mathFunctions: readonly ScalarDefinition[] = [
  one('sqrt', 'square root', sqrt),
  mathFunction('cbrt', 'cbrt', 'cube root'),
  one('power', 'a to the power b', power),
  mathFunction('exp', 'exp', 'e to the power x'),
  mathFunction('ln', 'ln', 'natural logarithm', LOGARITHM),
  log10,
  one('log', 'logarithm to base 10, or log(base, x)', ...log10.overloads, logOfBase),
  mathFunction('sin', 'sin', 'sine of an angle in radians', [finite]),
  mathFunction('cos', 'cos', 'cosine of an angle in radians', [finite]),
  mathFunction('tan', 'tan', 'tangent of an angle in radians', [finite]),
  mathFunction('asin', 'asin', 'inverse sine, in radians', [withinOne]),
  mathFunction('acos', 'acos', 'inverse cosine, in radians', [withinOne]),
  mathFunction('atan', 'atan', 'inverse tangent, in radians'),
  one('atan2', 'inverse tangent of y / x, in radians', {
    arguments: ['float64', 'float64'],
    returns: toFloat,
    neverRaises: true,
    emit: byRoutine(importedRoutine('atan2', ['f64', 'f64'], ['f64'])),
  }),
  mathFunction('sinh', 'sinh', 'hyperbolic sine', [], true),
  mathFunction('cosh', 'cosh', 'hyperbolic cosine', [], true),
  mathFunction('tanh', 'tanh', 'hyperbolic tangent'),
  mathFunction('asinh', 'asinh', 'inverse hyperbolic sine'),
  mathFunction('acosh', 'acosh', 'inverse hyperbolic cosine', [fromOne]),
  mathFunction('atanh', 'atanh', 'inverse hyperbolic tangent', [withinOne], true),
  angle('degrees', 'radians to degrees', 'f64.div'),
  angle('radians', 'degrees to radians', 'f64.mul'),
  one('pi', 'the number π', pi),
  one('random', 'a random number from 0 up to 1, another one each time', random),
  test('isnan', 'whether the number is NaN', ({ f }, value) => f.get(value).get(value).op('f64.ne')),
  test('isinf', 'whether the number is infinite', ({ f }, value) =>
    f.get(value).op('f64.abs').f64(Number.POSITIVE_INFINITY).op('f64.eq'),
  ),
  test('is_stale', 'whether the number is the marker with which Prometheus ends a series', ({ f }, value) =>
    f.get(value).op('i64.reinterpret_f64').i64(STALE_BITS).op('i64.eq'),
  ),
];
