import { LumaError, SQLSTATE } from '../../src/types/error.ts';
import type { Span } from '../../src/types/span.ts';
import type { Matcher, Selector, SeriesBinary, SeriesCall, SeriesExpression, VectorMatching } from '../ast/series.ts';
import { KIND_NAMES, type SeriesValueKind } from '../ast/series-kind.ts';
import { promqlFunction } from './functions.ts';
import { OPERATORS } from './keywords.ts';
import { matcherRegExp } from './regex.ts';

/*
 * The type rules of Prometheus, promql/parser/parse.go, `checkAST`, with its wording. The tree that comes out is the
 * tree that went in, with the matching of every binary operator completed.
 */

/** Checks a whole expression; throws 42804 for a wrong kind, 42601 for the rest. */
export function check(expression: SeriesExpression, text: string): SeriesExpression {
  return checked(expression, text).expression;
}

interface Checked {
  readonly expression: SeriesExpression;
  readonly kind: SeriesValueKind;
}

function mismatch(message: string, span: Span, hint?: string): LumaError {
  return new LumaError(SQLSTATE.datatypeMismatch, message, { span, hint });
}

function checked(expression: SeriesExpression, text: string): Checked {
  switch (expression.kind) {
    case 'number':
      return { expression, kind: 'scalar' };
    case 'string':
      return { expression, kind: 'string' };
    case 'selector':
      checkSelector(expression);
      return { expression, kind: 'vector' };
    case 'range_selector':
      checkSelector(expression.selector);
      return { expression, kind: 'range' };
    case 'subquery': {
      const inner = checked(expression.expression, text);
      if (inner.kind !== 'vector') {
        const message = `subquery is only allowed on instant vector, got ${KIND_NAMES[inner.kind]} instead`;
        throw mismatch(message, expression.span, inner.kind === 'scalar' ? 'Make it a vector with vector(…).' : undefined);
      }
      return { expression: { ...expression, expression: inner.expression }, kind: 'range' };
    }
    case 'series_negate': {
      const { expression: operand, kind } = checked(expression.operand, text);
      return { expression: { ...expression, operand }, kind };
    }
    case 'aggregation': {
      const operand = expected(expression.operand, text, 'vector', 'aggregation expression');
      const kind = expression.operator === 'count_values' ? 'string' : 'scalar';
      const { parameter: given } = expression;
      const parameter = given === null ? null : expected(given, text, kind, 'aggregation parameter');
      return { expression: { ...expression, operand, parameter }, kind: 'vector' };
    }
    case 'series_call':
      return checkCall(expression, text);
    case 'series_binary':
      return checkBinary(expression, text);
  }
}

function expected(expression: SeriesExpression, text: string, kind: SeriesValueKind, where: string): SeriesExpression {
  const found = checked(expression, text);
  if (found.kind === kind) return found.expression;
  throw mismatch(
    `expected type ${KIND_NAMES[kind]} in ${where}, got ${KIND_NAMES[found.kind]}`,
    expression.span,
    kindHint(found, kind),
  );
}

function kindHint(found: Checked, wanted: SeriesValueKind): string | undefined {
  if (wanted === 'range' && found.expression.kind === 'selector') return 'Add a range, such as [5m].';
  if (wanted === 'range' && found.kind === 'vector') return 'Make it a subquery, such as (…)[5m:1m].';
  if (wanted === 'vector' && found.kind === 'range')
    return 'Wrap it in a function of a range, such as rate(…) or last_over_time(…).';
  if (wanted === 'vector' && found.kind === 'scalar') return 'Make it a vector with vector(…).';
  if (wanted === 'scalar' && found.kind === 'vector') return 'Make it a scalar with scalar(…).';
  return undefined;
}

function checkCall(call: SeriesCall, text: string): Checked {
  const { start } = call.span;
  const definition = promqlFunction(call.name, { start, end: start + call.name.length });
  const given = call.arguments.length;
  const fail = (message: string): LumaError => new LumaError(SQLSTATE.syntaxError, message, { span: call.span });
  const most = definition.variadic ? Number.POSITIVE_INFINITY : definition.arguments.length;
  const { required } = definition;
  if (required === most && given !== most) throw fail(`expected ${most} argument(s) in call to "${call.name}", got ${given}`);
  if (given < required) throw fail(`expected at least ${required} argument(s) in call to "${call.name}", got ${given}`);
  if (given > most) throw fail(`expected at most ${most} argument(s) in call to "${call.name}", got ${given}`);
  const arguments_ = call.arguments.map((argument, index) => {
    const kind = definition.arguments[Math.min(index, definition.arguments.length - 1)] ?? 'vector';
    return expected(argument, text, kind, `call to function "${call.name}"`);
  });
  return { expression: { ...call, arguments: arguments_ }, kind: definition.returns };
}

function checkBinary(node: SeriesBinary, text: string): Checked {
  const left = checked(node.left, text);
  const right = checked(node.right, text);
  const { class: operatorClass, symbol } = OPERATORS[node.operator];
  const operatorSpan = between(text, node.left.span.end, node.right.span.start);
  const fail = (message: string, span: Span, hint?: string): LumaError =>
    new LumaError(SQLSTATE.syntaxError, message, { span, hint });
  const scalars = left.kind === 'scalar' && right.kind === 'scalar';
  if (node.returnBool && operatorClass !== 'comparison') {
    throw fail('bool modifier can only be used on comparison operators', operatorSpan);
  }
  if (operatorClass === 'comparison' && !node.returnBool && scalars) {
    throw fail('comparisons between scalars must use BOOL modifier', operatorSpan, `Write ${symbol} bool.`);
  }
  for (const side of [left, right]) {
    if (side.kind === 'scalar' || side.kind === 'vector') continue;
    const message = 'binary expression must contain only scalar and instant vector types';
    throw mismatch(message, side.expression.span, kindHint(side, 'vector'));
  }
  const { matching } = node;
  const both = matching.on ? matching.labels.find((label) => matching.include.includes(label)) : undefined;
  if (both !== undefined) throw fail(`label "${both}" must not occur in ON and GROUP clause at once`, operatorSpan);
  const vectors = left.kind === 'vector' && right.kind === 'vector';
  if (!vectors && operatorClass === 'set') {
    throw fail(
      `set operator "${symbol}" not allowed in binary scalar expression`,
      node.span,
      'Make scalars vectors with vector(…).',
    );
  }
  if (!vectors && matching.labels.length > 0) {
    throw fail('vector matching only allowed between instant vectors', node.span);
  }
  const grouped = matching.cardinality === 'many_to_one' || matching.cardinality === 'one_to_many';
  if (operatorClass === 'set' && grouped) throw fail(`no grouping allowed for "${symbol}" operation`, node.span);
  return {
    expression: {
      ...node,
      left: left.expression,
      right: right.expression,
      matching: vectors ? completed(matching, operatorClass === 'set') : SCALAR_MATCHING,
    },
    kind: scalars ? 'scalar' : 'vector',
  };
}

/** What stands at `matching` where a side is a scalar: nothing to match. */
const SCALAR_MATCHING: VectorMatching = { on: false, labels: [], cardinality: 'one_to_one', include: [] };

function completed(matching: VectorMatching, set: boolean): VectorMatching {
  return set ? { ...matching, cardinality: 'many_to_many' } : matching;
}

/** The text between two operands without the blanks around it. */
function between(text: string, start: number, end: number): Span {
  const gap = text.slice(start, end);
  const from = start + gap.length - gap.trimStart().length;
  return { start: from, end: Math.max(from + 1, start + gap.trimEnd().length) };
}

function checkSelector(selector: Selector): void {
  const accepting = selector.matchers.map(acceptsEmpty);
  if (selector.metric !== null || accepting.includes(false)) return;
  throw new LumaError(SQLSTATE.syntaxError, 'vector selector must contain at least one non-empty matcher', {
    span: selector.span,
    hint: 'Name a metric, or match a label with a value that is not empty.',
  });
}

/** Whether a series without the label passes. */
function acceptsEmpty(matcher: Matcher): boolean {
  switch (matcher.operator) {
    case 'equal':
      return matcher.value === '';
    case 'not_equal':
      return matcher.value !== '';
    case 'match':
      return matcherRegExp(matcher.value, matcher.span).test('');
    case 'not_match':
      return !matcherRegExp(matcher.value, matcher.span).test('');
  }
}
