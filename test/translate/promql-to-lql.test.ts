import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { beforeAll, describe, expect, it } from 'vitest';
import { translate } from '../../src/translate/translate.ts';
import { type Answer, answerOf, differences, recording, rowKey } from './answers.ts';
import { QUERIES } from './queries.ts';
import { INSTANT, METRICS, RANGE, SAMPLES } from './samples.ts';

/** What stands for the staleness marker: DuckDB keeps no NaN payloads apart. */
const STALE = '-987654321';

const schema = (metric: string) => {
  const labels = METRICS[metric];
  return labels === undefined ? undefined : { table: metric, time: 'time', value: 'value', labels };
};

async function load(connection: DuckDBConnection): Promise<void> {
  await connection.run(`CREATE MACRO is_stale(x) AS x = ${STALE}`);
  await connection.run('CREATE MACRO divide_float(a, b) AS a / b');
  for (const [metric, labels] of Object.entries(METRICS)) {
    await connection.run(`CREATE TABLE ${metric} (${labels.map((each) => `${each} TEXT`)}, time TIMESTAMP_MS, value DOUBLE)`);
    const rows = SAMPLES.filter((sample) => sample.metric === metric).map(({ labels: given, time, value }, index) => {
      // An absent label is NULL or empty.
      const texts = labels.map((each) => (given[each] === undefined ? (index % 2 === 0 ? 'NULL' : "''") : `'${given[each]}'`));
      const number = value === 'stale' ? STALE : Number.isNaN(value) ? "'NaN'" : value;
      return `(${texts}, epoch_ms(${time}), ${number}::DOUBLE)`;
    });
    await connection.run(`INSERT INTO ${metric} VALUES ${rows.join(', ')}`);
  }
}

async function answer(connection: DuckDBConnection, sql: string): Promise<Answer> {
  const result = await connection.runAndReadAll(sql);
  const rows = result.getRowObjects();
  const found = new Map<string, number>();
  for (const { time, value, ...labels } of rows) {
    const { millis } = time as unknown as { readonly millis: bigint };
    found.set(rowKey(labels as Record<string, string | null>, Number(millis)), Number(value));
  }
  expect(found.size, 'rows with the same series and time').toBe(rows.length);
  return found;
}

/**
 * The printed SQL, run by DuckDB over the samples, against the answers of Prometheus (record.ts made the recording).
 */
describe('translated PromQL, run as SQL, answers as Prometheus', () => {
  const { engine, answers } = recording();
  let connection: DuckDBConnection;

  beforeAll(async () => {
    connection = await (await DuckDBInstance.create()).connect();
    await load(connection);
  });

  it('is recorded from Prometheus', () => {
    expect(engine).toMatch(/^Prometheus \d/);
    expect(Object.keys(answers)).toEqual(QUERIES);
  });

  it.each(QUERIES)('%s', async (query) => {
    const expected = answers[query];
    if (expected === undefined) throw new Error('not recorded');
    const options = { from: 'promql', to: 'lql', strict: false, schema };
    const instant = translate(query, { ...options, end: INSTANT });
    expect(differences(answerOf(expected.instant), await answer(connection, instant.text)), instant.text).toEqual([]);
    if (expected.range === null) return;
    const range = translate(query, { ...options, ...RANGE });
    expect(differences(answerOf(expected.range), await answer(connection, range.text)), range.text).toEqual([]);
  });
});
