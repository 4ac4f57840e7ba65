import { writeFileSync } from 'node:fs';
import pg from 'pg';
import { cases } from './cases/all.ts';
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
await client.end();
const [{ server_version: name }] = version.rows;
const file = new URL('postgres.golden.json', import.meta.url);
writeFileSync(file, `${JSON.stringify({ engine: `PostgreSQL ${name}`, answers }, null, 1)}\n`);

async function ask(text: string): Promise<string> {
  try {
    const result = await client.query(`SELECT CAST(${text} AS TEXT) AS text, pg_typeof(${text})::text AS type`);
    return shownAnswer(result.rows[0]);
  } catch (thrown) {
    if (thrown instanceof pg.DatabaseError && thrown.code !== undefined) return `error ${thrown.code}`;
    throw thrown;
  }
}
