import type { Matcher, SeriesExpression } from '../../../grammars/ast/series.ts';
import { METRIC_NAME } from './context.ts';

/**
 * The labels of the one series that `absent` gives: those that an equality of its selector fixes, unless another matcher
 * speaks of the same label (Prometheus, promql/functions.go: createLabelsForAbsentFunction).
 */
export function absentLabels(expression: SeriesExpression): readonly (readonly [name: string, value: string])[] {
  const matchers = matchersOf(expression).filter((matcher) => matcher.label !== METRIC_NAME);
  return matchers
    .filter((matcher) => matcher.operator === 'equal' && matcher.value !== '')
    .filter((matcher) => matchers.filter((other) => other.label === matcher.label).length === 1)
    .map((matcher) => [matcher.label, matcher.value]);
}

function matchersOf(expression: SeriesExpression): readonly Matcher[] {
  if (expression.kind === 'selector') return expression.matchers;
  return expression.kind === 'range_selector' ? expression.selector.matchers : [];
}
