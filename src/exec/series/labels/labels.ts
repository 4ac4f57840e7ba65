import { METRIC_NAME } from '../../../types/series.ts';

/** The labels of one series, in name order; absent labels are not there. `key` is equal exactly for equal sets. */
export interface LabelSet {
  readonly pairs: readonly (readonly [name: string, value: string])[];
  readonly key: string;
}

export const NO_LABELS: LabelSet = labelSet([]);

/** Empty values are absent labels. */
export function labelSet(pairs: Iterable<readonly [string, string]>): LabelSet {
  const kept = [...pairs].filter(([, value]) => value !== '').sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return { pairs: kept, key: JSON.stringify(kept) };
}

/** The order in which Prometheus meets series: by names and values in turn (model/labels, Compare). */
export function compareLabelSets(left: LabelSet, right: LabelSet): number {
  for (const [i, [name, value]] of left.pairs.entries()) {
    const other = right.pairs[i];
    if (other === undefined) return 1;
    if (name !== other[0]) return name < other[0] ? -1 : 1;
    if (value !== other[1]) return value < other[1] ? -1 : 1;
  }
  return left.pairs.length - right.pairs.length;
}

/** The rows in that order. */
export function inLabelOrder(rows: readonly number[], series: readonly LabelSet[]): number[] {
  return rows.toSorted((a, b) => compareLabelSets(series[a] ?? NO_LABELS, series[b] ?? NO_LABELS));
}

export function labelValue(labels: LabelSet, name: string): string {
  return labels.pairs.find(([each]) => each === name)?.[1] ?? '';
}

export function keepLabels(labels: LabelSet, names: ReadonlySet<string>): LabelSet {
  return labelSet(labels.pairs.filter(([name]) => names.has(name)));
}

export function dropLabels(labels: LabelSet, names: ReadonlySet<string>): LabelSet {
  return labels.pairs.some(([name]) => names.has(name)) ? labelSet(labels.pairs.filter(([name]) => !names.has(name))) : labels;
}

export function withLabel(labels: LabelSet, name: string, value: string): LabelSet {
  return labelSet([...labels.pairs.filter(([each]) => each !== name), [name, value]]);
}

const NAME_ONLY: ReadonlySet<string> = new Set([METRIC_NAME]);

export function withoutName(labels: LabelSet): LabelSet {
  return dropLabels(labels, NAME_ONLY);
}

/** As an error message shows them: `{__name__="up", job="a"}`. */
export function formatLabels(labels: LabelSet): string {
  return `{${labels.pairs.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(', ')}}`;
}
