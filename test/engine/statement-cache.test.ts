import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Session } from '../../src/engine/session.ts';
import { Database } from '../../src/index.ts';

let database: Database;
let session: Session;
beforeEach(async () => {
  database = await Database.open();
  session = database.session();
  await database.query('CREATE TABLE t (k INT, v TEXT)');
  await database.query("INSERT INTO t VALUES (1, 'a'), (2, 'b')");
});
afterEach(async () => {
  session.close();
  await database.close();
});

/** The plan that a session gets for the first statement of a text. */
function planOf(text: string, of: Session = session) {
  const [statement] = of.parse(text);
  if (statement === undefined) throw new Error(`no statement in ${text}`);
  return of.prepare(statement).compiled;
}

describe('a text that comes again', () => {
  const sql = 'SELECT v FROM t WHERE k = 2';

  test('is parsed and planned once, for all sessions', () => {
    const other = database.session();
    expect(planOf(sql, other)).toBe(planOf(sql));
    expect(planOf(`${sql} `)).not.toBe(planOf(sql));
    other.close();
  });

  test.each([
    ['rows were written', "INSERT INTO t VALUES (2, 'c')"],
    ['a table was analyzed', 'ANALYZE t'],
    ['a table came', 'CREATE TABLE u (x INT)'],
  ])('is planned anew when %s', async (_what, change) => {
    const before = planOf(sql);
    await database.query(change);
    expect(planOf(sql)).not.toBe(before);
  });

  test('is planned anew when it asks for the time', () => {
    const time = 'SELECT now() FROM t';
    expect(planOf(time)).not.toBe(planOf(time));
  });

  test('is planned by the rules that the session has on', async () => {
    const before = planOf(sql);
    session.settings.set('disabled_rules', 'PruneColumns');
    expect(planOf(sql)).not.toBe(before);
  });

  test('gives the rows of its own time', async () => {
    const answer = async () => (await database.query(sql)).rows().map(({ v }) => v);
    expect(await answer()).toEqual(['b']);
    await database.query("INSERT INTO t VALUES (2, 'c')");
    expect(await answer()).toEqual(['b', 'c']);
    await database.query('DROP TABLE t');
    await expect(answer()).rejects.toMatchObject({ code: '42P01' });
    await database.query('CREATE TABLE t (k BIGINT, v INT)');
    await database.query('INSERT INTO t VALUES (2, 7)');
    expect(await answer()).toEqual([7]);
  });

  test('inside a transaction sees what the transaction wrote', async () => {
    const run = async (text: string) => {
      const rows: unknown[] = [];
      for await (const outcome of session.run(text)) {
        if (outcome.kind === 'rows') for await (const batch of outcome.batches) rows.push(batch.length);
      }
      return rows;
    };
    expect(await run(sql)).toEqual([1]);
    await run('BEGIN');
    await run("INSERT INTO t VALUES (2, 'c'), (2, 'd')");
    expect(await run(sql)).toEqual([3]);
    await run('ROLLBACK');
    expect(await run(sql)).toEqual([1]);
  });
});
