import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { DuckDBConnection } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CACHE } from '../../bench/harness/options.ts';
import { generateTpch } from '../../bench/tpch/generate.ts';
import { tpchQueries } from '../../bench/tpch/main.ts';
import { TABLES } from '../../bench/tpch/schema.ts';
import { Database } from '../../src/engine/database.ts';
import type { Session } from '../../src/engine/session.ts';
import { difference } from '../../test/property/compare.ts';
import { askDuckDb, askLumaDb, openDuckDb } from '../../test/property/peers.ts';
import { filesIn, suite } from '../shared.ts';

interface Data {
  readonly folder: string;
  /** A table's file, and the options that COPY reads it with. */
  file(table: string): string;
  readonly options: string;
}

/** Loads both engines with the data; each test asks both. */
function agreeing(queries: readonly { readonly name: string; readonly sql: string }[], open: () => Promise<Data>): void {
  let database: Database;
  let ours: Session;
  let duckdb: DuckDBConnection;
  beforeAll(async () => {
    const data = await open();
    database = await Database.open();
    ours = database.session();
    duckdb = await openDuckDb('');
    for (const [table, columns] of Object.entries(TABLES)) {
      for (const statement of [
        `CREATE TABLE ${table} (${columns})`,
        `COPY ${table} FROM '${join(data.folder, data.file(table))}' (${data.options})`,
      ]) {
        expect(await askLumaDb(ours, statement), statement).toMatchObject({ kind: 'rows' });
        await duckdb.run(statement);
      }
    }
  }, 120_000);
  afterAll(async () => {
    await database.close();
    duckdb.closeSync();
  });

  test.each(queries.map(({ name, sql }) => [name, sql]))('%s', async (_, sql) => {
    const expected = await askDuckDb(duckdb, sql);
    expect(expected.kind).toBe('rows');
    expect(difference(expected, await askLumaDb(ours, sql), false)).toBeUndefined();
  });
}

const folder = suite('tpch');
const files = folder === undefined ? [] : filesIn(`${folder}/queries`, '.sql');
const all22 = files.map((file) => ({ name: `${basename(file, '.sql')} of 22`, sql: readFileSync(file, 'utf8').trim() }));

describe('TPC-H of the generator, scale 0.1, answered as DuckDB does', async () => {
  agreeing([...(await tpchQueries()), ...all22], async () => ({
    folder: await generateTpch(0.1, CACHE),
    file: (table) => `${table}.parquet`,
    options: 'FORMAT parquet',
  }));
});

describe.skipIf(folder === undefined)('TPC-H on the small tables of the shared suite, answered as DuckDB does', () => {
  const temporary = mkdtempSync(join(tmpdir(), 'lumadb-tpch-'));
  afterAll(() => rmSync(temporary, { recursive: true }));
  agreeing(all22, async () => {
    for (const table of Object.keys(TABLES)) {
      writeFileSync(join(temporary, `${table}.csv`), gunzipSync(readFileSync(`${folder}/data/${table}.csv.gz`)));
    }
    return { folder: temporary, file: (table) => `${table}.csv`, options: "FORMAT csv, HEADER, DELIMITER '|'" };
  });
});
