import type { SeriesCall, SeriesExpression } from './series.ts';

/** What a series expression or an argument of one is (Prometheus, "Expression language data types"). */
export type SeriesValueKind = 'scalar' | 'vector' | 'range' | 'string';

/** As Prometheus' errors name them. */
export const KIND_NAMES: Readonly<Record<SeriesValueKind, string>> = {
  scalar: 'scalar',
  vector: 'instant vector',
  range: 'range vector',
  string: 'string',
};

/** The kind of value an expression gives; `returns` says it for calls, and throws what it throws for unknown functions. */
export function seriesKindOf(expression: SeriesExpression, returns: (call: SeriesCall) => SeriesValueKind): SeriesValueKind {
  switch (expression.kind) {
    case 'number':
      return 'scalar';
    case 'string':
      return 'string';
    case 'selector':
    case 'aggregation':
      return 'vector';
    case 'range_selector':
    case 'subquery':
      return 'range';
    case 'series_negate':
      return seriesKindOf(expression.operand, returns);
    case 'series_call':
      return returns(expression);
    case 'series_binary': {
      const { left, right } = expression;
      return [left, right].every((side) => seriesKindOf(side, returns) === 'scalar') ? 'scalar' : 'vector';
    }
  }
}
