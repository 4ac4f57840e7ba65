import { LumaError, notSupported, SQLSTATE } from '../../src/types/error.ts';
import { METRIC_NAME } from '../../src/types/series.ts';
import { joinSpans, type Span } from '../../src/types/span.ts';
import type {
  Aggregation,
  AggregationOperator,
  At,
  Matcher,
  Selector,
  SeriesBinaryOperator,
  SeriesExpression,
  VectorMatching,
} from '../ast/series.ts';
import { OPERATORS, PARAMETER_AGGREGATORS } from './keywords.ts';
import { MAX_DURATION } from './literals.ts';

/*
 * Nodes from what the grammar found. Shape errors that hang on parentheses or on the order of suffixes are raised here,
 * because the tree does not keep parentheses; types are checked afterwards (check.ts).
 */

/** An expression and whether it stood in parentheses: `(x)[5m]` and `-(1)` differ from `x[5m]` and `-1`. */
export interface Operand {
  readonly expression: SeriesExpression;
  readonly parenthesized: boolean;
}

/** `bool` and how vectors match, as written; null: nothing was. */
export interface BinaryModifiers {
  readonly returnBool: boolean;
  readonly matching: VectorMatching | null;
}

export interface OperatorUse {
  readonly operator: SeriesBinaryOperator;
  readonly modifiers: BinaryModifiers;
}

interface DurationValue {
  readonly value: number;
  readonly span: Span;
}

const ONE_TO_ONE: VectorMatching = { on: false, labels: [], cardinality: 'one_to_one', include: [] };

function fail(message: string, span: Span, hint?: string): LumaError {
  return new LumaError(SQLSTATE.syntaxError, message, { span, hint });
}

function plain(expression: SeriesExpression): Operand {
  return { expression, parenthesized: false };
}

/** A signed operand: a sign on a bare number makes another number, `+` is nothing else. */
export function negate(minus: boolean, sign: Span, operand: Operand): Operand {
  const { expression } = operand;
  const span = joinSpans(sign, expression.span);
  if (expression.kind === 'number' && !operand.parenthesized) {
    return plain({ ...expression, span, value: minus ? -expression.value : expression.value });
  }
  if (expression.kind === 'string' || expression.kind === 'range_selector' || expression.kind === 'subquery') {
    const got = expression.kind === 'string' ? 'string' : 'range vector';
    throw new LumaError(
      SQLSTATE.datatypeMismatch,
      `unary expression only allowed on expressions of type scalar or instant vector, got "${got}"`,
      { span },
    );
  }
  // A signed operand takes no suffix, so `+x` counts as parenthesized.
  return minus ? plain({ kind: 'series_negate', span, operand: expression }) : { expression, parenthesized: true };
}

/** A binary operation; its matching is completed in check.ts, which knows the types. */
export function binary(operator: SeriesBinaryOperator, left: Operand, right: Operand, modifiers: BinaryModifiers): Operand {
  return plain({
    kind: 'series_binary',
    span: joinSpans(left.expression.span, right.expression.span),
    operator,
    left: left.expression,
    right: right.expression,
    returnBool: modifiers.returnBool,
    matching: modifiers.matching ?? ONE_TO_ONE,
  });
}

/** Folds a flat list of left-associative operators by precedence. */
export function fold(operands: readonly Operand[], operators: readonly OperatorUse[]): Operand {
  const output: Operand[] = [];
  const pending: OperatorUse[] = [];
  const reduce = (): void => {
    const [top, right, left] = [pending.pop(), output.pop(), output.pop()];
    if (top === undefined || left === undefined || right === undefined) return;
    output.push(binary(top.operator, left, right, top.modifiers));
  };
  operands.forEach((operand, index) => {
    output.push(operand);
    const next = operators[index];
    const limit = next === undefined ? 0 : OPERATORS[next.operator].precedence;
    for (let top = pending.at(-1); top !== undefined && OPERATORS[top.operator].precedence >= limit; top = pending.at(-1)) {
      reduce();
    }
    if (next !== undefined) pending.push(next);
  });
  const [result] = output;
  if (result === undefined) throw new LumaError(SQLSTATE.internalError, 'no operand');
  return result;
}

/** `x[5m]`, or with a colon `expr[5m:1m]`. */
export function rangeOrSubquery(
  base: Operand,
  brackets: Span,
  range: DurationValue,
  colon: boolean,
  step: DurationValue | null,
): Operand {
  const { expression } = base;
  const span = joinSpans(expression.span, brackets);
  const milliseconds = positive(range);
  if (colon) {
    const every = step === null ? null : positive(step);
    return plain({ kind: 'subquery', span, expression, range: milliseconds, step: every, offset: 0, at: null });
  }
  if (expression.kind !== 'selector' || base.parenthesized) {
    const hint = `Write a subquery: […:] evaluates an expression over time.`;
    throw fail('ranges only allowed for vector selectors', brackets, hint);
  }
  if (expression.offset !== 0) throw fail('no offset modifiers allowed before range', brackets, 'Put offset after the range.');
  if (expression.at !== null) throw fail('no @ modifiers allowed before range', brackets, 'Put @ after the range.');
  return plain({ kind: 'range_selector', span, selector: { ...expression, span: expression.span }, range: milliseconds });
}

function positive(duration: DurationValue): number {
  if (duration.value <= 0) throw fail('duration must be greater than 0', duration.span);
  return wholeMilliseconds(duration);
}

function wholeMilliseconds(duration: DurationValue): number {
  if (Math.abs(duration.value) > MAX_DURATION) throw fail('duration out of range', duration.span);
  if (Number.isInteger(duration.value)) return duration.value;
  throw notSupported('a duration with fractions of a millisecond', {
    span: duration.span,
    hint: 'Times are whole milliseconds.',
  });
}

export function withOffset(base: Operand, duration: DurationValue): Operand {
  const offset = wholeMilliseconds(duration);
  const message = 'offset modifier must be preceded by an instant vector selector or range vector selector or a subquery';
  return modify(base, duration.span, message, (modifiers) => {
    if (modifiers.offset !== 0) throw fail('offset may not be set multiple times', duration.span);
    return { offset, at: modifiers.at };
  });
}

export function withAt(base: Operand, at: At, span: Span): Operand {
  if (at.type === 'time' && !Number.isSafeInteger(at.time)) {
    throw fail('timestamp out of bounds for @ modifier', span);
  }
  const message = '@ modifier must be preceded by an instant vector selector or range vector selector or a subquery';
  return modify(base, span, message, (modifiers) => {
    if (modifiers.at !== null) throw fail('@ <timestamp> may not be set multiple times', span);
    return { offset: modifiers.offset, at };
  });
}

type Modifiers = Pick<Selector, 'offset' | 'at'>;

function modify(base: Operand, suffix: Span, message: string, change: (modifiers: Modifiers) => Modifiers): Operand {
  const { expression } = base;
  const span = joinSpans(expression.span, suffix);
  if (!base.parenthesized) {
    if (expression.kind === 'selector' || expression.kind === 'subquery') {
      return plain({ ...expression, ...change(expression), span });
    }
    if (expression.kind === 'range_selector') {
      return plain({ ...expression, span, selector: { ...expression.selector, ...change(expression.selector) } });
    }
  }
  throw fail(
    message,
    expression.span,
    'To evaluate a whole expression at another time, shift its selectors or write a subquery.',
  );
}

export function aggregation(
  operator: AggregationOperator,
  span: Span,
  grouping: Aggregation['grouping'] | null,
  arguments_: readonly SeriesExpression[],
): Aggregation {
  if (operator === 'limit_ratio') {
    throw notSupported('limit_ratio', { span, hint: 'Prometheus has it behind --enable-feature=promql-experimental-functions.' });
  }
  const wanted = PARAMETER_AGGREGATORS.has(operator) ? 2 : 1;
  const [first, second] = arguments_;
  const operand = wanted === 2 ? second : first;
  if (arguments_.length === 0) throw fail('no arguments for aggregate expression provided', span);
  if (first === undefined || operand === undefined || arguments_.length !== wanted) {
    const counts = `expected ${wanted}, got ${arguments_.length}`;
    throw fail(`wrong number of arguments for aggregate expression provided, ${counts}`, span);
  }
  return {
    kind: 'aggregation',
    span,
    operator,
    parameter: wanted === 2 ? first : null,
    operand,
    grouping: grouping ?? { type: 'by', labels: [] },
  };
}

/** A selector; an equality on `__name__` becomes its metric, unless a name stands before the braces. */
export function selector(span: Span, name: string | null, matchers: readonly Matcher[]): Selector {
  const named = matchers.filter((each) => each.label === METRIC_NAME);
  const [twice] = named;
  if (name !== null && twice !== undefined) {
    throw fail(`metric name must not be set twice: "${name}" or "${twice.value}"`, twice.span);
  }
  const metric = name ?? named.find((each) => each.operator === 'equal' && each.value !== '')?.value ?? null;
  const used = name === null ? named.find((each) => each.operator === 'equal' && each.value === metric) : undefined;
  const rest = used === undefined ? matchers : matchers.filter((each) => each !== used);
  return { kind: 'selector', span, metric, matchers: rest, offset: 0, at: null };
}
