import type { Series } from './remote-write.ts';

/** Scrapes every 15 s over four hours; ends at a full hour, so that the same scale is the same data. */
export const INTERVAL_MS = 15_000;
export const SAMPLES = 960;
export const END_MS = Date.UTC(2026, 0, 1, 12);

/** Counters that restart now and then and gauges, of `scale` × 400 series each. Remote write bodies hold one instance each. */
export function* benchSeries(scale: number): Generator<readonly Series[]> {
  const instances = Math.max(1, Math.round(scale * 50));
  for (let instance = 0; instance < instances; instance++) {
    const series: Series[] = [];
    for (const job of ['api', 'web']) {
      for (const [i, code] of ['200', '404', '500', '503'].entries()) {
        const labels = { instance: `host-${instance}:9100`, job, code };
        series.push({ labels: { __name__: 'http_requests_total', ...labels }, samples: counter(instance * 8 + i, 3 + 7 * i) });
        series.push({ labels: { __name__: 'queue_length', ...labels }, samples: gauge(instance * 8 + i) });
      }
    }
    yield series;
  }
}

function counter(seed: number, rate: number): Series['samples'] {
  let value = 0;
  return Array.from({ length: SAMPLES }, (_, i) => {
    value = (i + seed) % 397 === 0 ? 0 : value + rate + ((i * 7 + seed) % 11);
    return { value, timestamp: timeOf(i) };
  });
}

function gauge(seed: number): Series['samples'] {
  return Array.from({ length: SAMPLES }, (_, i) => ({
    value: 50 + 40 * Math.sin((i + seed) / 50) + ((i * 13 + seed) % 7),
    timestamp: timeOf(i),
  }));
}

function timeOf(i: number): number {
  return END_MS - (SAMPLES - 1 - i) * INTERVAL_MS;
}
