import { writeFileSync } from 'node:fs';
import pg from 'pg';
import { cases } from './cases/all.ts';
import { seriesQueries, WINDOW_ROWS, windowCalls } from './cases/rows.ts';
import { shownAnswer } from './harness.ts';

/** Records PostgreSQL's answers: `node test/functions/record.ts` with a server on 127.0.0.1:55432. */
const client = new pg.Client({ host: '127.0.0.1', port: 55432, user: 'postgres', database: 'postgres' });
await client.connect();
const version = await client.query('SHOW server_version');
const answers: Record<string, Record<string, string>> = {};
for (const [topic, texts] of Object.entries(cases)) {
  const topicAnswers: Record<string, string> = {};
  for (const text of texts) topicAnswers[text] = await ask(text);
  answers[topic] = topicAnswers;
}
const windows: string[][] = [];
for (const call of windowCalls) windows.push(await askWindow(call));
const series: Record<string, readonly (string | null)[] | string> = {};
for (const query of seriesQueries) series[query] = await askColumn(`SELECT s::text AS text FROM ${query} s`);
await client.end();
const [{ server_version: name }] = version.rows;
const file = new URL('postgres.golden.json', import.meta.url);
writeFileSync(file, `${JSON.stringify({ engine: `PostgreSQL ${name}`, answers, windows, series }, null, 1)}\n`);

async function ask(text: string): Promise<string> {
  try {
    const result = await client.query(`SELECT CAST(${text} AS TEXT) AS text, pg_typeof(${text})::text AS type`);
    return shownAnswer(result.rows[0]);
  } catch (thrown) {
    if (thrown instanceof pg.DatabaseError && thrown.code !== undefined) return `error ${thrown.code}`;
    throw thrown;
  }
}

/** The results of a window call in the order of WINDOW_ROWS, as text. */
async function askWindow({ name, arguments: arguments_, frame }: (typeof windowCalls)[number]): Promise<string[]> {
  const literal = (value: string | number | null): string => (typeof value === 'string' ? `'${value}'` : String(value));
  const values = WINDOW_ROWS.map(([p, o, v, t], n) => `(${n}, ${literal(p)}, ${o}, ${literal(v)}::int, ${literal(t)}::text)`);
  const bound = (offset: number): string =>
    offset === 0 ? 'CURRENT ROW' : `${Math.abs(offset)} ${offset < 0 ? 'PRECEDING' : 'FOLLOWING'}`;
  const [start, end] = frame === null ? ['UNBOUNDED PRECEDING', 'UNBOUNDED FOLLOWING'] : frame.map(bound);
  // rows of equal order keep their number's order, as the window's input does
  const peers = ['rank', 'dense_rank', 'percent_rank', 'cume_dist'].includes(name);
  const over = `(PARTITION BY p ORDER BY o${peers ? '' : ', n'} ROWS BETWEEN ${start} AND ${end})`;
  const text = await askColumn(
    `SELECT (${name}(${arguments_}) OVER ${over})::text AS text FROM (VALUES ${values.join(', ')}) r(n, p, o, v, t) ORDER BY n`,
  );
  if (typeof text === 'string') throw new Error(`${name}: ${text}`);
  return text.map(String);
}

async function askColumn(query: string): Promise<readonly (string | null)[] | string> {
  try {
    const result = await client.query(query);
    return result.rows.map((row) => row.text);
  } catch (thrown) {
    if (thrown instanceof pg.DatabaseError && thrown.code !== undefined) return `error ${thrown.code}`;
    throw thrown;
  }
}
