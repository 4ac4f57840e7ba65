/**
 * Asks a PostgreSQL server what it makes of every query of `queries.ts` and writes answers.golden.json:
 *   PGPORT=55432 node test/planner/bind/postgres/record.ts
 * The tables of `fixture.ts` are created empty in a schema of their own, which is dropped at the end.
 */
import { writeFileSync } from 'node:fs';
import { Client, DatabaseError } from 'pg';
import type { DataType } from '../../../../src/types/data-type.ts';
import { typeName } from '../../../../src/types/data-type.ts';
import { FIXTURE_TABLES } from '../../fixture.ts';
import { QUERIES } from './queries.ts';

/** Result columns with PostgreSQL's type names, or the error with its position (from 1). */
export type Answer =
  | { readonly sql: string; readonly columns: readonly { readonly name: string; readonly type: string }[] }
  | { readonly sql: string; readonly error: string; readonly position: number | null; readonly message: string };

export interface Answers {
  readonly engine: string;
  readonly answers: readonly Answer[];
}

function sqlType(type: DataType): string {
  return type.kind === 'timestamp' ? (type.zoned ? 'timestamptz' : 'timestamp') : typeName(type);
}

async function ask(client: Client, sql: string, types: ReadonlyMap<number, string>): Promise<Answer> {
  try {
    const { fields } = await client.query(sql);
    return { sql, columns: fields.map((field) => ({ name: field.name, type: types.get(field.dataTypeID) ?? '?' })) };
  } catch (thrown) {
    if (!(thrown instanceof DatabaseError)) throw thrown;
    const position = thrown.position === undefined ? null : Number(thrown.position);
    return { sql, error: thrown.code ?? '', position, message: thrown.message };
  }
}

async function record(): Promise<void> {
  const client = new Client({
    host: process.env.PGHOST ?? '127.0.0.1',
    port: Number(process.env.PGPORT ?? 5432),
    user: 'postgres',
  });
  await client.connect();
  await client.query('DROP SCHEMA IF EXISTS lumadb_bind CASCADE; CREATE SCHEMA lumadb_bind; SET search_path = lumadb_bind');
  for (const table of FIXTURE_TABLES) {
    const columns = table.columns.map((each) => `${each.name} ${sqlType(each.type)}${each.notNull ? ' NOT NULL' : ''}`);
    await client.query(`CREATE TABLE ${table.name} (${columns.join(', ')})`);
  }
  const version = await client.query<{ version: string }>('SHOW server_version');
  const catalog = await client.query<{ oid: number; typname: string }>('SELECT oid, typname FROM pg_type');
  const types = new Map(catalog.rows.map((row) => [Number(row.oid), row.typname]));
  const answers: Answer[] = [];
  for (const sql of QUERIES) answers.push(await ask(client, sql, types));
  await client.query('DROP SCHEMA lumadb_bind CASCADE');
  await client.end();
  const engine = `PostgreSQL ${Object.values(version.rows[0] ?? {})[0]}`;
  const lines = answers.map((answer) => `    ${JSON.stringify(answer)}`);
  const text = `{\n  "engine": ${JSON.stringify(engine)},\n  "answers": [\n${lines.join(',\n')}\n  ]\n}\n`;
  writeFileSync(new URL('answers.golden.json', import.meta.url), text);
}

if (import.meta.main) await record();
