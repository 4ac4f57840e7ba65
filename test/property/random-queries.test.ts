import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Database } from '../../src/engine/database.ts';
import type { Session } from '../../src/engine/session.ts';
import { difference } from './compare.ts';
import { decisions } from './generate/choices.ts';
import { bigQuery, type RandomQuery, smallQuery } from './generate/queries.ts';
import { askDuckDb, askLumaDb, openDuckDb } from './peers.ts';
import { runs } from './runs.ts';
import { bigTables, SMALL_TABLES } from './tables.ts';

/** More than a segment and many morsels, so that what threads do apart is put together. */
const BIG_ROWS = 200_000;

const temporary: string[] = [];
afterAll(() => {
  for (const directory of temporary) rmSync(directory, { recursive: true });
});

/** A database in memory with the tables. */
async function inMemory(setup: string): Promise<Database> {
  const database = await Database.open();
  await database.query(setup);
  return database;
}

/** A database in a directory, written, closed and opened again. */
async function reopened(setup: string): Promise<Database> {
  const directory = mkdtempSync(join(tmpdir(), 'lumadb-queries-'));
  temporary.push(directory);
  const written = await Database.open(directory);
  await written.query(setup);
  await written.close();
  return Database.open(directory);
}

function compared(
  setup: string,
  write: (numbers: Uint8Array) => RandomQuery,
  numRuns: number,
  open: (setup: string) => Promise<Database> = inMemory,
): void {
  let database: Database;
  let ours: Session;
  let duckdb: DuckDBConnection;
  beforeAll(async () => {
    database = await open(setup);
    ours = database.session();
    duckdb = await openDuckDb(setup);
  }, 120_000);
  afterAll(async () => {
    await database.close();
    duckdb.closeSync();
  });

  test('give what DuckDB gives', { timeout: 3_600_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(decisions, async (numbers) => {
        const { text, ordered } = write(numbers);
        const expected = await askDuckDb(duckdb, text);
        // What DuckDB refuses (nested aggregates of outer columns, an overflow) has no answer to compare with.
        fc.pre(expected.kind === 'rows');
        expect(difference(expected, await askLumaDb(ours, text), ordered), text).toBeUndefined();
      }),
      runs(numRuns),
    );
  });
}

describe('random queries over small tables', () => compared(SMALL_TABLES, smallQuery, 300));
describe('random queries over big tables', () => compared(SMALL_TABLES + bigTables(BIG_ROWS), bigQuery, 60));
describe('random queries over tables that were stored and opened again', () => {
  // A sealed segment, and rows behind it.
  const setup = SMALL_TABLES + bigTables(70_000);
  compared(setup, (numbers) => ((numbers[0] ?? 0) % 2 === 0 ? smallQuery(numbers) : bigQuery(numbers)), 40, reopened);
});
