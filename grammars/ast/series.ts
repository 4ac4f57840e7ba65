import type { Span } from '../../src/types/span.ts';

/** Durations and times of the series algebra are milliseconds (PromQL's own resolution). */
export type Milliseconds = number;

/** Matching on one label; a missing label is the empty string. Regular expressions are RE2 syntax, anchored at both ends. */
export interface Matcher {
  readonly span: Span;
  readonly label: string;
  readonly operator: 'equal' | 'not_equal' | 'match' | 'not_match';
  readonly value: string;
}

/** `@ 123`, `@ start()`, `@ end()`. */
export type At = { readonly type: 'time'; readonly time: Milliseconds } | { readonly type: 'start' } | { readonly type: 'end' };

/** Shifts of the evaluation time: first `at` pins it, then `offset` moves it back. */
export interface TimeModifiers {
  readonly offset: Milliseconds;
  readonly at: At | null;
}

/** An instant selector: for each step the newest sample within the lookback, or, under a window, the raw samples. */
export interface Selector extends TimeModifiers {
  readonly kind: 'selector';
  readonly span: Span;
  readonly metric: string | null;
  readonly matchers: readonly Matcher[];
}

/** The samples of the last `range`: `x[5m]`, left-open. Offset and `at` are the selector's. */
export interface RangeSelector {
  readonly kind: 'range_selector';
  readonly span: Span;
  readonly selector: Selector;
  readonly range: Milliseconds;
}

/** `expr[range:step]`; step null is the global evaluation interval. */
export interface Subquery extends TimeModifiers {
  readonly kind: 'subquery';
  readonly span: Span;
  readonly expression: SeriesExpression;
  readonly range: Milliseconds;
  readonly step: Milliseconds | null;
}

/** A number, the same at every step. */
export interface NumberLiteral {
  readonly kind: 'number';
  readonly span: Span;
  readonly value: number;
}

export interface StringLiteral {
  readonly kind: 'string';
  readonly span: Span;
  readonly value: string;
}

/** A function by its LumaDB name (`src/functions/series`): range, instant, scalar, label functions alike. */
export interface SeriesCall {
  readonly kind: 'series_call';
  readonly span: Span;
  readonly name: string;
  readonly arguments: readonly SeriesExpression[];
}

export type AggregationOperator =
  | 'sum'
  | 'min'
  | 'max'
  | 'avg'
  | 'count'
  | 'group'
  | 'stddev'
  | 'stdvar'
  | 'topk'
  | 'bottomk'
  | 'quantile'
  | 'count_values'
  | 'limitk'
  | 'limit_ratio';

/** `sum by (a) (x)`; `without` keeps all labels but the named ones; neither: `by ()`. */
export interface Aggregation {
  readonly kind: 'aggregation';
  readonly span: Span;
  readonly operator: AggregationOperator;
  readonly parameter: SeriesExpression | null;
  readonly operand: SeriesExpression;
  readonly grouping: { readonly type: 'by' | 'without'; readonly labels: readonly string[] };
}

export type SeriesBinaryOperator =
  | 'add'
  | 'subtract'
  | 'multiply'
  | 'divide'
  | 'modulo'
  | 'power'
  | 'atan2'
  | 'equal'
  | 'not_equal'
  | 'less'
  | 'less_equal'
  | 'greater'
  | 'greater_equal'
  | 'and'
  | 'or'
  | 'unless';

/** How the two sides of a binary operator find each other. `on: false` is `ignoring`. */
export interface VectorMatching {
  readonly on: boolean;
  readonly labels: readonly string[];
  readonly cardinality: 'one_to_one' | 'many_to_one' | 'one_to_many' | 'many_to_many';
  /** Labels copied from the "one" side (`group_left(x)`). */
  readonly include: readonly string[];
}

export interface SeriesBinary {
  readonly kind: 'series_binary';
  readonly span: Span;
  readonly operator: SeriesBinaryOperator;
  readonly left: SeriesExpression;
  readonly right: SeriesExpression;
  /** `bool`: a comparison gives 0 or 1 instead of filtering. */
  readonly returnBool: boolean;
  readonly matching: VectorMatching;
}

export interface SeriesNegate {
  readonly kind: 'series_negate';
  readonly span: Span;
  readonly operand: SeriesExpression;
}

/** Expressions over labelled series on a step grid. */
export type SeriesExpression =
  | Selector
  | RangeSelector
  | Subquery
  | NumberLiteral
  | StringLiteral
  | SeriesCall
  | Aggregation
  | SeriesBinary
  | SeriesNegate;

export type SeriesKind = SeriesExpression['kind'];
