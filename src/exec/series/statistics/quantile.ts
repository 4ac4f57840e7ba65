/**
 * The φ-quantile of ascending values with linear interpolation (Prometheus, promql/quantile.go: quantile). NaN without values
 * or for φ NaN; −∞ below 0, +∞ above 1.
 */
export function quantile(phi: number, sorted: Float64Array): number {
  if (sorted.length === 0 || Number.isNaN(phi)) return Number.NaN;
  if (phi < 0) return Number.NEGATIVE_INFINITY;
  if (phi > 1) return Number.POSITIVE_INFINITY;
  const rank = phi * (sorted.length - 1);
  const lower = Math.max(0, Math.floor(rank));
  const upper = Math.min(sorted.length - 1, lower + 1);
  const weight = rank - Math.floor(rank);
  return (sorted[lower] ?? Number.NaN) * (1 - weight) + (sorted[upper] ?? Number.NaN) * weight;
}

/** The values in ascending order, NaN before all numbers, as Prometheus sorts them; in place. */
export function ascending(values: Float64Array): Float64Array {
  values.sort();
  let numbers = values.length;
  while (numbers > 0 && Number.isNaN(values[numbers - 1])) numbers--;
  if (numbers === values.length) return values;
  values.copyWithin(values.length - numbers, 0, numbers);
  return values.fill(Number.NaN, 0, values.length - numbers);
}
