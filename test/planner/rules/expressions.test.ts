import { describe, expect, test } from 'vitest';
import { FoldConstants } from '../../../planner/rules/expressions/fold-constants.ts';
import { UnwrapCasts } from '../../../planner/rules/expressions/unwrap-casts.ts';
import { lastFires, planAfter } from './plan-lines.ts';

describe('FoldConstants', () => {
  test('constants and three-valued logic', () => {
    const sql = 'SELECT 1 + 2 * 3 AS x, NOT (NULL AND a > 1) AS y, CASE WHEN 1 = 2 THEN a ELSE b END AS z FROM l';
    expect(lastFires(sql, FoldConstants)).toBe(true);
    expect(`\n${planAfter(sql, FoldConstants)}`).toBe(`
project: select 7 AS x, NULL OR a <= 1 AS y, b AS z
  scan: table l; columns k, a, b, t`);
  });

  test('what raises stays', () => {
    const sql = 'SELECT 1 / 0 AS x FROM e';
    expect(lastFires(sql, FoldConstants)).toBe(false);
    expect(`\n${planAfter(sql, FoldConstants)}`).toBe(`
project: select 1 / 0 AS x
  scan: table e; columns a, b`);
  });

  test('NOT moves inward, what is always true goes', () => {
    const sql = 'SELECT k FROM l WHERE NOT (a > 1 AND b < 3) AND k IS NOT NULL';
    expect(lastFires(sql, FoldConstants)).toBe(true);
    expect(`\n${planAfter(sql, FoldConstants)}`).toBe(`
project: select k
  filter: where a <= 1 OR b >= 3
    scan: table l; columns k, a, b, t`);
  });

  test('the comparison of NOT IN stays', () => {
    const sql = 'SELECT k FROM l WHERE NULL NOT IN (SELECT a FROM e)';
    expect(lastFires(sql, FoldConstants)).toBe(true);
    expect(`\n${planAfter(sql, FoldConstants)}`).toBe(`
project: select k
  anti null-aware dependent join: on NULL
    scan: table l; columns k, l.a, l.b, t
    project: select e.a
      scan: table e; columns e.a, e.b`);
  });
});

describe('UnwrapCasts', () => {
  test('constants are rounded toward the values that pass', () => {
    const sql = 'SELECT k FROM l WHERE CAST(a AS DECIMAL(12, 2)) < 2.5 AND CAST(b AS BIGINT) >= 3';
    expect(lastFires(sql, FoldConstants, UnwrapCasts)).toBe(true);
    expect(`\n${planAfter(sql, FoldConstants, UnwrapCasts)}`).toBe(`
project: select k
  filter: where a <= 2 AND b >= 3
    scan: table l; columns k, a, b, t`);
  });

  test('no integer equals 1.5, but NULL is not false', () => {
    const sql = 'SELECT k FROM l WHERE CAST(a AS DECIMAL(12, 2)) = 1.5';
    expect(lastFires(sql, FoldConstants, UnwrapCasts)).toBe(false);
    expect(`\n${planAfter(sql, FoldConstants, UnwrapCasts)}`).toBe(`
project: select k
  filter: where CAST(a AS DECIMAL(12, 2)) = 1.50
    scan: table l; columns k, a, b, t`);
  });
});
