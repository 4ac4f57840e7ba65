import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { BoundExpression } from '../../../planner/expression.ts';
import { castOf } from '../../../planner/expression-build.ts';
import type { PhysicalPlan } from '../../../planner/physical/plan.ts';
import { decimal, FLOAT64, INT32, INT64, NULL, TEXT } from '../../../src/types/data-type.ts';
import { call, constant, Harness, parameter, ref, vector } from '../harness.ts';

describe('VALUES, UNION ALL, LIMIT, single rows', () => {
  let db: Harness;
  beforeEach(() => {
    db = new Harness();
  });
  afterEach(() => db.close());

  function values(...rows: readonly (readonly BoundExpression[])[]): PhysicalPlan {
    const columns = (rows[0] ?? []).map((first, i) => db.column(`v${i}`, first.type));
    return { kind: 'values', ...db.node(), columns, rows };
  }

  function union(...inputs: readonly PhysicalPlan[]): PhysicalPlan {
    const columns = (inputs[0]?.columns ?? []).map((each) => db.column(each.name, each.type));
    return { kind: 'union_all', ...db.node(), columns, inputs };
  }

  const oneRow = (): PhysicalPlan => ({ kind: 'one_row', ...db.node(), columns: [] });

  test('VALUES of constants, parameters and expressions', async () => {
    const plan = values(
      [constant(1), constant('a')],
      [constant(null, INT32), constant('b')],
      [constant(3), constant(null, TEXT)],
    );
    expect(await db.rows(plan)).toEqual([
      [1, 'a'],
      [null, 'b'],
      [3, null],
    ]);
    const sum = call('add', parameter(1, INT32), constant(1));
    const rows = await db.rows(
      values([sum, parameter(2, TEXT)], [constant(null, INT32), constant('x')], [parameter(1, INT32), constant('')]),
      {
        parameters: [
          { type: INT32, value: 41 },
          { type: TEXT, value: 'p' },
        ],
      },
    );
    expect(rows).toEqual([
      [42, 'p'],
      [null, 'x'],
      [41, ''],
    ]);
  });

  test('NULL parameters of any type', async () => {
    const plan = db.project(oneRow(), parameter(1, INT64, true), parameter(2, TEXT, true), parameter(3, decimal(30, 2), true));
    const parameters = [INT64, TEXT, decimal(30, 2)].map((type) => ({ type, value: null }));
    expect(await db.rows(plan, { parameters })).toEqual([[null, null, null]]);
    const wide = { type: decimal(30, 2), value: -(10n ** 25n) };
    expect(await db.rows(plan, { parameters: [{ type: INT64, value: -1n }, { type: TEXT, value: 'ä' }, wide] })).toEqual([
      [-1n, 'ä', wide.value],
    ]);
  });

  test('a row without columns, and no row', async () => {
    expect(await db.rows(db.project(oneRow(), constant(1n)))).toEqual([[1n]]);
    expect(await db.rows({ kind: 'empty', ...db.node(), columns: [db.column('x', INT32)] })).toEqual([]);
    expect(await db.rows(db.project(oneRow(), constant(null, NULL)))).toEqual([[null]]);
  });

  test('UNION ALL of a dictionary, a plain text, a nullable and a constant column; inputs keep their order', async () => {
    const rows = Array.from({ length: 200 }, (_, i) => [i % 2 === 0 ? 'even' : 'odd', i]);
    await db.createTable(
      'coded',
      [
        { name: 's', type: TEXT },
        { name: 'n', type: INT32 },
      ],
      rows,
    );
    await db.createTable(
      'plain',
      [
        { name: 's', type: TEXT },
        { name: 'n', type: INT32 },
      ],
      [
        ['a', 1],
        [null, null],
      ],
    );
    const plan = union(
      db.scan('coded'),
      values([constant('v'), constant(7)]),
      db.scan('plain'),
      db.filter(db.scan('coded'), constant(false)),
    );
    expect(await db.rows(plan)).toEqual([...rows, ['v', 7], ['a', 1], [null, null]]);
    expect(await db.rows(db.limit(plan, 3, 199))).toEqual([
      ['odd', 199],
      ['v', 7],
      ['a', 1],
    ]);
  });

  test('UNION ALL of narrow and wide decimals', async () => {
    const type = decimal(38, 0);
    const plan = union(values([constant(5n, type)]), values([constant(10n ** 30n, type)], [constant(-1n, type)]));
    expect(await db.rows(plan)).toEqual([[5n], [10n ** 30n], [-1n]]);
  });

  test('LIMIT takes the first rows of many morsels and reads no more than it needs', async () => {
    const columns = [{ name: 'a', type: INT64 }];
    await db.createLarge('t', columns, 500_000, (first, length) => [
      vector(
        INT64,
        BigInt64Array.from({ length }, (_, i) => BigInt(first + i)),
      ),
    ]);
    const scan = db.scan('t');
    const odd = db.filter(scan, call('equal', call('modulo', ref(scan, 'a'), constant(2n)), constant(1n)));
    expect(await db.rows(db.limit(odd, 2, 100_000))).toEqual([[200_001n], [200_003n]]);
    expect(await db.rows(db.limit(odd, 0))).toEqual([]);
    expect(await db.rows(db.limit(odd, null, 249_999))).toEqual([[499_999n]]);
    expect(await db.rows(db.limit(odd, 5, 250_000))).toEqual([]);
    // the division fails in the last morsel only
    const failing = db.project(scan, call('divide', constant(1n), call('subtract', ref(scan, 'a'), constant(499_999n))));
    expect(await db.rows(db.limit(failing, 1))).toEqual([[0n]]);
    await expect(db.rows(db.limit(failing, 500_000))).rejects.toMatchObject({ code: '22012' });
  });

  test('a negative LIMIT or OFFSET has its own error', async () => {
    const plan = values([constant(1)]);
    await expect(db.rows(db.limit(plan, -1))).rejects.toMatchObject({ code: '2201W' });
    await expect(db.rows(db.limit(plan, 1, -1))).rejects.toMatchObject({ code: '2201X' });
  });

  test('a subquery as a value gives none or one row, or 21000', async () => {
    const single = (input: PhysicalPlan): PhysicalPlan => ({ kind: 'single_row', ...db.node(), input, columns: input.columns });
    expect(await db.rows(single(values([constant(1)])))).toEqual([[1]]);
    expect(await db.rows(single(db.filter(values([constant(1)]), constant(false))))).toEqual([]);
    await expect(db.rows(single(values([constant(1)], [constant(1)])))).rejects.toMatchObject({ code: '21000' });
  });

  test('an error names the text that caused it', async () => {
    await db.createTable('t', [{ name: 's', type: TEXT }], [['1'], ['x%y'], ['2']]);
    const scan = db.scan('t');
    const rejected = await db.rows(db.project(scan, castOf(ref(scan, 's'), FLOAT64))).catch((error: unknown) => error);
    expect(rejected).toMatchObject({ code: '22P02', message: expect.stringContaining('"x%y"') });
  });
});
