import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Database } from '../../src/engine/database.ts';
import { LumaError } from '../../src/types/error.ts';
import { formatReader } from '../../src/types/format.ts';
import { isValid } from '../../src/types/vector.ts';
import { queries } from './queries.ts';
import { SETUP } from './tables.ts';

/** More with `RUNS=5000 vitest run test/property`; `SEED=…` repeats a run. */
const RUNS = Number(process.env.RUNS ?? 300);
const SEED = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) };

let ours: Database;
let duckdb: DuckDBConnection;

beforeAll(async () => {
  ours = await Database.open();
  await ours.query(SETUP);
  duckdb = await (await DuckDBInstance.create(':memory:')).connect();
  for (const statement of SETUP.split(';')) if (statement.trim() !== '') await duckdb.run(statement);
});
afterAll(async () => {
  await ours.close();
  duckdb.closeSync();
});

test('random queries give what DuckDB gives', { timeout: 600_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(queries, async (query) => {
      const expected = await fromDuckDb(query);
      if (expected === undefined) return;
      expect(await fromLumaDb(query), query).toEqual(expected);
    }),
    { numRuns: RUNS, ...SEED },
  );
});

/** Undefined when DuckDB refuses the query (overflow, mostly): then there is nothing to compare with. */
async function fromDuckDb(query: string): Promise<readonly string[] | undefined> {
  try {
    const result = await duckdb.runAndReadAll(query);
    return normalized(result.getRows().map((row) => row.map((value) => (value === null ? null : String(value)))));
  } catch {
    return undefined;
  }
}

async function fromLumaDb(query: string): Promise<readonly string[] | string> {
  try {
    const { batches } = await ours.query(query);
    return normalized(
      batches.flatMap((batch) => {
        const readers = batch.columns.map(formatReader);
        return Array.from({ length: batch.length }, (_, row) =>
          batch.columns.map((column, i) => (isValid(column, row) ? (readers[i]?.(row) ?? '') : null)),
        );
      }),
    );
  } catch (thrown) {
    return thrown instanceof LumaError ? `error ${thrown.code}: ${thrown.message}` : String(thrown);
  }
}

/** Rows as text, in any order; numbers by value, to twelve digits (sums of doubles depend on their order). */
function normalized(rows: readonly (readonly (string | null)[])[]): readonly string[] {
  return rows.map((row) => row.map(cell).join('|')).sort();
}

function cell(text: string | null): string {
  if (text === null) return 'NULL';
  if (text === 't' || text === 'f') return text === 't' ? 'true' : 'false';
  if (!/^-?\d+(\.\d+)?(e[+-]?\d+)?$/.test(text)) return text;
  const number = Number(Number(text).toPrecision(12));
  return Object.is(number, -0) ? '0' : String(number);
}
