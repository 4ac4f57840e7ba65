import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { castOf } from '../../../planner/expression-build.ts';
import type { HashJoin, PhysicalPlan } from '../../../planner/physical/plan.ts';
import { INT64 } from '../../../src/types/data-type.ts';
import { call, constant, Harness, ref } from '../harness.ts';
import { COLUMNS, randomRows } from './data.ts';
import { bag, Peer } from './peer.ts';
import { aggregate, aggregateCall, hashJoin } from './plans.ts';

/** The side's rows as the planner would estimate them. */
function estimated<Plan extends PhysicalPlan>(plan: Plan, rows: number): Plan {
  return { ...plan, estimate: { rows, cost: 0 } };
}

/** A join of which the planner says that few rows of its probe side find a match: these are tested first. */
function selective(join: HashJoin): HashJoin {
  return { ...estimated(join, 10), probe: estimated(join.probe, 1_000_000) };
}

describe('rows tested by keys before they are searched for, against DuckDB', () => {
  const db = new Harness({ threads: 2 });
  let peer: Peer;
  beforeAll(async () => {
    peer = await Peer.open();
    await peer.createTable(db, 'few', COLUMNS, randomRows(500, 900, 4));
    await peer.createTable(db, 'shifted', COLUMNS, `select * replace (i + 1000000 as i, l - 5000000000 as l) from few`);
    await peer.createTable(db, 'large', COLUMNS, randomRows(140_001, 4000, 5));
  }, 120_000);
  afterAll(async () => {
    peer.close();
    await db.close();
  });

  async function check(join: PhysicalPlan, probe: PhysicalPlan, query: string): Promise<void> {
    const plan = aggregate(
      db,
      join,
      [ref(probe, 's')],
      [aggregateCall(db, 'count', []), aggregateCall(db, 'sum', [ref(probe, 'id')])],
    );
    expect(bag(await db.rows(plan))).toEqual(bag(await peer.rows(`select s, count(*), sum(id) from (${query}) group by s`)));
  }

  describe.each(['inner', 'semi'] as const)('%s', (type) => {
    const query = (table: string, on: string, where = 'true'): string =>
      type === 'inner'
        ? `select a.s, a.id from large a join ${table} b on ${on} where ${where}`
        : `select a.s, a.id from large a where exists (select 1 from ${table} b where ${on}) and ${where}`;

    test.each(['few', 'shifted'].flatMap((table) => ['i', 'l', 'd', 'dt', 'ts', 'u'].map((key) => [table, key] as const)))(
      '%s on %s',
      async (table, key) => {
        const [left, right] = [db.scan('large'), db.scan(table)];
        const join = selective(hashJoin(db, type, left, right, [[ref(left, key), ref(right, key)]]));
        await check(join, left, query(table, `a.${key} = b.${key}`));
      },
    );

    test('an int32 column as int64', async () => {
      const [left, right] = [db.scan('large'), db.scan('few')];
      const join = selective(hashJoin(db, type, left, right, [[castOf(ref(left, 'i'), INT64), castOf(ref(right, 'id'), INT64)]]));
      await check(join, left, query('few', 'a.i = b.id'));
    });

    test('behind filters that lanes take, that look at one row, and that may fail', async () => {
      const [left, right] = [db.scan('large'), db.scan('few')];
      const filter = db.filter(
        left,
        call('less', ref(left, 'id'), constant(100_000)),
        call('equal', ref(left, 's'), constant('elm')),
        call('less', call('divide', constant(100), call('add', ref(left, 'id'), constant(1))), constant(50)),
      );
      const join = selective(hashJoin(db, type, filter, right, [[ref(left, 'i'), ref(right, 'i')]]));
      await check(join, left, query('few', 'a.i = b.i', `a.id < 100000 and a.s = 'elm' and 100 // (a.id + 1) < 50`));
    });

    test('by the keys of a later join too', async () => {
      const [left, right, other] = [db.scan('large'), db.scan('few'), db.scan('shifted')];
      const first = selective(hashJoin(db, type, left, right, [[ref(left, 'i'), ref(right, 'i')]]));
      const second = selective(hashJoin(db, 'semi', first, other, [[ref(left, 'dt'), ref(other, 'dt')]]));
      const where = 'exists (select 1 from shifted c where c.dt = a.dt)';
      await check(second, left, query('few', 'a.i = b.i', where));
    });
  });

  describe('the build side reduced to keys of a small probe side', () => {
    /** A join whose build side the planner takes for much larger. */
    function small(join: HashJoin): HashJoin {
      return { ...join, probe: estimated(join.probe, 1000), build: estimated(join.build, 1_000_000) };
    }

    const queries = {
      semi: (on: string) => `select a.s, a.id from few a where exists (select 1 from large b where ${on})`,
      anti: (on: string) => `select a.s, a.id from few a where not exists (select 1 from large b where ${on})`,
      left: (on: string) => `select a.s, a.id from few a left join large b on ${on}`,
      mark: (_on: string) => `select a.s, a.id from few a`,
    };

    test.each(
      (['semi', 'anti', 'left', 'mark'] as const).flatMap((type) => ['i', 'l', 'dt', 'u'].map((key) => [type, key] as const)),
    )('%s on %s and a residual', async (type, key) => {
      const [left, right] = [db.scan('few'), db.scan('large')];
      const residual = [call('less', ref(left, 'id'), ref(right, 'id'))];
      const join = small(hashJoin(db, type, left, right, [[ref(left, key), ref(right, key)]], { residual }));
      await check(join, left, queries[type](`a.${key} = b.${key} and a.id < b.id`));
    });

    test('a mark says who has a match', async () => {
      const [left, right] = [db.scan('few'), db.scan('large')];
      const join = small(hashJoin(db, 'mark', left, right, [[ref(left, 'i'), ref(right, 'i')]]));
      const rows = await db.rows(db.project(join, ref(left, 'id'), ref(join, 'mark')));
      expect(bag(rows)).toEqual(bag(await peer.rows('select id, exists (select 1 from large b where a.i = b.i) from few a')));
    });

    test('with two keys, expressions, and filters on both sides', async () => {
      const [left, right] = [db.scan('few'), db.scan('large')];
      const filtered = db.filter(right, call('equal', ref(right, 's'), constant('elm')));
      const keys = [
        [ref(left, 's'), ref(right, 's')],
        [castOf(ref(left, 'i'), INT64), castOf(ref(right, 'i'), INT64)],
      ] as const;
      const join = small(hashJoin(db, 'anti', db.filter(left, call('less', ref(left, 'id'), constant(300))), filtered, keys));
      await check(
        join,
        left,
        `select s, id from few a where id < 300 and not exists (select 1 from large b where b.s = 'elm' and a.s = b.s and a.i = b.i)`,
      );
    });

    test('no rows to probe with', async () => {
      const [left, right] = [db.scan('few'), db.scan('large')];
      const none = db.filter(left, call('less', ref(left, 'id'), constant(-1)));
      const join = small(hashJoin(db, 'left', none, right, [[ref(left, 'i'), ref(right, 'i')]]));
      expect(await db.rows(db.project(join, ref(left, 'id')))).toEqual([]);
    });
  });

  test('EXPLAIN ANALYZE counts what passes a filter, not what the join leaves of it', async () => {
    const [left, right] = [db.scan('large'), db.scan('few')];
    const filter = db.filter(
      left,
      call('less', ref(left, 'id'), constant(100_000)),
      call('equal', ref(left, 's'), constant('elm')),
    );
    const join = selective(hashJoin(db, 'inner', filter, right, [[ref(left, 'i'), ref(right, 'i')]]));
    const { rows, result } = await db.run(join, { analyze: true });
    const [counted] = await peer.rows(`select count(*)::integer from large where id < 100000 and s = 'elm'`);
    expect(result.statistics.nodes.get(filter.node)?.rows).toBe(counted?.[0]);
    expect(result.statistics.nodes.get(join.node)?.rows).toBe(rows.length);
  });
});
