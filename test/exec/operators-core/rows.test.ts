import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  BOOLEAN,
  DATE,
  type DataType,
  decimal,
  FLOAT64,
  INT32,
  INT64,
  INTERVAL,
  TEXT,
  TIMESTAMP,
} from '../../../src/types/data-type.ts';
import { call, Harness, type JsRow, ref } from '../harness.ts';

/** What goes in must come out: the input rows themselves are the reference. */
const COLUMNS: readonly { readonly name: string; readonly type: DataType }[] = [
  { name: 'b', type: BOOLEAN },
  { name: 'i', type: INT32 },
  { name: 'l', type: INT64 },
  { name: 'f', type: FLOAT64 },
  { name: 'd', type: decimal(12, 3) },
  { name: 'w', type: decimal(38, 2) },
  { name: 's', type: TEXT },
  { name: 't', type: DATE },
  { name: 'ts', type: TIMESTAMP },
  { name: 'iv', type: INTERVAL },
];

const int64 = fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n });
const row = fc.tuple(
  fc.option(fc.boolean()),
  fc.option(fc.integer()),
  fc.option(int64),
  fc.option(fc.double({ noNaN: true })),
  fc.option(fc.bigInt({ min: -999_999_999_999n, max: 999_999_999_999n })),
  fc.option(fc.oneof(fc.bigInt({ min: -(10n ** 38n) + 1n, max: 10n ** 38n - 1n }), fc.bigInt({ min: -5n, max: 5n }))),
  fc.option(fc.oneof(fc.constantFrom('', 'a', 'ß', '日本', '😀'), fc.string({ unit: 'grapheme', maxLength: 40 }))),
  fc.option(fc.integer({ min: -100_000, max: 100_000 })),
  fc.option(int64),
  fc.option(fc.record({ months: fc.integer(), days: fc.integer(), nanoseconds: int64 })),
);

describe('rows through memory', () => {
  let db: Harness;
  let tables = 0;
  beforeAll(() => {
    db = new Harness();
  });
  afterAll(() => db.close());

  async function tableOf(rows: readonly JsRow[]): Promise<string> {
    const name = `t${tables++}`;
    await db.createTable(name, COLUMNS, rows);
    return name;
  }

  test('values of every type, with NULLs, come back from records and from columns', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 90 }), async (rows) => {
        const scan = db.scan(await tableOf(rows));
        expect(await db.rows(scan)).toEqual(rows);
        const all = COLUMNS.map(({ name }) => ref(scan, name));
        expect(await db.rows(db.project(scan, ...all.toReversed()))).toEqual(rows.map((each) => each.toReversed()));
        expect(await db.rows(db.limit(scan, 50, 10))).toEqual(rows.slice(10, 60));
      }),
      { numRuns: 60 },
    );
  });

  test('records of many pages keep their order and their texts', async () => {
    const rows = Array.from({ length: 30_000 }, (_, i): JsRow => {
      const text = i % 11 === 0 ? null : `${'x'.repeat(i % 60)}${i}`;
      return [i % 3 === 0, i, BigInt(i) << 20n, i / 4, BigInt(i), BigInt(i) << 70n, text, i, BigInt(i), null];
    });
    const scan = db.scan(await tableOf(rows));
    const filter = db.filter(scan, call('greater', ref(scan, 'l'), ref(scan, 'l')));
    expect(await db.rows(filter)).toEqual([]);
    const limit = db.limit(scan, 29_000, 999);
    expect(await db.rows(limit)).toEqual(rows.slice(999, 29_999));
    const again = db.limit(db.project(limit, ref(limit, 's'), ref(limit, 'w')), 25_000, 1);
    expect(await db.rows(again)).toEqual(rows.slice(1000, 26_000).map((each) => [each[6], each[5]]));
  });
});
