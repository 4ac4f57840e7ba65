import type { Expression } from '../../../grammars/ast/expression.ts';
import type { SeriesCall, SeriesExpression } from '../../../grammars/ast/series.ts';
import { notSupported } from '../../types/error.ts';
import {
  binary,
  call,
  caseOf,
  column,
  countRows,
  exists,
  float,
  instant,
  integer,
  item,
  leftJoin,
  not,
  query,
  select,
  table,
  text,
  unary,
} from '../relation-build.ts';
import { type Context, define, lose, stepsRelation } from './context.ts';
import { dateFunction } from './date-functions.ts';
import { comparison, isNan, NAN } from './float.ts';
import { joinScalars, labelItems, NAME_LABEL, type Scalar, sortedLabels, type Vector, withoutName } from './vector.ts';

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
    (value) => binary('greater', value, float(0)),
    (value) => caseOf([[binary('equal', value, float(0)), float(Number.NEGATIVE_INFINITY)]], NAN),
  );

/** Above and below, exp leaves the doubles. */
const EXP_MAXIMUM = Math.log(Number.MAX_VALUE);
const EXP_MINIMUM = Math.log(Number.MIN_VALUE);

const within = (low: number, high: number) => (value: Expression) =>
  binary('and', binary('greater_equal', value, float(low)), binary('less_equal', value, float(high)));
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
        [binary('greater', value, float(EXP_MAXIMUM)), caseOf([[isNan(value), NAN]], float(Number.POSITIVE_INFINITY))],
        [binary('less', value, float(EXP_MINIMUM)), float(0)],
      ],
      call('exp', value),
    ),
  sqrt: bounded('sqrt', (value) => binary('greater_equal', value, float(0)), nan),
  ln: logarithm('ln'),
  log10: logarithm('log10'),
  log2: logarithm('log2'),
  sgn: (value) =>
    caseOf(
      [
        [binary('less', value, float(0)), float(-1)],
        [comparison('greater', value, float(0)), float(1)],
      ],
      value,
    ),
  round: (value, [to]) => {
    const inverse = binary('divide_float', float(1), to ?? float(1));
    const scaled = to === undefined ? value : binary('multiply', value, inverse);
    const rounded = call('floor', binary('add', scaled, float(0.5)));
    return to === undefined ? rounded : binary('divide_float', rounded, inverse);
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
  acosh: bounded('acosh', (value) => binary('greater_equal', value, float(1)), nan),
  atanh: bounded(
    'atanh',
    (value) => binary('less', call('abs', value), float(1)),
    (value) =>
      caseOf(
        [
          [binary('equal', value, float(1)), float(Number.POSITIVE_INFINITY)],
          [binary('equal', value, float(-1)), float(Number.NEGATIVE_INFINITY)],
        ],
        NAN,
      ),
  ),
  deg: plain('degrees'),
  rad: plain('radians'),
};

/** A function of values, or undefined when `node` is none; arguments are translated by the caller. */
export function valueFunction(
  context: Context,
  node: SeriesCall,
  vector: Vector,
  parameters: readonly Scalar[],
): Vector | undefined {
  const compute = VALUE_FUNCTIONS[node.name];
  const labels = withoutName(vector.labels);
  const time = column('time', vector.table);
  const value = column('value', vector.table);
  const numbers = parameters.map((each) => each.value(time));
  const [low, high] = parameters;
  if (node.name === 'clamp' && low?.constant !== undefined && high?.constant !== undefined && low.constant > high.constant) {
    return mapped(context, node.name, vector, labels, value, [], binary('equal', integer(1), integer(0)));
  }
  const result = compute?.(value, numbers) ?? dateFunction(node.name, sinceEpoch(value));
  if (result === undefined) return undefined;
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
  return call('date_part', text('epoch'), time);
}

function sinceEpoch(value: Expression): Expression {
  const second = {
    kind: 'literal' as const,
    span: value.span,
    value: { type: 'interval' as const, months: 0, days: 0, nanoseconds: 1_000_000_000n },
  };
  return binary('add', instant(0), binary('multiply', call('trunc', value), second));
}

/** One value at every step, without labels. */
export function vectorOf(
  context: Context,
  name: string,
  value: (time: Expression) => Expression,
  joins: readonly Scalar[],
): Vector {
  const time = column('time', 'step');
  const body = select([item(time, 'time'), item(value(time), 'value')], joinScalars(stepsRelation(context, 'step'), time, joins));
  return { type: 'vector', table: define(context, name, body), labels: [] };
}

/** The only series' value at each step, NaN where there is none or several. */
export function scalarOf(context: Context, vector: Vector): Scalar {
  const single = define(
    context,
    'single',
    select([item(column('time'), 'time'), item(call('max', column('value')), 'value')], table(vector.table), {
      groupBy: [column('time')],
      having: binary('equal', countRows, integer(1)),
    }),
  );
  const time = column('time', 'step');
  const name = define(
    context,
    'scalar',
    select(
      [item(time, 'time'), item(call('coalesce', column('value', single), NAN), 'value')],
      leftJoin(stepsRelation(context, 'step'), table(single), binary('equal', column('time', single), time)),
    ),
  );
  return { type: 'scalar', value: () => column('value', name), joins: [name], constant: undefined };
}

/** 1 at each step without any series; labelled by the equalities of a selector (promql/functions.go, createLabelsForAbsentFunction). */
export function absent(context: Context, name: string, argument: SeriesExpression, found: { readonly table: string }): Vector {
  const matchers = argument.kind === 'selector' ? argument.matchers : [];
  const count = (label: string): number => matchers.filter((each) => each.label === label).length;
  const named = matchers.filter((each) => each.operator === 'equal' && each.value !== '' && count(each.label) === 1);
  const values = new Map(named.filter((each) => each.label !== NAME_LABEL).map((each) => [each.label, each.value]));
  const labels = sortedLabels(values.keys());
  const time = column('time', 'step');
  const some = exists(
    query(select([item(integer(1))], table(found.table), { where: binary('equal', column('time', found.table), time) })),
  );
  const body = select(
    [...labels.map((label) => item(text(values.get(label) ?? ''), label)), item(time, 'time'), item(float(1), 'value')],
    stepsRelation(context, 'step'),
    { where: not(some) },
  );
  return { type: 'vector', table: define(context, name, body), labels };
}

/** label_join and label_replace; the other labels stay, the name too. */
export function labelFunction(context: Context, node: SeriesCall, vector: Vector, strings: readonly string[]): Vector {
  const [target = '', ...rest] = strings;
  const source = (label: string): Expression =>
    vector.labels.includes(label) ? call('coalesce', column(label), text('')) : text('');
  const value = node.name === 'label_join' ? joined(rest, source) : replaced(target, rest, vector, source);
  if (target === 'time' || target === 'value') throw notSupported(`a label named "${target}"`, { span: node.span });
  if (vector.labels.includes(target)) {
    lose(context, 'duplicate_matches', node.span, 'where series become equal, Prometheus fails and SQL gives a row for each');
  }
  const labels = sortedLabels([...vector.labels, target]);
  const items = labels.map((label) =>
    label === target ? item(call('nullif', value, text('')), label) : item(column(label), label),
  );
  const body = select([...items, item(column('time'), 'time'), item(column('value'), 'value')], table(vector.table));
  return { type: 'vector', table: define(context, node.name, body), labels };
}

function joined([separator = '', ...labels]: readonly string[], source: (label: string) => Expression): Expression {
  const parts = labels.flatMap((label, index) => (index === 0 ? [source(label)] : [text(separator), source(label)]));
  return parts.length === 0 ? text('') : parts.reduce((left, right) => binary('concat', left, right));
}

function replaced(target: string, parts: readonly string[], vector: Vector, source: (label: string) => Expression): Expression {
  const [replacement = '', from = '', pattern = ''] = parts;
  // Go's $1 and ${1} are SQL's \1.
  const expansion = replacement
    .replace(/\\/g, '\\\\')
    .replace(/\$(?:(\d)|\{(\d)\})/g, (_, a?: string, b?: string) => `\\${a ?? b}`);
  const value = call('regexp_replace', source(from), text(`^(?:${pattern})$`), text(expansion));
  const unchanged = vector.labels.includes(target) ? column(target) : text('');
  return caseOf([[call('regexp_full_match', source(from), text(pattern)), value]], unchanged);
}
