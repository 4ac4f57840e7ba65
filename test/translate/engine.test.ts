import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Database, type QueryResult } from '../../src/index.ts';
import { translate } from '../../src/translate/translate.ts';
import { type Answer, answerOf, differences, recording, rowKey } from './answers.ts';
import { QUERIES } from './queries.ts';
import { INSTANT, METRICS, RANGE, SAMPLES } from './samples.ts';

/** Prometheus' staleness marker (model/value/value.go, StaleNaN). */
const STALE_BITS = 0x7ff0_0000_0000_0002n;

async function load(database: Database): Promise<void> {
  const series = Map.groupBy(SAMPLES, ({ metric, labels }) => JSON.stringify([metric, labels]));
  await database.writeSamples(
    [...series.values()].map((samples) => {
      const [first] = samples;
      const values = new Float64Array(samples.length);
      const bits = new BigUint64Array(values.buffer);
      samples.forEach(({ value }, index) => {
        if (value === 'stale') bits[index] = STALE_BITS;
        else values[index] = value;
      });
      const labels = Object.entries(first?.labels ?? {}).map(([name, value]) => ({ name, value }));
      return { metric: first?.metric ?? '', labels, times: samples.map((sample) => sample.time), values };
    }),
  );
}

function answer(result: QueryResult): Answer {
  const found = new Map<string, number>();
  for (const { time, value, ...labels } of result.rows()) {
    if (!(time instanceof Date)) throw new Error('time is no TIMESTAMP');
    found.set(rowKey(labels as Record<string, string | null>, time.getTime()), Number(value));
  }
  expect(found.size, 'rows with the same series and time').toBe(result.rowCount);
  return found;
}

const literal = (milliseconds: number): string => `TIMESTAMP(3) '${new Date(milliseconds).toISOString().slice(0, -1)}'`;
const schema = (metric: string) => {
  const labels = METRICS[metric];
  return labels === undefined ? undefined : { table: metric, time: 'time', value: 'value', labels };
};

/** One result, three ways: recorded from Prometheus, promql(…) in SQL, and the SQL that the query translates to. */
describe('promql(…) and its translation answer as Prometheus', () => {
  const { answers } = recording();
  let database: Database;

  beforeAll(async () => {
    database = await Database.open(undefined, { threads: 1, memoryLimit: 2 ** 29 });
    await load(database);
  });

  afterAll(() => database.close());

  const relation = (query: string, grid: string): string => `SELECT * FROM promql('${query.replaceAll("'", "''")}', ${grid})`;
  const check = async (query: string, sql: (query: string, grid: 'instant' | 'range') => string): Promise<void> => {
    const expected = answers[query];
    if (expected === undefined) throw new Error('not recorded');
    for (const grid of ['instant', 'range'] as const) {
      const rows = expected[grid];
      if (rows === null) continue;
      const text = sql(query, grid);
      expect(differences(answerOf(rows), answer(await database.query(text))), text).toEqual([]);
    }
  };

  const throughRelation = (query: string): Promise<void> =>
    check(query, (text, grid) => {
      const range = `${literal(RANGE.start)}, ${literal(RANGE.end)}, INTERVAL '${RANGE.step} milliseconds'`;
      return relation(text, grid === 'instant' ? literal(INSTANT) : range);
    });

  it.each(QUERIES)('promql(%s)', throughRelation);

  it.each(QUERIES)('translated %s', (query) =>
    check(query, (text, grid) => {
      const times = grid === 'instant' ? { end: INSTANT } : RANGE;
      return translate(text, { from: 'promql', to: 'lql', strict: false, schema, ...times }).text;
    }),
  );
});
