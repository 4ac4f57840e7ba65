import type { VectorMatching } from '../../../../grammars/ast/series.ts';
import { METRIC_NAME } from '../../../types/series.ts';
import { dropLabels, keepLabels, type LabelSet, labelSet, labelValue, withoutName } from '../labels/labels.ts';

/** The labels by which two series find each other. */
export function signature({ on, labels }: VectorMatching): (series: LabelSet) => LabelSet {
  const names = new Set(on ? labels : [...labels, METRIC_NAME]);
  return on ? (series) => keepLabels(series, names) : (series) => dropLabels(series, names);
}

/** Labels of a match; `many` is the side whose labels stay (Prometheus, promql/engine.go: resultMetric). */
export function matchLabels(many: LabelSet, one: LabelSet, matching: VectorMatching, keepsName: boolean): LabelSet {
  let labels = keepsName ? many : withoutName(many);
  if (matching.cardinality === 'one_to_one') {
    const names = new Set(matching.labels);
    labels = matching.on ? keepLabels(labels, names) : dropLabels(labels, names);
  }
  if (matching.include.length === 0) return labels;
  const included = new Set(matching.include);
  return labelSet([
    ...labels.pairs.filter(([name]) => !included.has(name)),
    ...matching.include.map((name) => [name, labelValue(one, name)] as const),
  ]);
}
