import { writeFileSync } from 'node:fs';
import pg from 'pg';
import { EXPRESSIONS } from './expressions.ts';

/**
 * Records what PostgreSQL heads the column of each expression:
 * `node test/grammars/lql/headings/record.ts` with a server on 127.0.0.1:55432.
 */
const client = new pg.Client({ host: '127.0.0.1', port: 55432, user: 'postgres', database: 'postgres' });
await client.connect();
const version = await client.query('SHOW server_version');
const headings: Record<string, string> = {};
for (const expression of EXPRESSIONS) {
  const { fields } = await client.query(`SELECT ${expression}`);
  headings[expression] = fields.map(({ name }) => name).join();
}
await client.end();
const [{ server_version: name }] = version.rows;
const file = new URL('headings.golden.json', import.meta.url);
writeFileSync(file, `${JSON.stringify({ engine: `PostgreSQL ${name}`, headings }, null, 1)}\n`);
