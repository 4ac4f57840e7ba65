import { describe, expect, test } from 'vitest';
import { DeriveSideFilters } from '../../../planner/rules/filters/derive-side-filters.ts';
import { FactorDisjunctions } from '../../../planner/rules/filters/factor-disjunctions.ts';
import { InferPredicates } from '../../../planner/rules/filters/infer-predicates.ts';
import { PushFilters } from '../../../planner/rules/filters/push-filters.ts';
import { lastFires, planAfter } from './plan-lines.ts';

describe('FactorDisjunctions', () => {
  test('the shared conjunct comes out', () => {
    const sql = 'SELECT l.k FROM l, r WHERE (l.a = r.a AND r.b > 1) OR (l.a = r.a AND l.b < 0)';
    expect(lastFires(sql, FactorDisjunctions)).toBe(true);
    expect(`\n${planAfter(sql, FactorDisjunctions)}`).toBe(`
project: select k
  filter: where l.a = r.a AND (r.b > 1 OR l.b < 0)
    inner join
      scan: table l; columns k, l.a, l.b, l.t
      scan: table r; columns r.a, r.b, r.t`);
  });

  test('a conjunct of one branch stays', () => {
    const sql = 'SELECT l.k FROM l, r WHERE (l.a = r.a AND r.b > 1) OR l.b < 0';
    expect(lastFires(sql, FactorDisjunctions)).toBe(false);
    expect(`\n${planAfter(sql, FactorDisjunctions)}`).toBe(`
project: select k
  filter: where l.a = r.a AND r.b > 1 OR l.b < 0
    inner join
      scan: table l; columns k, l.a, l.b, l.t
      scan: table r; columns r.a, r.b, r.t`);
  });
});

describe('PushFilters', () => {
  test('to both sides of an inner join and below grouping keys', () => {
    const sql =
      'SELECT l.k, n FROM l JOIN (SELECT a, count(*) AS n FROM r GROUP BY a) x ON x.a = l.a WHERE l.k > 1 AND x.a < 3 AND n > 1';
    expect(lastFires(sql, PushFilters)).toBe(true);
    expect(`\n${planAfter(sql, PushFilters)}`).toBe(`
project: select k, count
  inner join: on r.a = l.a
    filter: where k > 1
      scan: table l; columns k, l.a, l.b, l.t
    filter: where count > CAST(1 AS BIGINT)
      aggregate: by r.a; compute count(*) AS count
        filter: where r.a < 3
          scan: table r; columns r.a, r.b, r.t`);
  });

  test('not into the padded side, and ON not to the preserved one', () => {
    const sql = 'SELECT l.k FROM l LEFT JOIN r ON l.a = r.a AND l.k > 1 AND r.b > 2 WHERE l.b = 1 AND r.b IS NULL';
    expect(lastFires(sql, PushFilters)).toBe(true);
    expect(`\n${planAfter(sql, PushFilters)}`).toBe(`
project: select k
  filter: where r.b IS NULL
    left join: on l.a = r.a AND k > 1
      filter: where l.b = 1
        scan: table l; columns k, l.a, l.b, l.t
      filter: where r.b > 2
        scan: table r; columns r.a, r.b, r.t`);
  });

  test('not below LIMIT', () => {
    const sql = 'SELECT k FROM (SELECT k, a FROM l LIMIT 10) x WHERE a > 5';
    expect(lastFires(sql, PushFilters)).toBe(false);
    expect(`\n${planAfter(sql, PushFilters)}`).toBe(`
project: select k
  filter: where a > 5
    limit: count 10
      project: select k, a
        scan: table l; columns k, a, b, t`);
  });
});

describe('InferPredicates', () => {
  test('to the other side of an equality', () => {
    const sql = 'SELECT l.k FROM l, r WHERE l.a = r.a AND l.a > 1';
    expect(lastFires(sql, PushFilters, InferPredicates)).toBe(true);
    expect(`\n${planAfter(sql, PushFilters, InferPredicates)}`).toBe(`
project: select k
  filter: where r.a > 1
    inner join: on l.a = r.a
      filter: where l.a > 1
        scan: table l; columns k, l.a, l.b, l.t
      scan: table r; columns r.a, r.b, r.t`);
  });

  test('to the right side of a left join', () => {
    const sql = 'SELECT l.k FROM l LEFT JOIN r ON l.a = r.a WHERE l.a > 1';
    expect(lastFires(sql, PushFilters, InferPredicates)).toBe(true);
    expect(`\n${planAfter(sql, PushFilters, InferPredicates)}`).toBe(`
project: select k
  left join: on l.a = r.a
    filter: where l.a > 1
      scan: table l; columns k, l.a, l.b, l.t
    filter: where r.a > 1
      scan: table r; columns r.a, r.b, r.t`);
  });

  test('not to the preserved side', () => {
    const sql = 'SELECT l.k FROM l LEFT JOIN (SELECT a FROM r WHERE a > 1) x ON l.a = x.a';
    expect(lastFires(sql, PushFilters, InferPredicates)).toBe(false);
    expect(`\n${planAfter(sql, PushFilters, InferPredicates)}`).toBe(`
project: select k
  left join: on l.a = r.a
    scan: table l; columns k, l.a, l.b, l.t
    project: select r.a
      filter: where r.a > 1
        scan: table r; columns r.a, r.b, r.t`);
  });

  test('not what can raise', () => {
    const sql = 'SELECT l.k FROM l, r WHERE l.a = r.a AND 10 / l.a > 2';
    expect(lastFires(sql, PushFilters, InferPredicates)).toBe(false);
    expect(`\n${planAfter(sql, PushFilters, InferPredicates)}`).toBe(`
project: select k
  inner join: on l.a = r.a
    filter: where 10 / l.a > 2
      scan: table l; columns k, l.a, l.b, l.t
    scan: table r; columns r.a, r.b, r.t`);
  });
});

describe('DeriveSideFilters', () => {
  test('each side of an OR', () => {
    const sql = 'SELECT x.k FROM l x, r y WHERE (x.a = 1 AND y.a = 2) OR (x.a = 2 AND y.a = 1)';
    expect(lastFires(sql, PushFilters, DeriveSideFilters)).toBe(true);
    expect(`\n${planAfter(sql, PushFilters, DeriveSideFilters)}`).toBe(`
project: select k
  inner join: on x.a = 1 AND y.a = 2 OR x.a = 2 AND y.a = 1
    filter: where x.a = 1 OR x.a = 2
      scan: table l AS x; columns k, x.a, x.b, x.t
    filter: where y.a = 2 OR y.a = 1
      scan: table r AS y; columns y.a, y.b, y.t`);
  });

  test('not a side that a branch leaves free', () => {
    const sql = 'SELECT x.k FROM l x, r y WHERE (x.a = 1 AND y.a = 2) OR y.a = 1';
    expect(lastFires(sql, PushFilters, DeriveSideFilters)).toBe(true);
    expect(`\n${planAfter(sql, PushFilters, DeriveSideFilters)}`).toBe(`
project: select k
  inner join: on x.a = 1 AND y.a = 2 OR y.a = 1
    scan: table l AS x; columns k, x.a, x.b, x.t
    filter: where y.a = 2 OR y.a = 1
      scan: table r AS y; columns y.a, y.b, y.t`);
  });
});
