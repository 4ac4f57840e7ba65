import type { Expression } from '../../../grammars/ast/expression.ts';
import type { SeriesCall } from '../../../grammars/ast/series.ts';
import { notSupported } from '../../types/error.ts';
import { NO_SPAN } from '../../types/span.ts';
import {
  binary,
  boolean,
  call,
  caseOf,
  column,
  float,
  instant,
  integer,
  item,
  not,
  number,
  select,
  table,
  text,
  unary,
} from '../relation-build.ts';
import { type Context, define } from './context.ts';
import { dateFunction, isDateFunction } from './date-functions.ts';
import { comparison, divided, isNan, NAN } from './float.ts';
import { joinScalars, labelItems, operandOf, type Scalar, type Vector, withoutName } from './vector.ts';

/*
 * Functions that make a number of each sample, at its step.
 */

/** A number of each sample's value, and of scalars. */
type ValueFunction = (value: Expression, parameters: readonly Expression[]) => Expression;

const plain =
  (name: string): ValueFunction =>
  (value) =>
    call(name, value);

/** The function where it is defined, else what IEEE gives. SQL raises 2201E, 2201F or 22003 there. */
const bounded =
  (name: string, defined: (value: Expression) => Expression, otherwise: (value: Expression) => Expression): ValueFunction =>
  (value) =>
    caseOf([[defined(value), call(name, value)]], otherwise(value));

const logarithm = (name: string): ValueFunction =>
  bounded(
    name,
    (value) => binary('greater', value, integer(0)),
    (value) => caseOf([[binary('equal', value, integer(0)), float(Number.NEGATIVE_INFINITY)]], NAN),
  );

/** Above and below, exp leaves the doubles. */
const EXP_MAXIMUM = Math.log(Number.MAX_VALUE);
const EXP_MINIMUM = Math.log(Number.MIN_VALUE);

const within = (low: number, high: number) => (value: Expression) =>
  binary('and', binary('greater_equal', value, number(low)), binary('less_equal', value, number(high)));
const nan = (): Expression => NAN;
const finite = (value: Expression): Expression => binary('less', call('abs', value), float(Number.POSITIVE_INFINITY));

function clamp(value: Expression, low: Expression | undefined, high: Expression | undefined): Expression {
  const bounds = [low, high].filter((each) => each !== undefined);
  // math.Max and math.Min give NaN when either side is NaN; NaN is SQL's greatest, so only least() needs the guard.
  const raised = low === undefined ? value : call('greatest', value, low);
  const lowered = high === undefined ? raised : call('least', raised, high);
  const anyNan = [value, ...bounds.filter((each) => each.kind !== 'literal')].map(isNan);
  return caseOf([[anyNan.reduce((a, b) => binary('or', a, b)), NAN]], lowered);
}

const VALUE_FUNCTIONS: Readonly<Record<string, ValueFunction>> = {
  abs: plain('abs'),
  ceil: plain('ceil'),
  floor: plain('floor'),
  exp: (value) =>
    caseOf(
      [
        [binary('greater', value, number(EXP_MAXIMUM)), caseOf([[isNan(value), NAN]], float(Number.POSITIVE_INFINITY))],
        [binary('less', value, number(EXP_MINIMUM)), float(0)],
      ],
      call('exp', value),
    ),
  sqrt: bounded('sqrt', (value) => binary('greater_equal', value, integer(0)), nan),
  ln: logarithm('ln'),
  log10: logarithm('log10'),
  // SQL has no log2 of doubles: the last digit may differ.
  log2: (value, parameters) => binary('divide', logarithm('ln')(value, parameters), number(Math.LN2)),
  sgn: (value) =>
    caseOf(
      [
        [binary('less', value, integer(0)), float(-1)],
        [comparison('greater', value, integer(0)), float(1)],
      ],
      value,
    ),
  round: (value, [to]) => {
    const inverse = divided(float(1), to ?? integer(1));
    const scaled = to === undefined ? value : binary('multiply', value, inverse);
    const rounded = call('floor', binary('add', scaled, number(0.5)));
    return to === undefined ? rounded : divided(rounded, inverse);
  },
  clamp: (value, [low, high]) => clamp(value, low, high),
  clamp_min: (value, [low]) => clamp(value, low, undefined),
  clamp_max: (value, [high]) => clamp(value, undefined, high),
  sin: bounded('sin', finite, nan),
  cos: bounded('cos', finite, nan),
  tan: bounded('tan', finite, nan),
  asin: bounded('asin', within(-1, 1), nan),
  acos: bounded('acos', within(-1, 1), nan),
  atan: plain('atan'),
  sinh: plain('sinh'),
  cosh: plain('cosh'),
  tanh: plain('tanh'),
  asinh: plain('asinh'),
  acosh: bounded('acosh', (value) => binary('greater_equal', value, integer(1)), nan),
  atanh: bounded(
    'atanh',
    (value) => binary('less', call('abs', value), integer(1)),
    (value) =>
      caseOf(
        [
          [binary('equal', value, integer(1)), float(Number.POSITIVE_INFINITY)],
          [binary('equal', value, number(-1)), float(Number.NEGATIVE_INFINITY)],
        ],
        NAN,
      ),
  ),
  deg: plain('degrees'),
  rad: plain('radians'),
};

/** Whether `valueFunction` knows the function. */
export function isValueFunction(name: string): boolean {
  return Object.hasOwn(VALUE_FUNCTIONS, name) || isDateFunction(name);
}

/** A function of each value. */
export function valueFunction(context: Context, node: SeriesCall, vector: Vector, parameters: readonly Scalar[]): Vector {
  const labels = withoutName(vector.labels);
  const time = column('time', vector.table);
  const value = column('value', vector.table);
  const numbers = parameters.map((each) => operandOf(each, time));
  const [low, high] = parameters;
  if (node.name === 'clamp' && low?.constant !== undefined && high?.constant !== undefined && low.constant > high.constant) {
    return mapped(context, node.name, vector, labels, value, [], boolean(false));
  }
  const result = VALUE_FUNCTIONS[node.name]?.(value, numbers) ?? dateFunction(node.name, sinceEpoch(value));
  if (result === undefined) throw notSupported(`"${node.name}" in SQL`, { span: node.span });
  // An interval that is empty at a step has no result there.
  const possible =
    node.name === 'clamp' && numbers.length === 2 && (low?.constant === undefined || high?.constant === undefined)
      ? not(binary('greater', numbers[0] ?? NAN, numbers[1] ?? NAN))
      : null;
  return mapped(context, node.name, vector, labels, result, parameters, possible);
}

function mapped(
  context: Context,
  name: string,
  vector: Vector,
  labels: readonly string[],
  value: Expression,
  parameters: readonly Scalar[],
  where: Expression | null,
): Vector {
  const time = column('time', vector.table);
  const body = select(
    [...labelItems(labels, vector.table), item(time, 'time'), item(value, 'value')],
    joinScalars(table(vector.table), time, parameters),
    { where },
  );
  return { type: 'vector', table: define(context, name, body), labels };
}

export function negated(context: Context, vector: Vector): Vector {
  const labels = withoutName(vector.labels);
  return mapped(context, 'negative', vector, labels, unary('negate', column('value', vector.table)), [], null);
}

/** `timestamp` of an expression that is no selector: the step's time. */
export function stepTimestamps(context: Context, vector: Vector): Vector {
  const labels = withoutName(vector.labels);
  return mapped(context, 'timestamp', vector, labels, epoch(column('time', vector.table)), [], null);
}

/** Seconds since 1970 of a time. */
export function epoch(time: Expression): Expression {
  return call('extract', text('epoch'), time);
}

function sinceEpoch(value: Expression): Expression {
  const second = {
    kind: 'literal' as const,
    span: NO_SPAN,
    value: { type: 'interval' as const, months: 0, days: 0, nanoseconds: 1_000_000_000n },
  };
  return binary('add', instant(0), binary('multiply', call('trunc', value), second));
}
