import type { Expression } from '../../../grammars/ast/expression.ts';
import type { SeriesRelation } from '../../../grammars/ast/relation.ts';
import { type DataType, FLOAT64, INTERVAL, isNumeric, TEXT, timestamp } from '../../../src/types/data-type.ts';
import { LumaError, notSupported, SQLSTATE } from '../../../src/types/error.ts';
import type { BoundExpression, Constant } from '../../expression.ts';
import { castOf } from '../../expression-build.ts';
import { freeColumns, someExpression } from '../../expression-visit.ts';
import type { StepGrid } from '../../series-plan.ts';
import { coerce, evaluateConstant, isUntyped, shownType } from '../expression/coerce.ts';
import { plainContext } from '../expression/context.ts';
import { bindExpression } from '../expression/expression.ts';
import { scopeOf } from '../scope.ts';
import type { Environment } from '../session.ts';

const MS_PER_DAY = 86_400_000;

/** Prometheus' units of durations, in ms. */
const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: MS_PER_DAY,
  w: 7 * MS_PER_DAY,
  y: 365 * MS_PER_DAY,
};

/**
 * The step grid of a series expression in FROM, from expressions that binding evaluates. Times are timestamps, dates,
 * seconds since 1970, or text read as a timestamp; the step is an interval, seconds, or text such as '1m30s'.
 */
export function bindGrid(relation: SeriesRelation, environment: Environment): StepGrid {
  const end = timeOf(relation.end, environment);
  if (relation.step === null) return { start: end, end, step: 0 };
  const start = timeOf(relation.start, environment);
  const step = stepOf(relation.step, environment);
  if (start <= end) return { start, end, step };
  throw new LumaError(SQLSTATE.invalidParameterValue, 'the end of the time range lies before its start', {
    span: relation.end.span,
  });
}

function timeOf(expression: Expression, environment: Environment): number {
  const bound = fixed(expression, environment);
  const { type } = bound;
  if (isUntyped(bound) || type.kind === 'text') return inMs(bound, timestamp('ms', true), environment);
  if (isNumeric(type)) return Math.round(Number(valueAs(bound, FLOAT64, environment).value) * 1000);
  if (type.kind === 'timestamp') return inMs(bound, timestamp('ms', type.zoned), environment);
  if (type.kind === 'date') return inMs(bound, timestamp('ms'), environment);
  throw mistyped(expression, bound, 'a time', 'a timestamp, or seconds since 1970');
}

function stepOf(expression: Expression, environment: Environment): number {
  const bound = fixed(expression, environment);
  const step = stepInMs(expression, bound, environment);
  if (step > 0) return step;
  throw new LumaError(SQLSTATE.invalidParameterValue, 'the step must be a positive duration', { span: expression.span });
}

function stepInMs(expression: Expression, bound: BoundExpression, environment: Environment): number {
  const { type } = bound;
  if (isNumeric(type)) return Math.round(Number(valueAs(bound, FLOAT64, environment).value) * 1000);
  if (isUntyped(bound) || type.kind === 'text') {
    const { value } = valueAs(bound, TEXT, environment);
    return durationInMs(String(value), expression);
  }
  if (type.kind === 'interval') return intervalInMs(valueAs(bound, INTERVAL, environment), expression);
  throw mistyped(expression, bound, 'a step', "an interval, seconds, or text such as '1m'");
}

function intervalInMs(constant: Constant, expression: Expression): number {
  const { value } = constant;
  if (value === null || typeof value !== 'object') return 0;
  if (value.months === 0) return value.days * MS_PER_DAY + Number(value.nanoseconds / 1_000_000n);
  throw new LumaError(SQLSTATE.invalidParameterValue, 'a step has no months: they differ in length', { span: expression.span });
}

/** `1h30m`, as in PromQL: units in falling order, each once. */
function durationInMs(text: string, expression: Expression): number {
  const parts = [...text.matchAll(/(\d+)(ms|[smhdwy])/g)];
  if (text === '' || parts.map((part) => part[0]).join('') !== text) {
    throw new LumaError(SQLSTATE.invalidDatetimeFormat, `invalid duration: "${text}"`, {
      span: expression.span,
      hint: 'Write a number and a unit: ms, s, m, h, d, w or y.',
    });
  }
  return parts.reduce((sum, [, count = '0', unit = 's']) => sum + Number(count) * (UNITS[unit] ?? 0), 0);
}

/** An expression that binding can evaluate: no column, no parameter, no subquery. */
function fixed(expression: Expression, environment: Environment): BoundExpression {
  const context = plainContext(environment, scopeOf(null, null), 'the time range of a series expression', null);
  const bound = bindExpression(expression, context);
  if (someExpression(bound, (each) => each.kind === 'parameter') || freeColumns(bound).size > 0) {
    throw notSupported('a time range of a series expression that binding cannot evaluate', {
      span: expression.span,
      hint: 'Write start, end and step as constants.',
    });
  }
  return bound;
}

function valueAs(bound: BoundExpression, type: DataType, { session }: Environment): Constant {
  const constant = evaluateConstant(session, coerce(session, bound, type), bound.span);
  if (constant.value !== null) return constant;
  throw new LumaError(SQLSTATE.invalidParameterValue, 'the time range of a series expression must not be NULL', {
    span: bound.span,
  });
}

function inMs(bound: BoundExpression, type: DataType, environment: Environment): number {
  return Number(valueAs(isUntyped(bound) ? bound : castOf(bound, type), type, environment).value);
}

function mistyped(expression: Expression, bound: BoundExpression, what: string, wanted: string): LumaError {
  return new LumaError(SQLSTATE.datatypeMismatch, `${what} cannot be of type ${shownType(bound)}`, {
    span: expression.span,
    hint: `Write ${wanted}.`,
  });
}
