/** Milliseconds of the units that durations of Prometheus' ecosystem are written in, from large to small. */
export const DURATION_UNITS: Readonly<Record<string, number>> = {
  y: 31_536_000_000,
  w: 604_800_000,
  d: 86_400_000,
  h: 3_600_000,
  m: 60_000,
  s: 1000,
  ms: 1,
};

const ORDER = Object.keys(DURATION_UNITS);

/**
 * `1h30m` as milliseconds, or undefined when the text is none: units go from large to small, each at most once
 * (prometheus/common, model.ParseDuration).
 */
export function parseDurationMs(text: string): number | undefined {
  if (!/^(\d+(ms|[smhdwy]))+$/.test(text)) return undefined;
  let total = 0;
  let last = -1;
  for (const [, digits, unit = ''] of text.matchAll(/(\d+)(ms|[smhdwy])/g)) {
    const position = ORDER.indexOf(unit);
    if (position <= last) return undefined;
    last = position;
    total += Number(digits) * (DURATION_UNITS[unit] ?? Number.NaN);
  }
  return total;
}
