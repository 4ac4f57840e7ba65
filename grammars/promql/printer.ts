import { notSupported } from '../../src/types/error.ts';
import { METRIC_NAME } from '../../src/types/series.ts';
import type {
  Aggregation,
  At,
  Matcher,
  Selector,
  SeriesBinary,
  SeriesExpression,
  TimeModifiers,
  VectorMatching,
} from '../ast/series.ts';
import { isPlainLabelName, isPlainMetricName, OPERATORS, POWER_PRECEDENCE, UNARY_PRECEDENCE } from './keywords.ts';
import { formatDuration, formatNumber, quoteString } from './literals.ts';

/** Precedence of what needs no parentheses anywhere. */
const ATOM = POWER_PRECEDENCE + 1;

/**
 * Canonical PromQL. Parsing it gives the same tree, spans apart. Throws 0A000 for trees that no PromQL text stands for,
 * such as durations below a millisecond.
 */
export function printSeriesExpression(expression: SeriesExpression): string {
  switch (expression.kind) {
    case 'number':
      return formatNumber(expression.value);
    case 'string':
      return quoteString(expression.value);
    case 'selector':
      return printSelector(expression) + printModifiers(expression);
    case 'range_selector': {
      const { selector, range } = expression;
      return `${printSelector(selector)}[${printDuration(range, expression)}]${printModifiers(selector)}`;
    }
    case 'subquery': {
      const step = expression.step === null ? '' : printDuration(expression.step, expression);
      const range = printDuration(expression.range, expression);
      const inner = within(expression.expression, ATOM);
      return `${inner}[${range}:${step}]${printModifiers(expression)}`;
    }
    case 'series_call':
      return `${expression.name}(${expression.arguments.map(printSeriesExpression).join(', ')})`;
    case 'aggregation':
      return printAggregation(expression);
    case 'series_negate':
      return `-${negated(expression.operand)}`;
    case 'series_binary':
      return printBinary(expression);
  }
}

function precedenceOf(expression: SeriesExpression): number {
  switch (expression.kind) {
    case 'series_binary':
      return OPERATORS[expression.operator].precedence;
    case 'series_negate':
      return UNARY_PRECEDENCE;
    case 'number':
      return signed(expression.value) ? UNARY_PRECEDENCE : ATOM;
    default:
      return ATOM;
  }
}

/** Whether a number is written with a sign. */
function signed(value: number): boolean {
  return value < 0 || Object.is(value, -0);
}

/** The expression, in parentheses if it binds less tightly than its place demands. */
function within(expression: SeriesExpression, precedence: number): string {
  const text = printSeriesExpression(expression);
  return precedenceOf(expression) < precedence ? `(${text})` : text;
}

/** A bare number after a minus would become a negative number. */
function negated(operand: SeriesExpression): string {
  if (operand.kind === 'number') return `(${printSeriesExpression(operand)})`;
  return within(operand, UNARY_PRECEDENCE + (operand.kind === 'series_binary' ? 1 : 0));
}

function printBinary(node: SeriesBinary): string {
  const { symbol, precedence } = OPERATORS[node.operator];
  const rightAssociative = node.operator === 'power';
  const left = within(node.left, rightAssociative ? precedence + 1 : precedence);
  // A right operand may carry a sign; only another operator can bind less tightly than its place demands.
  const right =
    node.right.kind === 'series_binary'
      ? within(node.right, rightAssociative ? precedence : precedence + 1)
      : printSeriesExpression(node.right);
  return `${left} ${symbol}${node.returnBool ? ' bool' : ''}${printMatching(node.matching)} ${right}`;
}

function printMatching(matching: VectorMatching): string {
  const { on, labels, cardinality, include } = matching;
  const grouped = cardinality === 'many_to_one' || cardinality === 'one_to_many';
  if (!on && labels.length === 0 && !grouped) return '';
  const text = ` ${on ? 'on' : 'ignoring'} (${printLabels(labels)})`;
  if (!grouped) return text;
  return `${text} ${cardinality === 'many_to_one' ? 'group_left' : 'group_right'} (${printLabels(include)})`;
}

function printAggregation(node: Aggregation): string {
  const { type, labels } = node.grouping;
  const grouping = type === 'by' && labels.length === 0 ? '' : ` ${type} (${printLabels(labels)}) `;
  const parameter = node.parameter === null ? '' : `${printSeriesExpression(node.parameter)}, `;
  return `${node.operator}${grouping}(${parameter}${printSeriesExpression(node.operand)})`;
}

function printLabels(labels: readonly string[]): string {
  return labels.map(printLabel).join(', ');
}

function printLabel(label: string): string {
  return isPlainLabelName(label) ? label : quoteString(label);
}

function printSelector(selector: Selector): string {
  const { metric, matchers } = selector;
  const texts = matchers.map(printMatcher);
  if (metric === null) return `{${texts.join(', ')}}`;
  // A name before the braces must be the only one: further matchers on __name__ push it inside.
  if (isPlainMetricName(metric) && !matchers.some((each) => each.label === METRIC_NAME)) {
    return texts.length === 0 ? metric : `${metric}{${texts.join(', ')}}`;
  }
  return `{${[quoteString(metric), ...texts].join(', ')}}`;
}

const MATCH_SYMBOLS: Readonly<Record<Matcher['operator'], string>> = {
  equal: '=',
  not_equal: '!=',
  match: '=~',
  not_match: '!~',
};

function printMatcher(matcher: Matcher): string {
  return `${printLabel(matcher.label)}${MATCH_SYMBOLS[matcher.operator]}${quoteString(matcher.value)}`;
}

function printModifiers({ at, offset }: TimeModifiers): string {
  const shift = offset === 0 ? '' : ` offset ${offset < 0 ? '-' : ''}${formatDuration(Math.abs(offset))}`;
  return `${at === null ? '' : ` @ ${printAt(at)}`}${shift}`;
}

function printAt(at: At): string {
  if (at.type !== 'time') return `${at.type}()`;
  return formatNumber(at.time / 1000);
}

function printDuration(milliseconds: number, node: SeriesExpression): string {
  if (Number.isInteger(milliseconds) && milliseconds > 0) return formatDuration(milliseconds);
  throw notSupported(`a range of ${milliseconds} ms`, { span: node.span });
}
