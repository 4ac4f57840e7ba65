import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { INT32, INT64, TEXT } from '../../../src/types/data-type.ts';
import { call, Harness, parameter, ref } from '../harness.ts';
import { COLUMNS, KEY_NAMES, randomRows } from './data.ts';
import { Peer, rowKey } from './peer.ts';
import { aggregate, aggregateCall, sort, sortKeys, topN, unionAll } from './plans.ts';

/** More rows than run in place: several runs are sorted and merged. */
const ROWS = 75_000;

const ORDERS = ['asc last', 'asc first', 'desc last', 'desc first'];

describe('sort and top-N, against DuckDB', () => {
  const db = new Harness({ threads: 2 });
  let peer: Peer;
  beforeAll(async () => {
    peer = await Peer.open();
    await peer.createTable(db, 'small', COLUMNS, randomRows(500, 40, 1));
    await peer.createTable(db, 'large', COLUMNS, randomRows(ROWS, 3000, 2));
    await peer.createTable(db, 'nothing', COLUMNS, `select * from large where false`);
  }, 120_000);
  afterAll(async () => {
    peer.close();
    await db.close();
  });

  /** ORDER BY of keys as `sortKeys` has them; `id` last, because our sorts are stable over a table's rows. */
  function orderBy(keys: readonly string[]): string {
    const terms = keys.map((key) => {
      const nulls = key.endsWith('first') || (key.endsWith('desc') && !key.endsWith('last')) ? 'first' : 'last';
      return `${key.replace(/ (first|last)$/, '')} nulls ${nulls}`;
    });
    return [...terms, 'id'].join();
  }

  test.each(KEY_NAMES.flatMap((name) => ORDERS.map((order) => [name, order] as const)))('by %s %s', async (name, order) => {
    const keys = [`${name} ${order}`];
    for (const table of order === 'desc last' ? ['small', 'large'] : ['small']) {
      const scan = db.scan(table);
      const shown = (rows: Parameters<typeof rowKey>[0][]) => rows.map(rowKey);
      const expected = await peer.rows(`select id, ${name} from ${table} order by ${orderBy(keys)}`);
      const sorted = sort(db, scan, sortKeys(scan, ...keys));
      expect(shown(await db.rows(db.project(sorted, ref(scan, 'id'), ref(scan, name))))).toEqual(shown(expected));
      const top = topN(db, scan, sortKeys(scan, ...keys), 23, 5);
      expect(shown(await db.rows(db.project(top, ref(scan, 'id'), ref(scan, name))))).toEqual(shown(expected.slice(5, 28)));
    }
  });

  test.each([[['s desc last', 'i asc first']], [['b', 's', 'd desc']], [['f desc', 'w', 'u']], [['dt', 'ts desc', 'iv']]])(
    'by several keys: %j',
    async (keys) => {
      const scan = db.scan('large');
      const expected = await peer.rows(`select id from large order by ${orderBy(keys)}`);
      const sorted = sort(db, scan, sortKeys(scan, ...keys));
      expect(await db.rows(db.project(sorted, ref(scan, 'id')))).toEqual(expected);
      const top = topN(db, scan, sortKeys(scan, ...keys), 1000);
      expect(await db.rows(db.project(top, ref(scan, 'id')))).toEqual(expected.slice(0, 1000));
    },
  );

  test('by an expression', async () => {
    const scan = db.scan('large');
    const keys = [{ expression: call('multiply', ref(scan, 'i'), ref(scan, 'i')), descending: true, nulls: 'last' } as const];
    const expected = await peer.rows('select id from large order by i * i desc nulls last, id');
    expect(await db.rows(db.project(sort(db, scan, keys), ref(scan, 'id')))).toEqual(expected);
    expect(await db.rows(db.project(topN(db, scan, keys, 7), ref(scan, 'id')))).toEqual(expected.slice(0, 7));
  });

  test('a sort of sorted rows keeps their order among equals', async () => {
    const scan = db.scan('large');
    const inner = sort(db, scan, sortKeys(scan, 'u', 'id desc'));
    const outer = sort(db, inner, sortKeys(scan, 's'));
    const expected = await peer.rows('select id from large order by s nulls last, u nulls last, id desc');
    expect(await db.rows(db.project(outer, ref(scan, 'id')))).toEqual(expected);
  });

  test('of groups, and of a union', async () => {
    const scan = db.scan('large');
    const groups = aggregate(db, scan, [ref(scan, 'u')], [aggregateCall(db, 'count', [])]);
    const top = topN(db, groups, sortKeys(groups, 'count desc', 'k0'), 10);
    const expected = await peer.rows('select u, count(*) from large group by u order by 2 desc, 1 nulls last limit 10');
    expect(await db.rows(top)).toEqual(expected);
    const union = unionAll(db, db.scan('small', ['s', 'id']), db.scan('large', ['u', 'id']));
    const both = 'select s, id from (select s, id from small union all select u, id from large) order by s nulls last, id';
    expect(await db.rows(sort(db, union, sortKeys(union, 's', 'id')))).toEqual(await peer.rows(both));
  });

  test.each(['t', 't desc', 'k last'])('texts with long common beginnings and many equal ones, by %s', async (order) => {
    const columns = [
      { name: 'id', type: INT32 },
      { name: 't', type: TEXT },
      { name: 'k', type: TEXT },
    ];
    const name = `long_${order.replace(/\W/g, '')}`;
    await peer.createTable(
      db,
      name,
      columns,
      `select r::integer as id,
        'https://example.com/a/path/' || (hash(r) % 68000) || repeat('x', (hash(r + 1) % 9)::integer) || chr((hash(r) % 3)::integer) as t,
        case when hash(r + 2) % 50 = 0 then null when hash(r + 2) % 3 = 0 then 'k' || repeat('0', (hash(r) % 4000)::integer % 30) || r
          else 'k' || repeat('0', 20) || 'same' end as k
        from range(70000) t(r)`,
    );
    const scan = db.scan(name);
    const expected = await peer.rows(`select id from ${name} order by ${orderBy([order])}`);
    expect(await db.rows(db.project(sort(db, scan, sortKeys(scan, order)), ref(scan, 'id')))).toEqual(expected);
  });

  test('counts from parameters, counts past the end, of nothing, and too many for a heap', async () => {
    const scan = db.scan('large', ['id', 'u']);
    const expected = await peer.rows('select id, u from large order by u nulls last, id');
    const keys = sortKeys(scan, 'u', 'id');
    const given = { ...topN(db, scan, keys, 1), count: parameter(1, INT64), offset: parameter(2, INT64) };
    const parameters = (count: bigint | null, offset: bigint | null) => ({
      parameters: [count, offset].map((value) => ({ type: INT64, value })),
    });
    expect(await db.rows(given, parameters(3n, 40n))).toEqual(expected.slice(40, 43));
    expect(await db.rows(given, parameters(null, 74_990n))).toEqual(expected.slice(74_990));
    expect(await db.rows(given, parameters(0n, 0n))).toEqual([]);
    expect(await db.rows(topN(db, scan, keys, 20_000, 100))).toEqual(expected.slice(100, 20_100));
    expect(await db.rows(topN(db, scan, keys, 200, 74_900))).toEqual(expected.slice(74_900));
    const nothing = db.scan('nothing', ['id', 'u']);
    expect(await db.rows(topN(db, nothing, sortKeys(nothing, 'u'), 5))).toEqual([]);
    expect(await db.rows(sort(db, nothing, sortKeys(nothing, 'u')))).toEqual([]);
  });
});
