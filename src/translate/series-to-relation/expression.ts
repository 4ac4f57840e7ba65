import type { SeriesCall, SeriesExpression, Subquery } from '../../../grammars/ast/series.ts';
import { LumaError, notSupported, SQLSTATE } from '../../types/error.ts';
import { column, float, unary } from '../relation-build.ts';
import { aggregate } from './aggregate.ts';
import { binaryOperation } from './binary.ts';
import type { Context } from './context.ts';
import { dateFunction } from './date-functions.ts';
import { absent, epoch, labelFunction, negated, scalarOf, stepTimestamps, valueFunction, vectorOf } from './functions.ts';
import { RANGE_FUNCTIONS } from './range-functions.ts';
import { instantSelector, rangeSelector, windowEnds, windows } from './selector.ts';
import { defineSteps } from './steps.ts';
import type { Range, Scalar, Translated, Vector } from './vector.ts';

/** Prometheus' default evaluation interval, which a subquery without a step takes. */
const DEFAULT_SUBQUERY_STEP = 60_000;

/** Any series expression as common tables of `context`. */
export function translateExpression(context: Context, node: SeriesExpression): Translated {
  switch (node.kind) {
    case 'number':
      return { type: 'scalar', value: () => float(node.value), joins: [], constant: node.value };
    case 'string':
      return { type: 'text', value: node.value };
    case 'selector':
      return instantSelector(context, node);
    case 'range_selector':
      return rangeSelector(context, node.selector, node.range);
    case 'subquery':
      return subquery(context, node);
    case 'series_negate': {
      const operand = translateExpression(context, node.operand);
      if (operand.type === 'vector') return negated(context, operand);
      const number = scalar(operand, node);
      const constant = number.constant === undefined ? undefined : -number.constant;
      return { ...number, value: (time) => unary('negate', number.value(time)), constant };
    }
    case 'aggregation': {
      const operand = vector(translateExpression(context, node.operand), node);
      const parameter = node.parameter === null ? null : translateExpression(context, node.parameter);
      if (parameter?.type === 'vector' || parameter?.type === 'range') throw wrongKind(parameter, node);
      return aggregate(context, node, operand, parameter);
    }
    case 'series_binary':
      return binaryOperation(context, node, translateExpression(context, node.left), translateExpression(context, node.right));
    case 'series_call':
      return translateCall(context, node);
  }
}

function translateCall(context: Context, node: SeriesCall): Translated {
  const [first, ...others] = node.arguments;
  const { name } = node;
  if (name === 'time') return { type: 'scalar', value: epoch, joins: [], constant: undefined };
  if (name === 'pi') return { type: 'scalar', value: () => float(Math.PI), joins: [], constant: Math.PI };
  if (first === undefined) {
    const part = dateFunction(name, column('time', 'step'));
    if (part !== undefined) return vectorOf(context, name, () => part, []);
    throw unsupported(node);
  }
  if (name === 'timestamp' && first.kind === 'selector') return instantSelector(context, first, 'timestamp');
  const arguments_ = node.arguments.map((argument) => translateExpression(context, argument));
  const range = arguments_.find((each) => each.type === 'range');
  if (range !== undefined) {
    if (name === 'absent_over_time')
      return absent(context, name, first.kind === 'range_selector' ? first.selector : first, range);
    const parameter = arguments_.find((each) => each.type === 'scalar') ?? null;
    return rangeFunction(context, node, range, parameter);
  }
  const [operand, ...rest] = arguments_;
  if (operand === undefined) throw unsupported(node);
  if (name === 'vector') {
    const number = scalar(operand, node);
    return vectorOf(context, name, number.value, [number]);
  }
  const input = vector(operand, node);
  switch (name) {
    case 'scalar':
      return scalarOf(context, input);
    case 'timestamp':
      return stepTimestamps(context, input);
    case 'absent':
      return absent(context, name, first, input);
    case 'sort':
    case 'sort_desc':
      // Order is not part of a vector; `seriesToRelation` orders the rows of a whole query.
      return input;
    case 'label_join':
    case 'label_replace':
      return labelFunction(
        context,
        node,
        input,
        rest.map((each) => (each.type === 'text' ? each.value : '')),
      );
    default: {
      if (others.length !== rest.length) throw unsupported(node);
      const result = valueFunction(
        context,
        node,
        input,
        rest.map((each) => scalar(each, node)),
      );
      if (result === undefined) throw unsupported(node);
      return result;
    }
  }
}

function rangeFunction(context: Context, node: SeriesCall, range: Range, parameter: Scalar | null): Vector {
  const translate = RANGE_FUNCTIONS[node.name];
  if (translate === undefined) throw unsupported(node);
  return translate(context, node.name, range, parameter);
}

/** Evaluates on the subquery's own steps, which are multiples of its step, and windows those of the outer steps over them. */
function subquery(context: Context, node: Subquery): Range {
  const ends = windowEnds(context, node);
  if (ends === null) {
    throw notSupported('a subquery at now() in SQL', {
      span: node.span,
      hint: 'Give the times of the evaluation: start, end and step.',
    });
  }
  const step = node.step ?? DEFAULT_SUBQUERY_STEP;
  const after = ends.first - node.range;
  const aligned = step * Math.trunc(after / step);
  const start = aligned <= after ? aligned + step : aligned;
  const steps = defineSteps(context, 'subquery_steps', { type: 'known', start, end: Math.max(start, ends.last), step });
  const inner = vector(translateExpression({ ...context, steps }, node.expression), node);
  const samples = { table: inner.table, labels: inner.labels, timeColumn: 'time' };
  return windows(context, 'subquery_windows', samples, node, node.range);
}

function vector(translated: Translated, node: SeriesExpression): Vector {
  if (translated.type === 'vector') return translated;
  throw wrongKind(translated, node);
}

function scalar(translated: Translated, node: SeriesExpression): Scalar {
  if (translated.type === 'scalar') return translated;
  throw wrongKind(translated, node);
}

function wrongKind(translated: Translated, node: SeriesExpression): LumaError {
  return new LumaError(SQLSTATE.datatypeMismatch, `a ${translated.type} is no operand here`, { span: node.span });
}

function unsupported(node: SeriesCall): LumaError {
  return notSupported(`translating "${node.name}" to SQL`, { span: node.span });
}
