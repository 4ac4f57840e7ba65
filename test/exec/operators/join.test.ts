import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BoundExpression } from '../../../planner/expression.ts';
import { logicalOf } from '../../../planner/expression-build.ts';
import type { PhysicalJoinType, PhysicalPlan } from '../../../planner/physical/plan.ts';
import { call, Harness, ref } from '../harness.ts';
import { COLUMNS, KEY_NAMES, randomRows } from './data.ts';
import { bag, Peer } from './peer.ts';
import { aggregate, aggregateCall, hashJoin, nestedLoop } from './plans.ts';

const TYPES: readonly PhysicalJoinType[] = ['inner', 'left', 'semi', 'anti', 'mark'];
const SHOWN = ['id', 's', 'f'];

/** The join in SQL; `on` is its condition. */
function joinQuery(type: PhysicalJoinType, left: string, right: string, on: string): string {
  const shown = SHOWN.map((name) => `a.${name}`).join();
  const exists = `exists (select 1 from ${right} b where ${on})`;
  switch (type) {
    case 'inner':
    case 'left':
      return `select ${shown}, b.id, b.u, b.w, b.b from ${left} a ${type} join ${right} b on ${on}`;
    case 'semi':
      return `select ${shown} from ${left} a where ${exists}`;
    case 'anti':
      return `select ${shown} from ${left} a where not ${exists}`;
    case 'mark':
      return `select ${shown}, ${exists} from ${left} a`;
  }
}

describe('joins, against DuckDB', () => {
  const db = new Harness({ threads: 2 });
  let peer: Peer;
  beforeAll(async () => {
    peer = await Peer.open();
    await peer.createTable(db, 'small', COLUMNS, randomRows(400, 60, 1));
    await peer.createTable(db, 'other', COLUMNS, randomRows(300, 70, 2));
    await peer.createTable(db, 'large', COLUMNS, randomRows(70_000, 40_000, 3));
    await peer.createTable(db, 'unique_keys', COLUMNS, `select distinct on (i) * from large where i is not null order by i, id`);
    await peer.createTable(db, 'nothing', COLUMNS, `select * from large where false`);
    await peer.createTable(db, 'only_nulls', COLUMNS, `select * replace (null::integer as i) from other`);
  }, 120_000);
  afterAll(async () => {
    peer.close();
    await db.close();
  });

  /** What the query shows of a join's result. */
  function project(plan: PhysicalPlan, type: PhysicalJoinType, left: PhysicalPlan, right: PhysicalPlan): PhysicalPlan {
    const shown = SHOWN.map((name) => ref(left, name));
    if (type === 'inner') return db.project(plan, ...shown, ...['id', 'u', 'w', 'b'].map((name) => ref(right, name)));
    if (type === 'left') {
      return db.project(plan, ...shown, ...['id', 'u', 'w', 'b'].map((name) => ({ ...ref(right, name), nullable: true })));
    }
    return type === 'mark' ? db.project(plan, ...shown, ref(plan, 'mark')) : db.project(plan, ...shown);
  }

  describe.each(TYPES)('%s', (type) => {
    test.each(KEY_NAMES.flatMap((name) => [false, true].map((nullSafe) => [name, nullSafe] as const)))(
      'on %s, null-safe %s',
      async (name, nullSafe) => {
        const [left, right] = [db.scan('small'), db.scan('other')];
        const join = hashJoin(db, type, left, right, [[ref(left, name), ref(right, name)]], { nullSafe });
        const operator = nullSafe ? 'is not distinct from' : '=';
        const expected = await peer.rows(joinQuery(type, 'small', 'other', `a.${name} ${operator} b.${name}`));
        expect(bag(await db.rows(project(join, type, left, right)))).toEqual(bag(expected));
      },
    );

    test('on texts of two dictionaries, and of a dictionary and none', async () => {
      const [left, right] = [db.scan('small'), db.scan('other')];
      const texts = [ref(left, 's'), ref(right, 'u')] as const;
      const join = hashJoin(db, type, left, right, [texts, [ref(left, 'b'), ref(right, 'b')]]);
      const expected = await peer.rows(joinQuery(type, 'small', 'other', 'a.s = b.u and a.b = b.b'));
      expect(bag(await db.rows(project(join, type, left, right)))).toEqual(bag(expected));
    });

    test.each(['other', 'nothing', 'only_nulls', 'unique_keys'])('on two keys and a residual, with %s', async (table) => {
      const [left, right] = [db.scan('small'), db.scan(table)];
      const keys = [
        [ref(left, 'i'), ref(right, 'i')],
        [ref(left, 's'), ref(right, 's')],
      ] as const;
      const residual = [call('less', ref(left, 'id'), ref(right, 'id'))];
      const join = hashJoin(db, type, left, right, keys, { residual });
      const expected = await peer.rows(joinQuery(type, 'small', table, 'a.i = b.i and a.s = b.s and a.id < b.id'));
      expect(bag(await db.rows(project(join, type, left, right)))).toEqual(bag(expected));
    });

    test.each([
      ['large', 'other', 'i'],
      ['large', 'unique_keys', 'i'],
      ['large', 'unique_keys', 'l'],
      ['large', 'large', 'u'],
      ['small', 'large', 'id'],
    ])('of many rows: %s and %s on %s', async (leftTable, rightTable, name) => {
      const [left, right] = [db.scan(leftTable), db.scan(rightTable)];
      const join = hashJoin(db, type, left, right, [[ref(left, name), ref(right, name)]]);
      const projected = project(join, type, left, right);
      const [key = ref(projected, 'c0'), ...others] = projected.columns.slice(1).map((column) => ref(projected, column.name));
      const groups = aggregate(
        db,
        projected,
        [key],
        [
          aggregateCall(db, 'count', []),
          aggregateCall(db, 'sum', [ref(projected, 'c0')]),
          ...others.map((column) => aggregateCall(db, 'max', [column])),
        ],
      );
      const query = joinQuery(type, leftTable, rightTable, `a.${name} = b.${name}`);
      const names = ['id', 's', 'f', ...others.slice(1).map((_, i) => `x${i}`)];
      const maxima = names.slice(2).map((column) => `max(${column})`);
      const expected = await peer.rows(
        `select s, count(*), sum(id), ${maxima.join()} from (${query}) as t(${names.join()}) group by s`,
      );
      expect(bag(await db.rows(groups))).toEqual(bag(expected));
    });

    test.each(['other', 'nothing'])('nested loop with %s: an inequality and a residual', async (table) => {
      const [left, right] = [db.scan('small'), db.scan(table)];
      const predicates = [call('less', ref(left, 'd'), ref(right, 'd')), call('equal', ref(left, 's'), ref(right, 's'))];
      const join = nestedLoop(db, type, left, right, predicates);
      const expected = await peer.rows(joinQuery(type, 'small', table, 'a.d < b.d and a.s = b.s'));
      expect(bag(await db.rows(project(join, type, left, right)))).toEqual(bag(expected));
    });
  });

  describe('NOT IN and IN as a value', () => {
    const tables = ['other', 'nothing', 'only_nulls', 'unique_keys'];

    function inQuery(type: 'anti' | 'mark', column: string, subquery: string): string {
      const shown = SHOWN.map((name) => `a.${name}`).join();
      if (type === 'mark') return `select ${shown}, a.${column} in (${subquery}) from small a`;
      return `select ${shown} from small a where a.${column} not in (${subquery})`;
    }

    test.each(tables.flatMap((table) => (['anti', 'mark'] as const).map((type) => [type, table] as const)))(
      '%s, uncorrelated, with %s',
      async (type, table) => {
        const [left, right] = [db.scan('small'), db.scan(table)];
        const join = hashJoin(db, type, left, right, [[ref(left, 'i'), ref(right, 'i')]], { nullAware: true });
        const expected = await peer.rows(inQuery(type, 'i', `select i from ${table}`));
        expect(bag(await db.rows(project(join, type, left, right)))).toEqual(bag(expected));
        const equal = call('equal', ref(left, 'i'), ref(right, 'i'));
        const loop = nestedLoop(db, type, left, right, [equal], true);
        expect(bag(await db.rows(project(loop, type, left, right)))).toEqual(bag(expected));
      },
    );

    test.each(tables.flatMap((table) => (['anti', 'mark'] as const).map((type) => [type, table] as const)))(
      '%s, correlated, with %s',
      async (type, table) => {
        const [left, right] = [db.scan('small'), db.scan(table)];
        const pair = [ref(left, 'i'), ref(right, 'i')] as const;
        const correlation = [ref(left, 's'), ref(right, 's')] as const;
        const residual = call('less', ref(left, 'id'), ref(right, 'id'));
        const join = hashJoin(db, type, left, right, [pair, correlation], { nullAware: true, residual: [residual] });
        const subquery = `select i from ${table} b where a.s = b.s and a.id < b.id`;
        const expected = await peer.rows(inQuery(type, 'i', subquery));
        expect(bag(await db.rows(project(join, type, left, right)))).toEqual(bag(expected));
        const predicates: BoundExpression[] = [
          call('equal', ...pair),
          logicalOf('and', [call('equal', ...correlation), residual]),
        ];
        const loop = nestedLoop(db, type, left, right, predicates, true);
        expect(bag(await db.rows(project(loop, type, left, right)))).toEqual(bag(expected));
      },
    );
  });

  test('a join that multiplies rows does not overflow a sum that is proven from the rows of its input', async () => {
    const [left, right] = [db.scan('large', ['l', 's']), db.scan('large', ['s'])];
    const join = hashJoin(db, 'inner', left, right, [[ref(left, 's'), ref(right, 's')]]);
    const sums = [aggregateCall(db, 'count', []), aggregateCall(db, 'sum', [ref(left, 'l')])];
    const expected = await peer.rows('select count(*), sum(a.l) from large a join large b on a.s = b.s');
    expect(await db.rows(aggregate(db, join, [], sums))).toEqual(expected);
  });

  test('one thread alone', async () => {
    const alone = new Harness({ threads: 1 });
    try {
      const columns = COLUMNS.filter(({ name }) => name === 'id' || name === 'i');
      const query = 'select id, i from large';
      await alone.createTable('large', columns, await peer.rows(query));
      const [left, right] = [alone.scan('large'), alone.scan('large')];
      const join = hashJoin(alone, 'inner', left, right, [[ref(left, 'i'), ref(right, 'i')]]);
      const groups = aggregate(alone, join, [ref(left, 'i')], [aggregateCall(alone, 'sum', [ref(right, 'id')])]);
      const expected = await peer.rows('select a.i, sum(b.id) from large a join large b on a.i = b.i group by a.i');
      expect(bag(await alone.rows(groups))).toEqual(bag(expected));
    } finally {
      await alone.close();
    }
  });

  test('keys may be expressions', async () => {
    const [left, right] = [db.scan('small'), db.scan('other')];
    const plus = (value: BoundExpression): BoundExpression => call('add', value, value);
    const join = hashJoin(db, 'inner', left, right, [[plus(ref(left, 'l')), plus(ref(right, 'l'))]]);
    const expected = await peer.rows(joinQuery('inner', 'small', 'other', 'a.l + a.l = b.l + b.l'));
    expect(bag(await db.rows(project(join, 'inner', left, right)))).toEqual(bag(expected));
  });
});
