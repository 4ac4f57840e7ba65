import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Database } from '../../src/index.ts';

interface Shown {
  readonly operator: string;
  readonly actual: { readonly rows: number; readonly readyMs: number };
  readonly inputs?: readonly Shown[];
}

/** Rows by counting what the query says; times by what must hold of any clock. */
describe('EXPLAIN ANALYZE', () => {
  let database: Database;
  beforeAll(async () => {
    database = await Database.open();
    await database.query('CREATE TABLE large AS SELECT x AS id, x % 10 AS k FROM generate_series(1, 300000) g(x)');
    await database.query('CREATE TABLE few AS SELECT x AS k FROM generate_series(1, 3) g(x)');
  });
  afterAll(() => database.close());

  async function analyzed(sql: string): Promise<{ plan: Shown; execution: { executionMs: number } }> {
    const [row] = (await database.query(`EXPLAIN (ANALYZE, FORMAT JSON) ${sql}`)).rows();
    return JSON.parse(String(row?.['QUERY PLAN']));
  }

  test('an operator is ready after its inputs, and before the query has ended', async () => {
    const { plan, execution } = await analyzed(
      'SELECT k, count(*) FROM large JOIN few USING (k) WHERE id > 100000 GROUP BY k ORDER BY 2 DESC, k',
    );
    expect(plan.actual.rows).toBe(3);
    expect(plan.actual.readyMs).toBeGreaterThan(0);
    expect(plan.actual.readyMs).toBeLessThanOrEqual(execution.executionMs);
    const seen: string[] = [];
    const check = ({ operator, actual, inputs = [] }: Shown): void => {
      seen.push(operator);
      for (const input of inputs) expect(actual.readyMs).toBeGreaterThanOrEqual(input.actual.readyMs);
      for (const input of inputs) check(input);
    };
    check(plan);
    expect(seen).toContain('hash aggregate');
    expect(seen).toContain('inner hash join');
  });

  test('of CREATE TABLE AS: the plan, but ANALYZE must not make the table', async () => {
    const sql = 'CREATE TABLE more AS SELECT id FROM large WHERE k = 3';
    const plan = (await database.query(`EXPLAIN ${sql}`)).rows();
    expect(plan.map((row) => String(row['QUERY PLAN'])).join('\n')).toContain('table scan: table large');
    await expect(database.query(`EXPLAIN ANALYZE ${sql}`)).rejects.toMatchObject({ code: '0A000' });
    await expect(database.query('SELECT * FROM more')).rejects.toMatchObject({ code: '42P01' });
  });

  test('what passes rows on is ready long before what must see them all', async () => {
    const { plan } = await analyzed('SELECT id FROM large WHERE k = 3 ORDER BY id % 7, id');
    const [input] = plan.inputs ?? [];
    expect([plan.operator, plan.actual.rows, input?.actual.rows]).toEqual(['sort', 30_000, 30_000]);
    expect(plan.actual.readyMs).toBeGreaterThan(input?.actual.readyMs ?? 0);
  });
});
