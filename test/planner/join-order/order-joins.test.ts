import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Catalog } from '../../../planner/catalog.ts';
import { explainLogical } from '../../../planner/explain/logical.ts';
import type { LogicalPlan } from '../../../planner/logical/plan.ts';
import { walk } from '../../../planner/logical/visit.ts';
import { checkReferences, checkSchema } from '../../../planner/rules/check.ts';
import { PushFilters } from '../../../planner/rules/filters/push-filters.ts';
import { OrderJoins } from '../../../planner/rules/joins/order-joins.ts';
import { PruneColumns } from '../../../planner/rules/shape/prune-columns.ts';
import { DecorrelateSubqueries } from '../../../planner/rules/subqueries/decorrelate-subqueries.ts';
import { INT32 } from '../../../src/types/data-type.ts';
import { column, fixtureCatalog, fixtureTable } from '../fixture.ts';
import { type Oracle, openOracle, rewrite } from '../rules/oracle/oracle.ts';
import { SMALL_TABLES, smallCatalog } from '../rules/oracle/small-tables.ts';
import { planOf, type TreeShape, treeShape } from './random-trees.ts';

const COLUMNS = ['x', 'y', 'z'].map((each) => column(each, INT32));

/** Tables of three integers, with these row counts; every column has as many values as its table rows, or `values`. */
function catalogOf(rows: Readonly<Record<string, number>>, values?: number): Catalog {
  return fixtureCatalog(
    Object.entries(rows).map(([name, count]) => {
      const table = fixtureTable(name, COLUMNS, count);
      const { columns } = table.statistics();
      const distinct = (each: number) => Math.min(each, values ?? each);
      return fixtureTable(name, COLUMNS, count, {
        columns: columns.map((each) => ({ ...each, distinct: distinct(each.distinct) })),
      });
    }),
  );
}

/** The join tree after ordering, as nested aliases. */
function orderOf(sql: string, catalog: Catalog): string {
  const { plan } = rewrite(sql, [PushFilters, DecorrelateSubqueries, PushFilters, PruneColumns, OrderJoins], catalog);
  const shape = (each: LogicalPlan): string => {
    switch (each.kind) {
      case 'scan':
        return each.alias;
      case 'join':
        return `(${shape(each.left)} ${each.type} ${shape(each.right)})`;
      case 'project':
      case 'filter':
        return shape(each.input);
      default:
        return each.kind;
    }
  };
  return shape(plan);
}

describe('OrderJoins', () => {
  test('begins with the smallest joins: the big table is not joined with the other big one first', () => {
    const catalog = catalogOf({ big: 1_000_000, huge: 10_000_000, tiny: 10 });
    const sql = 'SELECT big.x FROM huge, big, tiny WHERE huge.x = big.x AND big.y = tiny.y';
    expect(orderOf(sql, catalog)).toBe('(huge inner (big inner tiny))');
  });

  test('finds bushy trees', () => {
    const catalog = catalogOf({ a: 1000, b: 100_000, c: 100_000, d: 1000 });
    // Each pair joins to few rows by the filter on the small side; the pairs then join with each other.
    const sql = 'SELECT a.x FROM b, c, a, d WHERE a.x = b.x AND b.y = c.y AND c.x = d.x AND a.z < 10 AND d.z < 10';
    expect(orderOf(sql, catalog)).toBe('((c inner d) inner (b inner a))');
  });

  test('joins over an equality that only follows from others', () => {
    // Every a.x and c.x is found in a tenth of b: joining b first gives a million rows, a and c ten.
    const catalog = catalogOf({ a: 10, b: 1_000_000, c: 10 }, 10);
    const { plan } = rewrite('SELECT a.y FROM a, b, c WHERE a.x = b.x AND b.x = c.x', [PushFilters, OrderJoins], catalog);
    expect(explainLogical(plan).some((line) => line.includes('a.x = c.x') || line.includes('c.x = a.x'))).toBe(true);
  });

  test('does a semi join early where it filters', () => {
    const catalog = catalogOf({ a: 100_000, b: 100_000, few: 3 });
    const sql = 'SELECT a.x FROM a JOIN b ON a.x = b.x WHERE EXISTS (SELECT 1 FROM few WHERE few.y = a.y)';
    expect(orderOf(sql, catalog)).toBe('(b inner (a semi few))');
  });

  test('keeps an inner join above the left join whose padded rows it looks at', () => {
    const catalog = catalogOf({ l: 1_000_000, r: 10, s: 10 });
    const sql = 'SELECT l.x FROM (l LEFT JOIN r ON l.x = r.x) JOIN s ON r.y IS NOT DISTINCT FROM s.y';
    expect(orderOf(sql, catalog)).toBe('((l left r) inner s)');
  });

  test('returns the plan itself where nothing is better', () => {
    const catalog = catalogOf({ a: 1000, b: 10 });
    const { trace } = rewrite('SELECT a.x, b.y FROM a JOIN b ON a.x = b.x', [OrderJoins], catalog);
    expect(trace.map((step) => step.changed)).toEqual([false]);
  });
});

describe('random join trees', () => {
  let oracle: Oracle;
  beforeAll(async () => {
    oracle = await openOracle();
  });

  test('give the same rows in the new order, whatever the statistics say', async () => {
    let changed = 0;
    await fc.assert(
      fc.asyncProperty(
        treeShape,
        fc.array(fc.constantFrom(1, 10, 1000, 100_000), { minLength: 4, maxLength: 4 }),
        async (shape, rows) => {
          if (leaves(shape) > 6) return;
          const tables = SMALL_TABLES.map((table, at) => fixtureTable(table.name, table.columns, rows[at] ?? 10));
          const { table, tables: list } = fixtureCatalog(tables);
          const catalog = { ...smallCatalog(), table, tables: list };
          const plan = planOf(shape, catalog);
          const ordered = OrderJoins.apply(plan, {
            catalog,
            newColumn: () => {
              throw new Error('ordering joins makes no columns');
            },
          });
          if (ordered === plan) return;
          changed += 1;
          checkSchema('OrderJoins', plan.columns, ordered.columns);
          checkReferences('OrderJoins', ordered);
          const query = { plan, output: plan.columns.map(({ id, name }) => ({ id, name })), parameters: [] };
          expect(await oracle.planAnswer(ordered, query), explainLogical(plan).join('\n')).toBe(
            await oracle.planAnswer(plan, query),
          );
        },
      ),
      { numRuns: Number(process.env.RANDOM_TREES ?? 150) },
    );
    expect(changed).toBeGreaterThan(5);
  });

  function leaves(shape: TreeShape): number {
    return 'table' in shape ? 1 : leaves(shape.left) + leaves(shape.right);
  }
});

test('every relation of a query of twenty is joined', () => {
  const names = Array.from({ length: 20 }, (_, at) => `t${at}`);
  const catalog = catalogOf(Object.fromEntries(names.map((name, at) => [name, 10 ** (1 + (at % 5))])));
  const conditions = names.slice(1).map((name, at) => `${name}.x = t${at}.y`);
  const { plan } = rewrite(`SELECT t0.x FROM ${names.join(', ')} WHERE ${conditions.join(' AND ')}`, undefined, catalog);
  const scanned: string[] = [];
  walk(plan, (each) => {
    if (each.kind === 'scan') scanned.push(each.alias);
  });
  expect(scanned.sort()).toEqual([...names].sort());
});
