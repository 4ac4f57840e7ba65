import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BoundExpression, BoundFrame, BoundFrameBound } from '../../../planner/expression.ts';
import { decimal, INTERVAL } from '../../../src/types/data-type.ts';
import { call, constant, Harness, ref } from '../harness.ts';
import { COLUMNS, randomRows } from './data.ts';
import { bag, Peer } from './peer.ts';
import { sortKeys, windowAggregate, windowed, windowFunction } from './plans.ts';

const AGGREGATES = ['count(*)', 'count(l)', 'sum(i)', 'min(u)', 'max(ts)', 'sum(d) filter (where b)'];

/** Frame bounds in SQL, and as the plan has them. */
function frame(unit: BoundFrame['unit'], start: string, end: string, offset: (text: string) => BoundExpression): BoundFrame {
  const bound = (text: string): BoundFrameBound => {
    const [, distance, side] = /^(.*) (preceding|following)$/.exec(text) ?? [];
    if (distance === undefined) return { type: 'current_row' };
    const type = side === 'preceding' ? 'preceding' : 'following';
    return distance === 'unbounded' ? { type: `unbounded_${type}` } : { type, offset: offset(distance) };
  };
  return { unit, start: bound(start), end: bound(end) };
}

const BOUNDS = [
  ['unbounded preceding', 'current row'],
  ['unbounded preceding', 'unbounded following'],
  ['current row', 'unbounded following'],
  ['2 preceding', '1 following'],
  ['3 preceding', '2 preceding'],
  ['1 following', '3 following'],
  ['unbounded preceding', '1 preceding'],
] as const;

describe('windows, against DuckDB', () => {
  const db = new Harness({ threads: 2 });
  let peer: Peer;
  beforeAll(async () => {
    peer = await Peer.open();
    await peer.createTable(db, 'small', COLUMNS, randomRows(600, 40, 1));
    await peer.createTable(db, 'large', COLUMNS, randomRows(70_000, 3000, 2));
    await peer.createTable(db, 'nothing', COLUMNS, `select * from large where false`);
  }, 120_000);
  afterAll(async () => {
    peer.close();
    await db.close();
  });

  function plan(table: string, partition: readonly string[], order: readonly string[], clause: BoundFrame) {
    const scan = db.scan(table);
    const column = (name: string) => ref(scan, name);
    const calls = [
      windowAggregate(db, 'count', [], clause),
      windowAggregate(db, 'count', [column('l')], clause),
      windowAggregate(db, 'sum', [column('i')], clause),
      windowAggregate(db, 'min', [column('u')], clause),
      windowAggregate(db, 'max', [column('ts')], clause),
      windowAggregate(db, 'sum', [column('d')], clause, column('b')),
    ];
    const window = windowed(db, scan, partition.map(column), sortKeys(scan, ...order), calls);
    return db.project(
      window,
      column('id'),
      ...calls.map(({ output }) => ({ ...ref(window, output.name), id: output.id, type: output.type })),
    );
  }

  function query(table: string, partition: readonly string[], order: readonly string[], clause: string): string {
    const terms = order.map((key) => `${key.replace(/ (first|last)$/, '')} nulls ${key.endsWith('first') ? 'first' : 'last'}`);
    const by = [
      partition.length > 0 ? `partition by ${partition.join()}` : '',
      terms.length > 0 ? `order by ${terms.join()}` : '',
      clause,
    ];
    const calls = AGGREGATES.map((each) => `${each} over w`);
    return `select id, ${calls.join()} from ${table} window w as (${by.join(' ')})`;
  }

  const integer = (text: string): BoundExpression => constant(BigInt(text));

  test.each(
    (['rows', 'groups', 'range'] as const).flatMap((unit) =>
      BOUNDS.filter(([start, end]) => unit !== 'range' || !/\d/.test(start + end)).map((bounds) => [unit, ...bounds] as const),
    ),
  )('%s between %s and %s', async (unit, start, end) => {
    const clause = frame(unit, start, end, integer);
    const order = unit === 'rows' ? ['s desc last', 'id'] : ['s desc last', 'dt first'];
    const expected = await peer.rows(query('small', ['b'], order, `${unit} between ${start} and ${end}`));
    expect(bag(await db.rows(plan('small', ['b'], order, clause)))).toEqual(bag(expected));
  });

  test.each([
    ['large', ['s', 'b'], ['id']],
    ['large', ['u'], ['i last', 'id']],
    ['large', ['f'], ['w last']],
    ['large', [], ['iv last', 'id']],
    ['nothing', ['s'], ['id']],
  ])('over %s partitioned by %j, ordered by %j', async (table, partition, order) => {
    const clause = frame('groups', 'unbounded preceding', 'current row', integer);
    const expected = await peer.rows(query(table, partition, order, 'groups between unbounded preceding and current row'));
    expect(bag(await db.rows(plan(table, partition, order, clause)))).toEqual(bag(expected));
  });

  test.each([
    ['current row', 'unbounded following'],
    ['1000 preceding', '70 following'],
    ['40 preceding', 'unbounded following'],
    ['300 preceding', '20 preceding'],
  ])('long frames whose start moves: rows between %s and %s', async (start, end) => {
    const clause = frame('rows', start, end, integer);
    for (const partition of [[], ['b']]) {
      const expected = await peer.rows(query('large', partition, ['s last', 'id'], `rows between ${start} and ${end}`));
      expect(bag(await db.rows(plan('large', partition, ['s last', 'id'], clause)))).toEqual(bag(expected));
    }
  });

  test.each([
    ['i last', (text: string) => constant(Number(text))],
    ['i desc first', (text: string) => constant(Number(text))],
    ['l last', integer],
    ['f last', (text: string) => constant(Number(text) + 0.25)],
    ['d desc last', (text: string) => constant(BigInt(text) * 100n, decimal(12, 2))],
  ])('range with offsets over %s', async (order, offset) => {
    const fraction = order.startsWith('f') ? '.25' : '';
    for (const [start, end] of [
      ['2', '1'],
      ['5', '0'],
    ] as const) {
      const clause = frame('range', `${start} preceding`, `${end} following`, offset);
      const text = `range between ${start}${fraction} preceding and ${end}${fraction} following`;
      const expected = await peer.rows(query('small', ['s'], [order], text));
      expect(bag(await db.rows(plan('small', ['s'], [order], clause)))).toEqual(bag(expected));
    }
  });

  test.each([
    ['ts', 'interval 2 hours', { months: 0, days: 0, nanoseconds: 7_200_000_000_000n }],
    ['ts desc', 'interval 1 day', { months: 0, days: 1, nanoseconds: 0n }],
    ['ts', 'interval 1 month', { months: 1, days: 0, nanoseconds: 0n }],
    ['dt', 'interval 10 days', { months: 0, days: 10, nanoseconds: 0n }],
    ['dt desc', 'interval 1 month', { months: 1, days: 0, nanoseconds: 0n }],
  ])('range over %s with %s', async (key, text, value) => {
    const order = [`${key} last`];
    const clause = frame('range', 'x preceding', 'x following', () => constant(value, INTERVAL));
    const expected = await peer.rows(query('small', ['b'], order, `range between ${text} preceding and ${text} following`));
    expect(bag(await db.rows(plan('small', ['b'], order, clause)))).toEqual(bag(expected));
  });

  test.each(['small', 'large'])('window functions over %s', async (table) => {
    const scan = db.scan(table);
    const column = (name: string) => ref(scan, name);
    const clause = frame('rows', '2 preceding', '1 following', integer);
    const two = constant(2);
    const calls = [
      windowFunction(db, 'row_number', []),
      windowFunction(db, 'rank', []),
      windowFunction(db, 'dense_rank', []),
      windowFunction(db, 'percent_rank', []),
      windowFunction(db, 'cume_dist', []),
      windowFunction(db, 'ntile', [two]),
      windowFunction(db, 'lag', [column('u')]),
      windowFunction(db, 'lead', [column('w'), two]),
      windowFunction(db, 'first_value', [column('s')], clause),
      windowFunction(db, 'last_value', [column('f')], clause),
      windowFunction(db, 'nth_value', [column('iv'), two], clause),
      windowFunction(db, 'lag', [call('add', column('i'), column('i')), two]),
    ];
    const window = windowed(db, scan, [column('b')], sortKeys(scan, 'dt', 'id'), calls);
    const outputs = calls.map(({ output }) => ({ ...ref(window, output.name), id: output.id, type: output.type }));
    const named = 'w as (partition by b order by dt nulls last, id)';
    const framed = 'v as (partition by b order by dt nulls last, id rows between 2 preceding and 1 following)';
    const expected = await peer.rows(`select id, row_number() over w, rank() over w, dense_rank() over w, percent_rank() over w,
      cume_dist() over w, ntile(2) over w, lag(u) over w, lead(w, 2) over w, first_value(s) over v, last_value(f) over v,
      nth_value(iv, 2) over v, lag(i + i, 2) over w from ${table} window ${named}, ${framed}`);
    expect(bag(await db.rows(db.project(window, column('id'), ...outputs)))).toEqual(bag(expected));
  });

  test('ranks of peers', async () => {
    const scan = db.scan('small');
    const calls = ['rank', 'dense_rank', 'percent_rank', 'cume_dist'].map((name) => windowFunction(db, name, []));
    const window = windowed(db, scan, [ref(scan, 'b')], sortKeys(scan, 's desc last'), calls);
    const plan = db.project(window, ref(scan, 'id'), ...calls.map(({ output }) => ref(window, output.name)));
    const expected = await peer.rows(`select id, rank() over w, dense_rank() over w, percent_rank() over w, cume_dist() over w
      from small window w as (partition by b order by s desc nulls last)`);
    expect(bag(await db.rows(plan))).toEqual(bag(expected));
  });

  test('offsets that are no distance are errors (SQLSTATEs of PostgreSQL 16)', async () => {
    const rows = (unit: BoundFrame['unit'], order: string, offset: BoundExpression) =>
      db.rows(
        plan(
          'small',
          [],
          [order],
          frame(unit, 'x preceding', 'current row', () => offset),
        ),
      );
    await expect(rows('rows', 'id', constant(-1n))).rejects.toMatchObject({ code: '22013' });
    await expect(rows('range', 'i', constant(-1))).rejects.toMatchObject({ code: '22013' });
    await expect(rows('range', 's', constant(1))).rejects.toMatchObject({ code: '0A000' });
    await expect(rows('range', 'ts', constant(1))).rejects.toMatchObject({ code: '0A000' });
  });

  test('window calls and their input may be computed', async () => {
    const scan = db.scan('small');
    const doubled = call('add', ref(scan, 'i'), ref(scan, 'i'));
    const clause = frame('rows', 'unbounded preceding', 'current row', integer);
    const sum = windowAggregate(db, 'sum', [doubled], clause);
    const window = windowed(db, scan, [doubled], sortKeys(scan, 'id'), [sum]);
    const expected = await peer.rows('select id, sum(i + i) over (partition by i + i order by id) from small');
    expect(bag(await db.rows(db.project(window, ref(scan, 'id'), ref(window, 'sum'))))).toEqual(bag(expected));
  });
});
