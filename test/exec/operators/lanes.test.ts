import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BoundExpression } from '../../../planner/expression.ts';
import { castOf } from '../../../planner/expression-build.ts';
import type { PhysicalPlan } from '../../../planner/physical/plan.ts';
import { DATE, decimal, FLOAT64, INT32, INT64 } from '../../../src/types/data-type.ts';
import { call, constant, Harness, ref } from '../harness.ts';
import { bag, Peer } from './peer.ts';
import { aggregate, aggregateCall } from './plans.ts';

const COLUMNS = [
  { name: 'i', type: INT32 },
  { name: 'l', type: INT64 },
  { name: 'huge', type: INT64 },
  { name: 'd', type: decimal(12, 2) },
  { name: 'e', type: decimal(9, 3) },
  { name: 'f', type: FLOAT64 },
  { name: 'x', type: FLOAT64 },
  { name: 'dt', type: DATE },
];

/** None is NULL: those are the columns that come in lanes. `x` has NaN and infinities if asked for. */
function rowsQuery(rows: number, special: boolean): string {
  const odd = special ? `case r % 500 when 7 then 'nan'::double when 8 then 'inf'::double else r / 3.0 end` : 'r / 3.0';
  return `select ((hash(r) % 2001)::bigint - 1000)::integer as i, (hash(r + 1) % 100000)::bigint * 30000 - 7 as l,
    (hash(r + 2) % 9000000000000000000)::bigint as huge, ((hash(r + 3) % 200000)::bigint / 100.0 - 500)::decimal(12, 2) as d,
    ((hash(r + 4) % 1000)::bigint / 1000.0)::decimal(9, 3) as e, (hash(r + 5) % 1000)::double / 8 - 20 as f, (${odd})::double as x,
    date '1992-01-01' + (hash(r + 6) % 2500)::integer as dt from range(${rows}) t(r)`;
}

const SIZES = [1, 2, 3, 4, 5, 63, 1000, 65_537, 140_003];

describe('sums and counts in lanes, against DuckDB', () => {
  const db = new Harness({ threads: 2 });
  let peer: Peer;
  beforeAll(async () => {
    peer = await Peer.open();
    for (const size of SIZES) await peer.createTable(db, `t${size}`, COLUMNS, rowsQuery(size, false));
    await peer.createTable(db, 'special', COLUMNS, rowsQuery(70_000, true));
  }, 120_000);
  afterAll(async () => {
    peer.close();
    await db.close();
  });

  async function check(
    table: string,
    query: string,
    filters: (scan: PhysicalPlan) => readonly BoundExpression[],
    aggregates: (scan: PhysicalPlan) => readonly (readonly [string, ...BoundExpression[]])[],
  ): Promise<void> {
    const scan = db.scan(table);
    const predicates = filters(scan);
    const input = predicates.length === 0 ? scan : db.filter(scan, ...predicates);
    const plan = aggregate(
      db,
      input,
      [],
      aggregates(scan).map(([name, ...arguments_]) => aggregateCall(db, name, arguments_)),
    );
    const { rows, result } = await db.run(plan, { analyze: true });
    expect(bag(rows)).toEqual(bag(await peer.rows(query)));
    if (predicates.length === 0) return;
    const [[passed] = []] = await peer.rows(
      `select count(*)::integer from (${query.replace(/select .* from/s, 'select 1 from')})`,
    );
    expect(result.statistics.nodes.get(input.node)?.rows).toBe(passed);
  }

  test.each(SIZES)('%i rows: arithmetic of every kind, under filters of every width', async (size) => {
    await check(
      `t${size}`,
      `select sum(i), avg(l), count(*), count(d), sum(i::bigint * l), sum(d), sum(d * e), sum(d - e), sum(f * x + f), avg(f - x)
        from t${size} where dt < date '1997-03-04' and l >= 100000 and f < 90.5 and d <> 17.25 and i >= -900`,
      (t) => [
        call('less', ref(t, 'dt'), constant(9924, DATE)),
        call('greater_equal', ref(t, 'l'), constant(100_000n)),
        call('less', ref(t, 'f'), constant(90.5)),
        call('not_equal', ref(t, 'd'), constant(1725n, decimal(12, 2))),
        call('greater_equal', ref(t, 'i'), constant(-900)),
      ],
      (t) => [
        ['sum', ref(t, 'i')],
        ['avg', ref(t, 'l')],
        ['count'],
        ['count', ref(t, 'd')],
        ['sum', call('multiply', castOf(ref(t, 'i'), INT64), ref(t, 'l'))],
        ['sum', ref(t, 'd')],
        ['sum', call('multiply', ref(t, 'd'), ref(t, 'e'))],
        ['sum', call('subtract', ref(t, 'd'), ref(t, 'e'))],
        ['sum', call('add', call('multiply', ref(t, 'f'), ref(t, 'x')), ref(t, 'f'))],
        ['avg', call('subtract', ref(t, 'f'), ref(t, 'x'))],
      ],
    );
  });

  test.each(SIZES)('%i rows: all of them', async (size) => {
    await check(
      `t${size}`,
      `select count(*), sum(i) from t${size}`,
      () => [],
      (t) => [['count'], ['sum', ref(t, 'i')]],
    );
    await check(
      `t${size}`,
      `select count(*) from t${size}`,
      () => [],
      () => [['count']],
    );
  });

  test('no row that passes', async () => {
    await check(
      't1000',
      'select count(*), sum(i), avg(f) from t1000 where i > 1000000',
      (t) => [call('greater', ref(t, 'i'), constant(1_000_000))],
      (t) => [['count'], ['sum', ref(t, 'i')], ['avg', ref(t, 'f')]],
    );
  });

  test('what does not fit 64 bits', async () => {
    await check(
      't1000',
      'select sum(huge), sum(l), count(*) from t1000 where i < 500',
      (t) => [call('less', ref(t, 'i'), constant(500))],
      (t) => [['sum', ref(t, 'huge')], ['sum', ref(t, 'l')], ['count']],
    );
  });

  test('NaN and infinities count where their rows do', async () => {
    for (const bound of [6.5, 7.5, 8.5]) {
      await check(
        'special',
        `select sum(x), count(*) from special where x < ${bound} and f < 1000`,
        (t) => [call('less', ref(t, 'x'), constant(bound)), call('less', ref(t, 'f'), constant(1000.5))],
        (t) => [['sum', ref(t, 'x')], ['count']],
      );
    }
    await check(
      'special',
      `select sum(x) from special where f < 1000`,
      (t) => [call('less', ref(t, 'f'), constant(1000.5))],
      (t) => [['sum', ref(t, 'x')]],
    );
  });

  test('a product that underflows is an error only in a row that counts (PostgreSQL, float.h)', async () => {
    const rows = [
      [1, 1e-200, 1e-200],
      [2, 0, 1e-200],
      [3, 0.25, 0.5],
    ] as const;
    await db.createTable(
      'tiny',
      [
        { name: 'i', type: INT32 },
        { name: 'a', type: FLOAT64 },
        { name: 'b', type: FLOAT64 },
      ],
      rows,
    );
    const scan = db.scan('tiny');
    const sumWhere = (least: number) =>
      db.rows(
        aggregate(
          db,
          db.filter(scan, call('greater_equal', ref(scan, 'i'), constant(least))),
          [],
          [aggregateCall(db, 'sum', [call('multiply', ref(scan, 'a'), ref(scan, 'b'))])],
        ),
      );
    expect(await sumWhere(2)).toEqual([[0.125]]);
    await expect(sumWhere(1)).rejects.toMatchObject({ code: '22003', message: 'value out of range: underflow' });
  });
});
