import { describe, expect, test } from 'vitest';
import { ExpandDistinctAggregates } from '../../../planner/rules/aggregates/expand-distinct-aggregates.ts';
import { SimplifyAggregates } from '../../../planner/rules/aggregates/simplify-aggregates.ts';
import { FoldConstants } from '../../../planner/rules/expressions/fold-constants.ts';
import { lastFires, planAfter } from './plan-lines.ts';

describe('ExpandDistinctAggregates', () => {
  test('one argument list groups twice', () => {
    const sql = 'SELECT a, count(DISTINCT b) AS d FROM r GROUP BY a';
    expect(lastFires(sql, ExpandDistinctAggregates)).toBe(true);
    expect(`\n${planAfter(sql, ExpandDistinctAggregates)}`).toBe(`
aggregate: by a#5 AS r.a; compute count(argument) AS count
  aggregate: by r.a AS a#5, b AS argument
    scan: table r; columns r.a, b, t`);
  });

  test('a count of all rows is a sum of counts, 0 when there are none', () => {
    const sql = 'SELECT count(DISTINCT b) AS d, count(*) AS n FROM r';
    expect(lastFires(sql, ExpandDistinctAggregates)).toBe(true);
    expect(`\n${planAfter(sql, ExpandDistinctAggregates)}`).toBe(`
project: select count#4, COALESCE(CAST(count#8 AS BIGINT), 0) AS count#5
  aggregate: compute count(argument) AS count#4, sum(count#7) AS count#8
    aggregate: by b AS argument; compute count(*) AS count#7
      scan: table r; columns a, b, t`);
  });

  test('what cannot be put together is joined, NULL keys too', () => {
    const sql = 'SELECT a, count(DISTINCT b) AS d, avg(b) AS m FROM r GROUP BY a';
    expect(lastFires(sql, ExpandDistinctAggregates)).toBe(true);
    expect(`\n${planAfter(sql, ExpandDistinctAggregates)}`).toBe(`
project: select r.a#1, count, avg
  inner join: on r.a#1 IS NOT DISTINCT FROM a#9
    aggregate: by r.a#1; compute avg(r.b#2) AS avg
      scan: table r; columns r.a#1, r.b#2, r.t#3
    aggregate: by a#10 AS a#9; compute count(argument) AS count
      aggregate: by r.a#6 AS a#10, r.b#7 AS argument
        scan: table r; columns r.a#6, r.b#7, r.t#8`);
  });

  test('what cannot be read twice is numbered', () => {
    const sql = 'SELECT count(DISTINCT a), count(DISTINCT b) FROM (SELECT a, b FROM r LIMIT 5) x';
    expect(lastFires(sql, ExpandDistinctAggregates)).toBe(true);
    expect(`\n${planAfter(sql, ExpandDistinctAggregates)}`).toBe(`
aggregate: compute count(a) FILTER (WHERE row_number#6 = 1) AS count#4, count(b) FILTER (WHERE row_number#7 = 1) AS count#5
  window: partition by b; compute row_number() ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW AS row_number#7
    window: partition by a; compute row_number() ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW AS row_number#6
      limit: count 5
        project: select a, b
          scan: table r; columns a, b, t`);
  });

  test('min needs no DISTINCT', () => {
    const sql = 'SELECT min(DISTINCT a) AS m FROM r';
    expect(lastFires(sql, ExpandDistinctAggregates)).toBe(true);
    expect(`\n${planAfter(sql, ExpandDistinctAggregates)}`).toBe(`
aggregate: compute min(a) AS min
  scan: table r; columns a, b, t`);
  });

  test('aggregates without DISTINCT stay', () => {
    const sql = 'SELECT a, count(b) AS n FROM r GROUP BY a';
    expect(lastFires(sql, ExpandDistinctAggregates)).toBe(false);
    expect(`\n${planAfter(sql, ExpandDistinctAggregates)}`).toBe(`
aggregate: by a; compute count(b) AS count
  scan: table r; columns a, b, t`);
  });
});

describe('SimplifyAggregates', () => {
  test('keys over keys, calls that repeat', () => {
    const sql = 'SELECT a, a + 1 AS b, count(*) AS n, count(*) AS m FROM r GROUP BY a, a + 1';
    expect(lastFires(sql, SimplifyAggregates)).toBe(true);
    expect(`\n${planAfter(sql, SimplifyAggregates)}`).toBe(`
project: select a, key, count, count AS m
  project: select a, a + 1 AS key, count
    aggregate: by a; compute count(*) AS count
      scan: table r; columns a, b, t`);
  });

  test('count of what is never NULL', () => {
    const sql = 'SELECT count(k) AS n FROM l';
    expect(lastFires(sql, SimplifyAggregates)).toBe(true);
    expect(`\n${planAfter(sql, SimplifyAggregates)}`).toBe(`
aggregate: compute count(*) AS count
  scan: table l; columns k, a, b, t`);
  });

  test('not count of what may be', () => {
    const sql = 'SELECT count(a) AS n FROM l';
    expect(lastFires(sql, SimplifyAggregates)).toBe(false);
    expect(`\n${planAfter(sql, SimplifyAggregates)}`).toBe(`
aggregate: compute count(a) AS count
  scan: table l; columns k, a, b, t`);
  });

  test('the last key stays', () => {
    const sql = 'SELECT count(*) AS n FROM l GROUP BY 1 + 1';
    expect(lastFires(sql, FoldConstants, SimplifyAggregates)).toBe(false);
    expect(`\n${planAfter(sql, FoldConstants, SimplifyAggregates)}`).toBe(`
project: select count
  aggregate: by 2 AS key; compute count(*) AS count
    scan: table l; columns k, a, b, t`);
  });
});
