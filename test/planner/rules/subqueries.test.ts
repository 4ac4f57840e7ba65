import { describe, expect, test } from 'vitest';
import { PushFilters } from '../../../planner/rules/filters/push-filters.ts';
import { ConvertMarkJoins } from '../../../planner/rules/subqueries/convert-mark-joins.ts';
import { DecorrelateSubqueries } from '../../../planner/rules/subqueries/decorrelate-subqueries.ts';
import { lastFires, planAfter } from './plan-lines.ts';

describe('ConvertMarkJoins', () => {
  test('NOT of a mark is a null-aware anti join', () => {
    const sql = 'SELECT k FROM (SELECT k, a IN (SELECT a FROM r) AS m FROM l) x WHERE NOT m';
    expect(lastFires(sql, PushFilters, ConvertMarkJoins)).toBe(true);
    expect(`\n${planAfter(sql, PushFilters, ConvertMarkJoins)}`).toBe(`
project: select k
  project: select k, in
    project: select k, l.a, l.b, l.t, FALSE AS in
      anti null-aware dependent join: on l.a = r.a
        scan: table l; columns k, l.a, l.b, l.t
        project: select r.a
          scan: table r; columns r.a, r.b, r.t`);
  });

  test('not a mark under OR', () => {
    const sql = 'SELECT k FROM l WHERE a IN (SELECT a FROM r) OR b = 3';
    expect(lastFires(sql, PushFilters, ConvertMarkJoins)).toBe(false);
    expect(`\n${planAfter(sql, PushFilters, ConvertMarkJoins)}`).toBe(`
project: select k
  filter: where in OR l.b = 3
    mark null-aware dependent join: on l.a = r.a; mark in
      scan: table l; columns k, l.a, l.b, l.t
      project: select r.a
        scan: table r; columns r.a, r.b, r.t`);
  });
});

describe('DecorrelateSubqueries', () => {
  test('an empty group counts 0, a NULL matches nothing', () => {
    const sql = 'SELECT k, (SELECT count(*) FROM r WHERE r.a = l.a) AS n FROM l';
    expect(lastFires(sql, DecorrelateSubqueries)).toBe(true);
    expect(`\n${planAfter(sql, DecorrelateSubqueries)}`).toBe(`
project: select k, count#8
  project: select k, l.a, l.b, l.t, COALESCE(count#10, 0) AS count#8
    left join: on a#9 = l.a
      scan: table l; columns k, l.a, l.b, l.t
      aggregate: by r.a AS a#9; compute count(*) AS count#10
        scan: table r; columns r.a, r.b, r.t`);
  });

  test('without an equality, by the distinct outer values', () => {
    const sql = 'SELECT k, (SELECT sum(r.b) FROM r WHERE r.a < l.a) AS n FROM l';
    expect(lastFires(sql, DecorrelateSubqueries)).toBe(true);
    expect(`\n${planAfter(sql, DecorrelateSubqueries)}`).toBe(`
project: select l.k#1, sum#8
  project: select l.k#1, l.a#2, l.b#3, l.t#4, sum#14 AS sum#8
    left join: on a#13 IS NOT DISTINCT FROM l.a#2
      scan: table l; columns l.k#1, l.a#2, l.b#3, l.t#4
      aggregate: by l.a#10 AS a#13; compute sum(r.b) AS sum#14
        inner join: on r.a < l.a#10
          aggregate: by l.a#10
            scan: table l; columns l.k#9, l.a#10, l.b#11, l.t#12
          scan: table r; columns r.a, r.b, r.t`);
  });

  test('LIMIT numbers rows per group', () => {
    const sql = 'SELECT k, (SELECT b FROM r WHERE r.a = l.a ORDER BY b LIMIT 1) AS n FROM l';
    expect(lastFires(sql, DecorrelateSubqueries)).toBe(true);
    expect(`\n${planAfter(sql, DecorrelateSubqueries)}`).toBe(`
project: select k, r.b
  project: select k, l.a, l.b, l.t, r.b
    left join: on r.a = l.a
      scan: table l; columns k, l.a, l.b, l.t
      filter: where row_number <= 1
        window: partition by r.a; order by r.b; compute row_number() ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW AS row_number
          project: select r.b, r.a
            scan: table r; columns r.a, r.b, r.t`);
  });

  test('outer columns that are read in several places come as one set of combinations', () => {
    const sql = 'SELECT k, (SELECT l.b + r.b FROM r WHERE r.a >= l.a ORDER BY r.b LIMIT 1) AS n FROM l';
    expect(lastFires(sql, DecorrelateSubqueries)).toBe(true);
    const plan = planAfter(sql, DecorrelateSubqueries);
    expect(plan.split('\n').filter((line) => line.includes('aggregate:'))).toEqual([
      expect.stringMatching(/by l\.a#\d+, l\.b#\d+$/),
    ]);
    expect(plan).not.toMatch(/inner join$/m);
  });

  test('only groups of outer rows that exist may have too many rows', () => {
    const sql = 'SELECT k, (SELECT b FROM r WHERE r.a = l.a) AS n FROM l';
    expect(lastFires(sql, DecorrelateSubqueries)).toBe(true);
    expect(`\n${planAfter(sql, DecorrelateSubqueries)}`).toBe(`
project: select l.k#1, r.b
  project: select l.k#1, l.a#2, l.b#3, l.t#4, b#14 AS r.b
    left join: on a#13 IS NOT DISTINCT FROM l.a#2
      scan: table l; columns l.k#1, l.a#2, l.b#3, l.t#4
      aggregate: by l.a#9 AS a#13; compute single_value(r.b) AS b#14
        inner join: on r.a = l.a#9
          aggregate: by l.a#9
            scan: table l; columns l.k#8, l.a#9, l.b#10, l.t#11
          project: select r.b, r.a
            scan: table r; columns r.a, r.b, r.t`);
  });

  test('without correlation', () => {
    const sql = 'SELECT k FROM l WHERE a = (SELECT max(a) FROM s)';
    expect(lastFires(sql, DecorrelateSubqueries)).toBe(true);
    expect(`\n${planAfter(sql, DecorrelateSubqueries)}`).toBe(`
project: select k
  filter: where l.a = max
    inner join
      scan: table l; columns k, l.a, b, l.t
      aggregate: compute max(s.a) AS max
        scan: table s; columns s.a, s.t`);
  });

  test('EXISTS', () => {
    const sql = 'SELECT k FROM l WHERE EXISTS (SELECT * FROM r WHERE r.a = l.a AND r.b <> l.b)';
    expect(lastFires(sql, DecorrelateSubqueries)).toBe(true);
    expect(`\n${planAfter(sql, DecorrelateSubqueries)}`).toBe(`
project: select k
  semi join: on r.a = l.a AND r.b <> l.b
    scan: table l; columns k, l.a, l.b, l.t
    scan: table r; columns r.a, r.b, r.t`);
  });

  test('nothing to do without a dependent join', () => {
    const sql = 'SELECT l.k FROM l JOIN r ON r.a = l.a';
    expect(lastFires(sql, DecorrelateSubqueries)).toBe(false);
    expect(`\n${planAfter(sql, DecorrelateSubqueries)}`).toBe(`
project: select k
  inner join: on r.a = l.a
    scan: table l; columns k, l.a, l.b, l.t
    scan: table r; columns r.a, r.b, r.t`);
  });
});
