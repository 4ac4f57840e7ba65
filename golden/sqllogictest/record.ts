import { readFileSync, writeFileSync } from 'node:fs';
import pg from 'pg';
import { rendered, sortedValues } from './render.ts';

/**
 * Fills in the answers of our own files from a PostgreSQL server on 127.0.0.1:55432:
 * `node golden/sqllogictest/record.ts golden/sqllogictest/files/joins.slt …`. What follows `----` is replaced, `statement error` gets
 * its SQLSTATE, the first line names the server. Records that are `onlyif lumadb` are left as they are.
 */
const client = new pg.Client({
  host: '127.0.0.1',
  port: 55432,
  user: 'postgres',
  database: 'postgres',
  types: { getTypeParser: () => (text: string) => text },
});
await client.connect();
const [{ server_version: version }] = (await client.query('SHOW server_version')).rows;
for (const file of process.argv.slice(2)) writeFileSync(file, await recorded(readFileSync(file, 'utf8')));
await client.end();

async function recorded(text: string): Promise<string> {
  await client.query('DROP SCHEMA IF EXISTS slt CASCADE; CREATE SCHEMA slt; SET search_path = slt');
  const blocks = text
    .trimEnd()
    .replace(/^# Answers of .*\n+/, '')
    .split(/\n\n+/);
  const answered: string[] = [];
  for (const block of blocks) answered.push(await answeredBlock(block));
  return `# Answers of PostgreSQL ${version}, recorded by golden/sqllogictest/record.ts\n\n${answered.join('\n\n')}\n`;
}

async function answeredBlock(block: string): Promise<string> {
  const lines = block.split('\n');
  const head = lines.findIndex((line) => /^(statement|query)\b/.test(line));
  if (head < 0 || lines.slice(0, head).includes('onlyif lumadb')) return block;
  const before = lines.slice(0, head);
  const [kind, second, third] = (lines[head] ?? '').split(/\s+/);
  const body = lines.slice(head + 1);
  if (kind === 'statement') {
    const code = await codeOf(body.join('\n'));
    if (second === 'ok' && code !== undefined) throw new Error(`${code}: ${body.join('\n')}`);
    if (second === 'error' && code === undefined) throw new Error(`succeeded: ${body.join('\n')}`);
    return [...before, code === undefined ? 'statement ok' : `statement error ${code}`, ...body].join('\n');
  }
  const end = body.indexOf('----');
  const sql = (end < 0 ? body : body.slice(0, end)).join('\n');
  return [...before, lines[head], sql, '----', ...(await answerTo(sql, second ?? '', third ?? 'nosort'))].join('\n');
}

async function codeOf(sql: string): Promise<string | undefined> {
  try {
    await client.query(sql);
    return undefined;
  } catch (thrown) {
    if (thrown instanceof pg.DatabaseError && thrown.code !== undefined) return thrown.code;
    throw thrown;
  }
}

/** One line per row, values separated by tabs. */
async function answerTo(sql: string, types: string, sort: string): Promise<readonly string[]> {
  const result = await client.query({ text: sql, rowMode: 'array' }).catch((cause: unknown) => {
    throw new Error(`in ${sql}`, { cause });
  });
  if (result.fields.length !== types.length) throw new Error(`${types.length} types, ${result.fields.length} columns: ${sql}`);
  const rows: readonly (readonly (string | null)[])[] = result.rows;
  const texts = rows.map((row) => row.map((value, i) => (value === null ? 'NULL' : rendered(value, types[i] ?? 'T'))));
  const values = sortedValues(texts, sort);
  const width = sort === 'valuesort' ? 1 : types.length;
  return Array.from({ length: values.length / width }, (_, row) => values.slice(row * width, (row + 1) * width).join('\t'));
}
