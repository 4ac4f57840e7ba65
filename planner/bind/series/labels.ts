import type { Matcher, SeriesExpression, VectorMatching } from '../../../grammars/ast/series.ts';
import { LumaError, SQLSTATE } from '../../../src/types/error.ts';
import { METRIC_NAME } from '../../../src/types/series.ts';
import type { Span } from '../../../src/types/span.ts';

/** Label lists are sorted and without duplicates. */
export function sortedLabels(labels: Iterable<string>): readonly string[] {
  return [...new Set(labels)].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

export function withoutName(labels: readonly string[]): readonly string[] {
  return labels.filter((label) => label !== METRIC_NAME);
}

/**
 * Labels of a vector-to-vector operator that matches one to one or one to many (Prometheus, promql/engine.go:
 * resultMetric). One to one: what both sides agree on; a label that only one side can carry is empty in every match.
 * One to many: the labels of the "many" side, with the included ones taken from the other.
 */
export function matchedLabels(
  left: readonly string[],
  right: readonly string[],
  matching: VectorMatching,
  keepsName: boolean,
): readonly string[] {
  const kept = (labels: readonly string[]): readonly string[] => (keepsName ? labels : withoutName(labels));
  switch (matching.cardinality) {
    case 'many_to_one':
      return kept(manySide(left, right, matching));
    case 'one_to_many':
      return kept(manySide(right, left, matching));
    default: {
      const agreed = left.filter((label) => label === METRIC_NAME || right.includes(label));
      return kept(agreed.filter((label) => matching.labels.includes(label) === matching.on));
    }
  }
}

function manySide(many: readonly string[], one: readonly string[], { include }: VectorMatching): readonly string[] {
  const own = many.filter((label) => !include.includes(label));
  return sortedLabels([...own, ...include.filter((label) => one.includes(label))]);
}

/** 22023 for the name that no label can have: any other UTF-8 is one (Prometheus 3, Metric names and labels). */
export function checkLabelName(name: string, span: Span): string {
  if (name !== '') return name;
  throw new LumaError(SQLSTATE.invalidParameterValue, 'invalid label name ""', { span });
}

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
