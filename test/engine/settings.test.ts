import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Database } from '../../src/engine/database.ts';
import { collectResult } from '../../src/engine/results/result.ts';
import type { Session } from '../../src/engine/session.ts';
import { Settings } from '../../src/engine/settings.ts';

test('docs/settings.md has every setting, and no other', () => {
  const page = readFileSync(new URL('../../docs/settings.md', import.meta.url), 'utf8');
  const documented = [...page.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
  expect(documented.sort()).toEqual(new Settings().all().map(({ name }) => name));
});

/** Checked against PostgreSQL 15.18, which only warns where SET LOCAL stands outside a block. */
describe('settings and transaction blocks', () => {
  let db: Database;
  let session: Session;
  beforeAll(async () => {
    db = await Database.open();
    session = db.session();
  });
  afterAll(() => db.close());

  async function timeoutAfter(...statements: readonly string[]): Promise<string> {
    for (const text of ['RESET ALL', ...statements]) for await (const outcome of session.run(text)) await collectResult(outcome);
    return session.settings.get('statement_timeout');
  }

  test.each([
    [["SET statement_timeout = '7s'"], '7s'],
    [["SET statement_timeout = '7s'", 'RESET statement_timeout'], '0'],
    [["SET statement_timeout = '7s'", 'RESET ALL'], '0'],
    [['BEGIN', "SET statement_timeout = '7s'", 'COMMIT'], '7s'],
    [['BEGIN', "SET statement_timeout = '7s'", 'ROLLBACK'], '0'],
    [["SET statement_timeout = '5s'", 'BEGIN', 'RESET statement_timeout', 'ROLLBACK'], '5s'],
    [['BEGIN', "SET LOCAL statement_timeout = '7s'", 'COMMIT'], '0'],
    [["SET statement_timeout = '5s'", 'BEGIN', "SET LOCAL statement_timeout = '7s'", 'ROLLBACK'], '5s'],
    [['BEGIN', "SET LOCAL statement_timeout = '7s'", "SET statement_timeout = '6s'", 'COMMIT'], '6s'],
    [['BEGIN', "SET statement_timeout = '6s'", "SET LOCAL statement_timeout = '7s'", 'COMMIT'], '6s'],
  ])('%j', async (statements, expected) => {
    expect(await timeoutAfter(...statements)).toBe(expected);
  });

  test('a local value counts inside its block', async () => {
    expect(await timeoutAfter('BEGIN', "SET LOCAL statement_timeout = '7s'")).toBe('7s');
    expect(await timeoutAfter('ROLLBACK')).toBe('0');
  });

  test('SET LOCAL without a block is an error', async () => {
    await expect(timeoutAfter("SET LOCAL statement_timeout = '7s'")).rejects.toMatchObject({ code: '25P01' });
  });

  test('what only has one value refuses others', async () => {
    await expect(timeoutAfter('SET standard_conforming_strings = off')).rejects.toMatchObject({
      code: '22023',
      hint: 'It takes on.',
    });
  });
});
