import type { DuckDBConnection } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Database } from '../../src/engine/database.ts';
import type { Session } from '../../src/engine/session.ts';
import { difference } from './compare.ts';
import { askDuckDb, askLumaDb, openDuckDb } from './peers.ts';
import { runs } from './runs.ts';

/** Numbers at the ends of their types; `z` holds zeros too. One row each, so that nothing else can fail first. */
const VALUES = {
  i: ['-2147483648', '-2147483647', '-46341', '-46340', '-1', '1', '2', '46340', '46341', '2147483647', 'NULL'],
  n: ['-9223372036854775808', '-3037000500', '-3037000499', '-1', '1', '3', '3037000499', '3037000500', '9223372036854775807'],
  z: ['-1', '0', '7'],
} as const;

const cast = { i: 'INTEGER', n: 'BIGINT', z: 'INTEGER' } as const;

type Name = keyof typeof VALUES;
const operand = fc
  .constantFrom<Name[]>('i', 'n', 'z')
  .chain((name) => fc.tuple(fc.constant(name), fc.constantFrom(...VALUES[name])));

let database: Database;
let ours: Session;
let duckdb: DuckDBConnection;
const SETUP = 'CREATE TABLE e (i INTEGER, n BIGINT, z INTEGER, j INTEGER, m BIGINT, y INTEGER)';
beforeAll(async () => {
  database = await Database.open();
  ours = database.session();
  duckdb = await openDuckDb('');
});
afterAll(async () => {
  await database.close();
  duckdb.closeSync();
});

/**
 * `a operator b` over a table of one row. DuckDB raises where PostgreSQL does, but for a division or remainder by zero,
 * which is NULL there and 22012 here.
 */
test('what is out of range is an error on both sides, or a value on both', { timeout: 600_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(operand, fc.constantFrom('+', '-', '*', '/*int*/ /', '%'), operand, async (a, operator, b) => {
      const column = { i: 'j', n: 'm', z: 'y' }[b[0]];
      const row = `CAST(${a[1]} AS ${cast[a[0]]}), CAST(${b[1]} AS ${cast[b[0]]})`;
      for (const statement of ['DROP TABLE IF EXISTS e', SETUP, `INSERT INTO e (${a[0]}, ${column}) SELECT ${row}`]) {
        await duckdb.run(statement);
        expect(await askLumaDb(ours, statement)).toMatchObject({ kind: 'rows' });
      }
      const query = `SELECT ${a[0]} ${operator} ${column} AS x FROM e`;
      const expected = await askDuckDb(duckdb, query);
      const got = await askLumaDb(ours, query);
      const label = `${a[1]} ${operator} ${b[1]}`;
      if (b[1] === '0' && a[1] !== 'NULL' && /[/%]/.test(operator)) expect(got, label).toMatchObject({ code: '22012' });
      // DuckDB raises for the least integer; there is a remainder, and PostgreSQL gives it.
      else if (operator === '%' && b[1] === '-1' && a[1] !== 'NULL') expect(got, label).toEqual({ kind: 'rows', rows: [['0']] });
      else if (expected.kind === 'error') expect(got, label).toMatchObject({ code: '22003' });
      else expect(difference(expected, got, true), label).toBeUndefined();
    }),
    runs(150),
  );
});
