import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { querySeries, type SeriesQueryResult } from '../../../src/engine/series/query.ts';
import { Database, type SampleSeries } from '../../../src/index.ts';

let database: Database;
beforeEach(async () => {
  database = await Database.open();
});
afterEach(() => database.close());

function instant(query: string, time: number): Promise<SeriesQueryResult> {
  return querySeries(database.session(), query, { dialect: 'promql', grid: { start: time, end: time, step: 0 } });
}

describe('samples in any order', () => {
  /** Prometheus keeps the first sample of a time; written here as a plain map from time to value. */
  test('come out in time order, the first written of a time', async () => {
    let run = 0;
    const sample = fc.record({
      host: fc.constantFrom('a', 'b', ''),
      time: fc.integer({ min: 1, max: 40 }),
      value: fc.double({ noNaN: true }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(sample, { minLength: 1, maxLength: 30 }), { minLength: 1, maxLength: 4 }),
        async (writes) => {
          const metric = `m${run++}`;
          const expected = new Map<string, Map<number, number>>();
          for (const write of writes) {
            await database.writeSamples(
              write.map(
                ({ host, time, value }): SampleSeries => ({
                  metric,
                  labels: [{ name: 'host', value: host }],
                  times: [time * 1000],
                  values: [value],
                }),
              ),
            );
            for (const { host, time, value } of write) {
              const series = expected.get(host) ?? new Map<number, number>();
              expected.set(host, series);
              if (!series.has(time * 1000)) series.set(time * 1000, value);
            }
          }
          const { series } = await instant(`${metric}[1h]`, 60_000);
          const got = new Map(
            series.map(({ labels, times, values }) => [labels.host ?? '', times.map((time, i) => [time, values[i]])]),
          );
          const wanted = new Map([...expected].map(([host, points]) => [host, [...points].sort(([a], [b]) => a - b)]));
          expect(got).toEqual(wanted);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('many series', () => {
  test('more than fit the first table of label sets', async () => {
    const hosts = Array.from({ length: 40_000 }, (_, i) => `host-${i}`);
    await database.writeSamples(
      hosts.map((host, i) => ({
        metric: 'up',
        labels: [
          { name: 'host', value: host },
          { name: 'zone', value: `z${i % 7}` },
        ],
        times: [1000, 2000],
        values: [i, i + 1],
      })),
    );
    expect((await instant('count(up)', 2000)).series[0]?.values).toEqual([40_000]);
    const sums = await instant('sum by (zone) (up)', 2000);
    const expected = new Map<string, number>();
    hosts.forEach((_, i) => {
      expected.set(`z${i % 7}`, (expected.get(`z${i % 7}`) ?? 0) + i + 1);
    });
    expect(new Map(sums.series.map(({ labels, values }) => [labels.zone, values[0]]))).toEqual(expected);
  });

  test('long ranges on all threads give what a plain loop gives', async () => {
    const samples = 2000;
    const value = (series: number, i: number): number => Math.round(100 * Math.sin(series + i / 10));
    await database.writeSamples(
      Array.from({ length: 60 }, (_, series) => ({
        metric: 'gauge',
        labels: [{ name: 'n', value: String(series) }],
        times: Array.from({ length: samples }, (_, i) => i * 1000),
        values: Array.from({ length: samples }, (_, i) => value(series, i)),
      })),
    );
    const grid = { start: 10_500, end: 1_990_500, step: 1000 };
    const result = await querySeries(database.session(), 'max_over_time(gauge[10s])', { dialect: 'promql', grid });
    expect(result.series.length).toBe(60);
    for (const { labels, times, values } of result.series) {
      expect(times.length).toBe(1981);
      const wanted = times.map((time) => {
        const last = Math.floor(time / 1000);
        return Math.max(...Array.from({ length: 10 }, (_, back) => value(Number(labels.n), last - back)));
      });
      expect(values).toEqual(wanted);
    }
  });
});
