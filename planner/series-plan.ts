import type { AggregationOperator, SeriesBinaryOperator, VectorMatching } from '../grammars/ast/series.ts';
import type { Span } from '../src/types/span.ts';
import type { ColumnId } from './expression.ts';

/** Evaluation times in ms: start, start + step, … ≤ end. `step` 0 with start = end is an instant. */
export interface StepGrid {
  readonly start: number;
  readonly end: number;
  readonly step: number;
}

/** Where samples are taken for the step at time t: `(at ?? t) − offset`, all ms. */
export interface SampleTime {
  readonly at: number | null;
  readonly offset: number;
}

/**
 * Samples of one metric: a relation (a Scan with the matchers as Filter) read as series.
 * A label that is NULL or empty is absent. `time` is TIMESTAMP(3) (ms), `value` DOUBLE PRECISION.
 * Of rows with the same series and time, the first written counts (Prometheus keeps the first).
 */
export interface SeriesSource<Relation> {
  readonly relation: Relation;
  readonly metric: string;
  readonly labels: readonly { readonly name: string; readonly column: ColumnId }[];
  readonly time: ColumnId;
  readonly value: ColumnId;
}

interface SeriesNode {
  readonly grid: StepGrid;
  /** scalar: one series without labels, a value at every step; vector: labelled series, gaps allowed. */
  readonly type: 'scalar' | 'vector';
  /** Every label a result series may carry, `__name__` included while kept, in name order. */
  readonly labels: readonly string[];
  readonly span: Span;
}

/** For each step the newest sample in (t − lookback, t], unless it is the staleness marker. */
export interface SeriesSelect<R> extends SeriesNode {
  readonly kind: 'series_select';
  readonly sources: readonly SeriesSource<R>[];
  readonly lookback: number;
  readonly sampleTime: SampleTime;
}

/** The samples of (t − range, t] as one function's argument; drops staleness markers. */
export interface SeriesWindow<R> extends SeriesNode {
  readonly kind: 'series_window';
  readonly function: string;
  readonly input: RangeInput<R>;
  /** Scalar arguments before and after the range, in order. */
  readonly parameters: readonly SeriesPlan<R>[];
}

/** What a range function reads: raw samples, or a subquery's steps. */
export type RangeInput<R> =
  | {
      readonly type: 'samples';
      readonly sources: readonly SeriesSource<R>[];
      readonly range: number;
      readonly sampleTime: SampleTime;
    }
  | { readonly type: 'subquery'; readonly plan: SeriesPlan<R>; readonly range: number; readonly sampleTime: SampleTime };

/** The samples themselves (`x[5m]` as a whole query): one grid step, the result has their own times. */
export interface SeriesRaw<R> extends SeriesNode {
  readonly kind: 'series_raw';
  readonly input: RangeInput<R>;
}

export interface SeriesNumber extends SeriesNode {
  readonly kind: 'series_number';
  readonly value: number;
}

export interface SeriesString extends SeriesNode {
  readonly kind: 'series_string';
  readonly value: string;
}

/** A function of whole vectors and scalars, step by step: `abs(v)`, `time()`, `vector(s)`, `label_replace(…)`. */
export interface SeriesMap<R> extends SeriesNode {
  readonly kind: 'series_map';
  readonly function: string;
  readonly arguments: readonly SeriesPlan<R>[];
}

export interface SeriesNegation<R> extends SeriesNode {
  readonly kind: 'series_negation';
  readonly operand: SeriesPlan<R>;
}

export interface SeriesAggregate<R> extends SeriesNode {
  readonly kind: 'series_aggregate';
  readonly operator: AggregationOperator;
  readonly parameter: SeriesPlan<R> | null;
  readonly operand: SeriesPlan<R>;
  readonly grouping: { readonly type: 'by' | 'without'; readonly labels: readonly string[] };
}

export interface SeriesBinaryPlan<R> extends SeriesNode {
  readonly kind: 'series_binary';
  readonly operator: SeriesBinaryOperator;
  readonly left: SeriesPlan<R>;
  readonly right: SeriesPlan<R>;
  readonly returnBool: boolean;
  readonly matching: VectorMatching;
}

/** The series operators; `R` is the kind of relation below them (logical or physical). */
export type SeriesPlan<R> =
  | SeriesSelect<R>
  | SeriesWindow<R>
  | SeriesRaw<R>
  | SeriesNumber
  | SeriesString
  | SeriesMap<R>
  | SeriesNegation<R>
  | SeriesAggregate<R>
  | SeriesBinaryPlan<R>;

/** How a series plan becomes a relation: absent labels are NULL. */
export interface SeriesOutput {
  readonly labels: readonly { readonly name: string; readonly column: ColumnId }[];
  readonly time: ColumnId;
  readonly value: ColumnId;
}
