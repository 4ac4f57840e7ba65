import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDemo } from '../../src/engine/demo.ts';
import { querySeries } from '../../src/engine/series/query.ts';
import { Database, translate } from '../../src/index.ts';
import { HttpServer } from '../../src/server/http/server.ts';

const NOW = Date.UTC(2026, 0, 1, 12);
const GRID = { start: NOW - 1_800_000 + 7000, end: NOW - 7000, step: 60_000 };
const schema = (metric: string) => ({ table: metric, time: 'time', value: 'value', labels: ['code', 'instance', 'job'] });

let database: Database;
let server: HttpServer;
let url: string;

beforeAll(async () => {
  database = await Database.open();
  await createDemo(database, NOW);
  server = new HttpServer(database);
  url = `http://127.0.0.1:${await server.listen(0, '127.0.0.1')}`;
});
afterAll(async () => {
  await server.close();
  await database.close();
});

/** Points by their labels and time (ms), in one text each, values to twelve digits: sums of doubles depend on their order. */
type Points = readonly string[];

function point(labels: readonly (readonly [string, unknown])[], time: number, value: number): string {
  const known = labels.filter(([, text]) => text !== null).map(([name, text]) => `${name}=${String(text)}`);
  return `${known.sort().join(',')} ${time} ${value.toPrecision(12)}`;
}

async function throughSql(text: string): Promise<Points> {
  return (await database.query(text))
    .rows()
    .map(({ time, value, ...labels }) => point(Object.entries(labels), Number(time), Number(value)))
    .sort();
}

async function throughHttp(query: string): Promise<Points> {
  const parameters = new URLSearchParams({
    query,
    start: String(GRID.start / 1000),
    end: String(GRID.end / 1000),
    step: String(GRID.step / 1000),
  });
  const answer = await fetch(`${url}/api/v1/query_range?${parameters}`);
  const { data }: { data: { result: { metric: Record<string, string>; values: [number, string][] }[] } } = JSON.parse(
    await answer.text(),
  );
  return data.result
    .flatMap(({ metric, values }) => values.map(([time, value]) => point(Object.entries(metric), time * 1000, Number(value))))
    .sort();
}

async function throughEngine(query: string): Promise<Points> {
  const { series } = await querySeries(database.session(), query, { dialect: 'promql', grid: GRID });
  return series
    .flatMap(({ labels, times, values }) => times.map((time, i) => point(Object.entries(labels), time, values[i] ?? Number.NaN)))
    .sort();
}

describe('one query, one answer, whichever way it is asked', () => {
  test.each([
    'sum by (job) (rate(http_requests_total[5m]))',
    'rate(http_requests_total[2m])',
    'avg by (code) (increase(http_requests_total{job="web"}[10m])) > 5',
    'sum by (job) (rate(http_requests_total{code="500"}[5m])) / sum by (job) (rate(http_requests_total[5m]))',
  ])('%s', async (query) => {
    const expected = await throughEngine(query);
    expect(expected.length).toBeGreaterThan(10);
    expect(await throughHttp(query)).toEqual(expected);
    const iso = (ms: number): string => new Date(ms).toISOString();
    const relation = `SELECT * FROM promql('${query.replaceAll("'", "''")}', '${iso(GRID.start)}', '${iso(GRID.end)}', INTERVAL '1 minute')`;
    expect(await throughSql(relation)).toEqual(expected);
    const { text, losses } = translate(query, { from: 'promql', to: 'lql', ...GRID, schema });
    expect(losses).toEqual([]);
    expect(await throughSql(text)).toEqual(expected);
  });
});
