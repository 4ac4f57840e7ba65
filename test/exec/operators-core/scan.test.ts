import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { BoundExpression } from '../../../planner/expression.ts';
import { FLOAT64, INT32, INT64, TEXT } from '../../../src/types/data-type.ts';
import { call, constant, Harness, type JsRow, ref } from '../harness.ts';

describe('scan, filter, project', () => {
  let db: Harness;
  beforeEach(() => {
    db = new Harness();
  });
  afterEach(() => db.close());

  test('a filter and a projection over a few rows', async () => {
    const rows: JsRow[] = [
      [1, 10n, 'a'],
      [2, null, 'b'],
      [null, 30n, null],
      [4, 40n, 'a'],
    ];
    await db.createTable(
      't',
      [
        { name: 'a', type: INT32 },
        { name: 'b', type: INT64 },
        { name: 's', type: TEXT },
      ],
      rows,
    );
    const scan = db.scan('t');
    expect(await db.rows(scan)).toEqual(rows);
    const filtered = db.filter(scan, call('greater', ref(scan, 'b'), constant(10n)));
    expect(await db.rows(filtered)).toEqual([rows[2], rows[3]]);
    const projected = db.project(filtered, call('add', ref(scan, 'b'), constant(1n)), ref(scan, 's'));
    expect(await db.rows(projected)).toEqual([
      [31n, null],
      [41n, 'a'],
    ]);
  });

  test('float64 arithmetic raises where PostgreSQL does, also where zone maps prove part of it safe', async () => {
    const columns = [
      { name: 'small', type: FLOAT64 },
      { name: 'large', type: FLOAT64 },
      { name: 'odd', type: FLOAT64 },
    ];
    await db.createTable('t', columns, [
      [1e-200, 1e200, 1],
      [2, -1e200, Number.POSITIVE_INFINITY],
      [0, 1e107, Number.NaN],
    ]);
    const scan = db.scan('t');
    const [small, large, odd] = [ref(scan, 'small'), ref(scan, 'large'), ref(scan, 'odd')];
    expect(
      await db.rows(db.project(scan, call('add', large, large), call('multiply', small, large), call('multiply', odd, large))),
    ).toEqual([
      [2e200, 1, 1e200],
      [-2e200, -2e200, Number.NEGATIVE_INFINITY],
      [2e107, 0, Number.NaN],
    ]);
    const raises = (name: string, a: BoundExpression, b: BoundExpression): Promise<unknown> =>
      expect(db.rows(db.project(scan, call(name, a, b)))).rejects.toMatchObject({ code: '22003' });
    await raises('multiply', large, large);
    await raises('multiply', small, small);
    await raises('subtract', constant(-Number.MAX_VALUE, FLOAT64), call('multiply', large, constant(1e100, FLOAT64)));
  });
});
