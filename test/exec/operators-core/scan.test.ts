import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { INT32, INT64, TEXT } from '../../../src/types/data-type.ts';
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
});
