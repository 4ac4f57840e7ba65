import { describe, expect, test } from 'vitest';
import type { ColumnStatistics } from '../../../planner/catalog.ts';
import type { LogicalPlan } from '../../../planner/logical/plan.ts';
import { PushFilters } from '../../../planner/rules/filters/push-filters.ts';
import { DecorrelateSubqueries } from '../../../planner/rules/subqueries/decorrelate-subqueries.ts';
import { axisOf } from '../../../planner/statistics/axis.ts';
import { Estimator, groupCount } from '../../../planner/statistics/derive.ts';
import { scaleColumn, storedColumn, unknownColumn } from '../../../planner/statistics/estimate.ts';
import { DATE, decimal, INT32, TEXT, timestamp } from '../../../src/types/data-type.ts';
import { column, fixtureCatalog, fixtureTable } from '../fixture.ts';
import { rewrite } from '../rules/oracle/oracle.ts';

function statistics(changes: Partial<ColumnStatistics>): ColumnStatistics {
  return { nulls: 0, distinct: 100, min: 0, max: 99, mostCommon: [], histogram: [], width: 4, ...changes };
}

/** t: 10 000 rows; n is NULL in a quarter of them, c has a frequent value, h a histogram. u: 500 rows, v: 4 · 25 keys. */
const CATALOG = fixtureCatalog([
  fixtureTable(
    't',
    [column('x', INT32), column('n', INT32), column('c', TEXT), column('h', INT32), column('p', INT32), column('q', INT32)],
    10_000,
    {
      columns: [
        statistics({}),
        statistics({ nulls: 2500 }),
        statistics({ distinct: 10, min: null, max: null, mostCommon: [{ value: 'often', frequency: 0.6 }] }),
        statistics({ histogram: [0, 10, 20, 40, 99] }),
        statistics({ distinct: 1000 }),
        statistics({ distinct: 2000 }),
      ],
    },
  ),
  fixtureTable('u', [column('x', INT32), column('p', INT32), column('q', INT32), column('f', INT32)], 500, {
    columns: [
      statistics({ distinct: 50 }),
      statistics({ distinct: 100 }),
      statistics({ distinct: 400 }),
      statistics({ distinct: 10, max: 9 }),
    ],
  }),
]);

function rowsOf(sql: string): number {
  const { plan } = rewrite(sql, [PushFilters, DecorrelateSubqueries, PushFilters], CATALOG);
  return new Estimator().estimate(plan).rows;
}

describe('filters', () => {
  test.each<[string, number]>([
    // 1 / distinct.
    ['x = 5', 100],
    // Outside [min, max] nothing.
    ['x = 500', 0],
    // Even spread over [0, 99]: (25 − 0) / 99.
    ['x < 25', (10_000 * 25) / 99],
    // Both ends of one range: P(≥ 25) + P(< 75) − 1.
    ['x >= 25 AND x < 75', 10_000 * (1 - 25 / 99 + 75 / 99 - 1)],
    // Three quarters are not NULL; each of the 100 values has 75 rows.
    ['n = 5', 75],
    ['n IS NULL', 2500],
    ['NOT n < 0', 7500],
    // The most common value by its frequency, another by what is left for nine: 0.4 / 9.
    ["c = 'often'", 6000],
    ["c = 'seldom'", (10_000 * 0.4) / 9],
    // Four buckets of a quarter each: below 30 lie two and half of the third.
    ['h < 30', 10_000 * (2.5 / 4)],
    // Independence: 1 − (1 − 0.01)².
    ['x = 5 OR p = 7 AND p = p OR x = 6', 10_000 * (1 - 0.99 * 0.99)],
    ['x IN (1, 2, 3)', 300],
    ['x = 1 AND h = 2', 1],
  ])('%s', (predicate, rows) => {
    const estimated = rowsOf(`SELECT x FROM t WHERE ${predicate}`);
    if (predicate.includes('p = p')) expect(estimated).toBeGreaterThanOrEqual(rows - 1);
    else expect(estimated).toBeCloseTo(rows, 3);
  });
});

describe('joins', () => {
  test('|L|·|R| ÷ max(d(a), d(b)) (Selinger et al., SIGMOD 1979)', () => {
    expect(rowsOf('SELECT 1 FROM t JOIN u ON t.x = u.x')).toBeCloseTo((10_000 * 500) / 100, 6);
  });

  test('a cross join multiplies', () => {
    expect(rowsOf('SELECT 1 FROM t, u')).toBe(5_000_000);
  });

  test('a left join keeps its left rows', () => {
    expect(rowsOf('SELECT 1 FROM t LEFT JOIN u ON t.x = u.x AND u.f = 100')).toBe(10_000);
  });

  test('NULL keys match nothing', () => {
    expect(rowsOf('SELECT 1 FROM t JOIN u ON t.n = u.x')).toBeCloseTo((0.75 * 10_000 * 500) / 100, 6);
  });

  test('two keys of a table with fewer rows than combinations are one key', () => {
    // u has 500 rows, 100 · 400 combinations: (p, q) is unique in it, each row of t meets at most one.
    expect(rowsOf('SELECT 1 FROM t JOIN u ON t.p = u.p AND t.q = u.q')).toBeCloseTo((10_000 * 500) / 500, 6);
    // With a tenth of u left, a tenth of t meets one.
    expect(rowsOf('SELECT 1 FROM t JOIN u ON t.p = u.p AND t.q = u.q WHERE u.f = 1')).toBeCloseTo((10_000 * 50) / 500, 6);
  });

  test('a semi join keeps the left values that the right side has, an anti join the others', () => {
    // 50 of the 100 values of t.x are in u.
    expect(rowsOf('SELECT x FROM t WHERE EXISTS (SELECT 1 FROM u WHERE u.x = t.x)')).toBeCloseTo(5000, 6);
    expect(rowsOf('SELECT x FROM t WHERE NOT EXISTS (SELECT 1 FROM u WHERE u.x = t.x)')).toBeCloseTo(5000, 6);
  });
});

describe('groups', () => {
  test('as many as values, combinations at most as many as rows, NULL one more', () => {
    expect(rowsOf('SELECT x FROM t GROUP BY x')).toBe(100);
    expect(rowsOf('SELECT n FROM t GROUP BY n')).toBe(101);
    expect(rowsOf('SELECT p, q FROM t GROUP BY p, q')).toBe(10_000);
    expect(rowsOf('SELECT count(*) FROM t')).toBe(1);
  });

  test('no groups without rows', () => {
    expect(groupCount([unknownColumn(INT32, 0)], 0)).toBe(0);
  });
});

describe('columns', () => {
  test('n of N rows hold d·(1 − (1 − n/N)^(N/d)) of d values (Yao, CACM 1977, as PostgreSQL has it)', () => {
    const all = storedColumn(INT32, 10_000, statistics({ distinct: 100 }));
    expect(scaleColumn(all, 10_000, 50).distinct).toBeCloseTo(100 * (1 - (1 - 50 / 10_000) ** 100), 6);
    expect(scaleColumn(all, 10_000, 10_000).distinct).toBe(100);
  });

  test('dates and timestamps share an axis, decimals are their value, text keeps its order', () => {
    expect(axisOf(1, DATE)).toBe(86_400);
    expect(axisOf(86_400_000n, timestamp('ms'))).toBe(86_400);
    expect(axisOf(1250n, decimal(10, 2))).toBe(12.5);
    expect(axisOf(Number.NaN, INT32)).toBeUndefined();
    expect(axisOf('abc', TEXT) ?? 0).toBeLessThan(axisOf('abd', TEXT) ?? 0);
    expect(axisOf('ab', TEXT) ?? 0).toBeLessThan(axisOf('abc', TEXT) ?? 0);
  });

  test('limits and windows', () => {
    expect(rowsOf('SELECT x FROM t LIMIT 7 OFFSET 3')).toBe(7);
    expect(rowsOf('SELECT x FROM u LIMIT 700')).toBe(500);
    expect(rowsOf('SELECT row_number() OVER () FROM u')).toBe(500);
  });

  test('a plan is looked at once', () => {
    const { plan } = rewrite('SELECT x FROM t WHERE x = 1', [], CATALOG);
    const estimator = new Estimator();
    const again = (each: LogicalPlan) => estimator.estimate(each);
    expect(again(plan)).toBe(again(plan));
  });
});
