/** Facts of Prometheus' data model that more than one layer needs. */

/** The label that holds a metric's name. */
export const METRIC_NAME = '__name__';

/** The staleness marker, one particular NaN, as the bits of a double (model/value/value.go: StaleNaN). */
export const STALE_BITS = 0x7ff0_0000_0000_0002n;

/** Whether an aggregation takes the label away by name: `without` drops what it lists, and the metric's name. */
export function dropsLabel(
  { type, labels }: { readonly type: 'by' | 'without'; readonly labels: readonly string[] },
  label: string,
): boolean {
  return type === 'without' && (label === METRIC_NAME || labels.includes(label));
}
