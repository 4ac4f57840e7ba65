import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { fixtureCatalog, fixtureTable } from '../fixture.ts';
import { type Oracle, openOracle, rewrite, UNSUPPORTED } from './oracle/oracle.ts';
import { randomQuery } from './oracle/random-query.ts';
import { SMALL_TABLES, smallCatalog } from './oracle/small-tables.ts';

let oracle: Oracle;
beforeAll(async () => {
  oracle = await openOracle();
});

/** The small tables with other row counts than they have: join orders change, answers must not. */
function catalogWith(rows: readonly number[]) {
  const tables = SMALL_TABLES.map((table, at) => fixtureTable(table.name, table.columns, rows[at] ?? 10));
  return { ...smallCatalog(), ...pick(fixtureCatalog(tables)) };
}

function pick({ table, tables }: ReturnType<typeof fixtureCatalog>) {
  return { table, tables };
}

test('random queries give the same answer rewritten, whatever the statistics say', async () => {
  let compared = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat(59), { minLength: 10, maxLength: 200 }),
      fc.array(fc.constantFrom(1, 10, 1000, 100_000), { minLength: 4, maxLength: 4 }),
      async (numbers, rows) => {
        const sql = randomQuery(numbers);
        const expected = await oracle.answer(sql);
        if (expected === UNSUPPORTED) return;
        const { query, plan } = rewrite(sql, undefined, catalogWith(rows));
        compared += 1;
        expect(await oracle.planAnswer(plan, query), sql).toBe(expected);
      },
    ),
    { numRuns: Number(process.env.RANDOM_QUERIES ?? 150) },
  );
  expect(compared).toBeGreaterThan(50);
});
