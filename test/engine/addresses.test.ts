import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { collectResult } from '../../src/engine/results/result.ts';
import { Session } from '../../src/engine/session.ts';
import { StatementCache } from '../../src/engine/statement-cache.ts';
import { Executor } from '../../src/exec/executor.ts';
import { SharedMemory } from '../../src/memory/shared-memory.ts';
import { openMemory } from '../../storage/memory/engine.ts';

/** Addresses are unsigned 32-bit numbers (WebAssembly Core Specification 2.0, 4.4.7): above 2 GiB they are negative as int32. */
const memory = new SharedMemory();
const ROWS = 200_000;

describe('a database with more than 2 GiB in memory', () => {
  const storage = openMemory(memory);
  const executor = new Executor(memory, { threads: 2, workMemory: 1 << 29 });
  const session = new Session({ storage, executor, statements: new StatementCache() });

  async function rows(text: string): Promise<unknown[][]> {
    let result: unknown[][] = [];
    for await (const outcome of session.run(text)) result = (await collectResult(outcome)).rows().map(Object.values);
    return result;
  }

  beforeAll(async () => {
    memory.allocate(2 ** 31, 'what other tables take');
    await rows(`CREATE TABLE t AS SELECT i, i % 7 AS k, 'text ' || i AS s FROM generate_series(1, ${ROWS}) g(i)`);
  });

  afterAll(async () => {
    session.close();
    await executor.close();
    await storage.close();
  });

  test.each([
    [
      'in place',
      'SELECT k, count(*) FROM t WHERE i <= 14 GROUP BY k ORDER BY k LIMIT 2',
      [
        [0, 2n],
        [1, 2n],
      ],
    ],
    ['a scan', 'SELECT count(*), max(s) FROM t', [[BigInt(ROWS), 'text 99999']]],
    ['a join of texts', 'SELECT count(*) FROM t JOIN t u USING (s)', [[BigInt(ROWS)]]],
    ['many groups', 'SELECT count(*) FROM (SELECT s, count(*) FROM t GROUP BY s) q', [[BigInt(ROWS)]]],
    ['distinct values', 'SELECT count(DISTINCT s), count(DISTINCT k) FROM t', [[BigInt(ROWS), 7n]]],
    ['the first rows', 'SELECT s FROM t ORDER BY s DESC LIMIT 2', [['text 99999'], ['text 99998']]],
    ['a sort', 'SELECT s FROM (SELECT s FROM t ORDER BY s OFFSET 199999) q', [['text 99999']]],
    ['a window', 'SELECT max(n) FROM (SELECT row_number() OVER (PARTITION BY k ORDER BY s) AS n FROM t) q', [[28572n]]],
  ])('answers %s', async (_, text, expected) => {
    expect(await rows(text)).toEqual(expected);
  });

  test('delivers texts', async () => {
    const delivered = await rows('SELECT s FROM t');
    expect(new Set(delivered.flat())).toHaveProperty('size', ROWS);
  });

  test.each([10, ROWS])('names the text that was no number, among %i rows', async (limit) => {
    await expect(rows(`SELECT sum(CAST(s AS INT)) FROM t WHERE i = ${limit}`)).rejects.toMatchObject({
      code: '22P02',
      message: expect.stringContaining(`"text ${limit}"`),
    });
  });
});
