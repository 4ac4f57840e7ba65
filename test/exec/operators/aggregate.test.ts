import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { call, constant, Harness, ref } from '../harness.ts';
import { COLUMNS, KEY_NAMES, randomRows } from './data.ts';
import { bag, Peer } from './peer.ts';
import { aggregate, aggregateCall, unionAll } from './plans.ts';

/** More rows than run in place, so that both threads take part and their groups are merged. */
const ROWS = 140_000;

describe('aggregation, against DuckDB', () => {
  const db = new Harness({ threads: 2 });
  let peer: Peer;
  beforeAll(async () => {
    peer = await Peer.open();
    await peer.createTable(db, 'small', COLUMNS, randomRows(3000, 20, 1));
    await peer.createTable(db, 'large', COLUMNS, randomRows(ROWS, 5000, 2));
    await peer.createTable(db, 'nothing', COLUMNS, `select * from large where false`);
  }, 120_000);
  afterAll(async () => {
    peer.close();
    await db.close();
  });

  const AGGREGATES = [
    'count(*)',
    'count(f)',
    'sum(i)',
    'sum(l)',
    'sum(d)',
    'avg(d)',
    'min(u)',
    'max(u)',
    'min(ts)',
    'max(w)',
    'min(iv)',
    'max(b::int)::boolean',
    'sum(i) filter (where b)',
    'count(*) filter (where l > 0)',
  ];

  function calls(scan: ReturnType<Harness['scan']>) {
    const column = (name: string) => ref(scan, name);
    return [
      aggregateCall(db, 'count', []),
      aggregateCall(db, 'count', [column('f')]),
      aggregateCall(db, 'sum', [column('i')]),
      aggregateCall(db, 'sum', [column('l')]),
      aggregateCall(db, 'sum', [column('d')]),
      aggregateCall(db, 'avg', [column('d')]),
      aggregateCall(db, 'min', [column('u')]),
      aggregateCall(db, 'max', [column('u')]),
      aggregateCall(db, 'min', [column('ts')]),
      aggregateCall(db, 'max', [column('w')]),
      aggregateCall(db, 'min', [column('iv')]),
      aggregateCall(db, 'max', [column('b')]),
      aggregateCall(db, 'sum', [column('i')], column('b')),
      aggregateCall(db, 'count', [], call('greater', column('l'), constant(0n))),
    ];
  }

  test.each(['small', 'large', 'nothing'])('without keys over %s', async (table) => {
    const scan = db.scan(table);
    const expected = await peer.rows(`select ${AGGREGATES.join()} from ${table}`);
    expect(bag(await db.rows(aggregate(db, scan, [], calls(scan))))).toEqual(bag(expected));
  });

  test.each(KEY_NAMES.flatMap((name) => ['small', 'large', 'nothing'].map((table) => [name, table] as const)))(
    'by %s over %s',
    async (name, table) => {
      const scan = db.scan(table);
      const expected = await peer.rows(`select ${[name, ...AGGREGATES].join()} from ${table} group by ${name}`);
      expect(bag(await db.rows(aggregate(db, scan, [ref(scan, name)], calls(scan))))).toEqual(bag(expected));
    },
  );

  test.each([[['s', 'b']], [['s', 'i', 'dt']], [['u', 's']], [['f', 'w', 'iv']], [['b', 'l', 'ts', 'd']]])(
    'by several keys: %j',
    async (keys) => {
      const scan = db.scan('large');
      const expected = await peer.rows(`select ${[...keys, ...AGGREGATES].join()} from large group by ${keys.join()}`);
      const plan = aggregate(
        db,
        scan,
        keys.map((name) => ref(scan, name)),
        calls(scan),
      );
      expect(bag(await db.rows(plan))).toEqual(bag(expected));
    },
  );

  test('groups without aggregates are the distinct keys, also of a union whose inputs come in different forms', async () => {
    const [first, second] = [db.scan('small', ['s', 'i']), db.scan('large', ['u', 'i'])];
    const union = unionAll(db, first, second);
    const plan = aggregate(db, union, [ref(union, 's'), ref(union, 'i')], [aggregateCall(db, 'count', [])]);
    const expected = await peer.rows(
      'select s, i, count(*) from (select s, i from small union all select u, i from large) group by s, i',
    );
    expect(bag(await db.rows(plan))).toEqual(bag(expected));
  });

  test('aggregates of aggregates', async () => {
    const scan = db.scan('large', ['u', 'i']);
    const inner = aggregate(
      db,
      scan,
      [ref(scan, 'u')],
      [aggregateCall(db, 'count', []), aggregateCall(db, 'min', [ref(scan, 'i')])],
    );
    const outer = aggregate(db, inner, [ref(inner, 'min')], [aggregateCall(db, 'sum', [ref(inner, 'count')])]);
    const expected = await peer.rows(
      'select m, sum(c) from (select u, count(*) as c, min(i) as m from large group by u) group by m',
    );
    expect(bag(await db.rows(outer))).toEqual(bag(expected));
  });

  test('groups whose rows follow each other, NULLs among their keys, and those that come again', async () => {
    const columns = COLUMNS.filter(({ name }) => ['id', 'l', 'f', 'u', 'b'].includes(name));
    await peer.createTable(
      db,
      'runs',
      columns,
      `select r::integer as id, case when r // 5 % 7 = 0 then null else (r // 5) * 4000000007 end as l,
        case r // 3 % 11 when 0 then null when 1 then 'nan'::double when 2 then '-0'::double when 3 then 0 else r // 30 / 8.0 end as f,
        case when r // 4 % 9 = 0 then null else 'text number ' || (r // 4 % 20000) end as u, r // 2 % 2 = 0 as b
        from range(${ROWS}) t(r)`,
    );
    for (const names of [['l'], ['f'], ['u'], ['f', 'u'], ['b', 'l', 'u', 'f']]) {
      const scan = db.scan('runs');
      const sums = [aggregateCall(db, 'count', []), aggregateCall(db, 'sum', [ref(scan, 'id')])];
      const groups = aggregate(
        db,
        scan,
        names.map((name) => ref(scan, name)),
        sums,
      );
      const expected = await peer.rows(`select ${names.join()}, count(*), sum(id)::bigint from runs group by ${names.join()}`);
      expect(bag(await db.rows(groups))).toEqual(bag(expected));
    }
  });

  test('without rows and keys: one row; with keys: none', async () => {
    const scan = db.scan('nothing', ['i']);
    const sums = [aggregateCall(db, 'count', []), aggregateCall(db, 'sum', [ref(scan, 'i')])];
    expect(await db.rows(aggregate(db, scan, [], sums))).toEqual([[0n, null]]);
    expect(await db.rows(aggregate(db, scan, [ref(scan, 'i')], sums))).toEqual([]);
  });
});
