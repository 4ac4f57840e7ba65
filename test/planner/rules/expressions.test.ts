import { describe, expect, test } from 'vitest';
import { FoldConstants } from '../../../planner/rules/expressions/fold-constants.ts';
import { narrowConstant } from '../../../planner/rules/expressions/narrow-constant.ts';
import { UnwrapCasts } from '../../../planner/rules/expressions/unwrap-casts.ts';
import { FLOAT64, INT32 } from '../../../src/types/data-type.ts';
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
    const sql = 'SELECT CAST(a AS DECIMAL(12, 2)) = 1.5 AS x, CAST(b AS DECIMAL(12, 2)) <> 1.5 AS y FROM l';
    expect(lastFires(sql, FoldConstants, UnwrapCasts)).toBe(true);
    expect(`\n${planAfter(sql, FoldConstants, UnwrapCasts)}`).toBe(`
project: select a IS NULL AND NULL AS x, b IS NOT NULL OR NULL AS y
  scan: table l; columns k, a, b, t`);
  });

  test('what lies beyond all integers is above or below them', () => {
    const sql = `SELECT CAST(a AS BIGINT) < 3000000000 AS x, CAST(a AS BIGINT) <= -3000000000 AS y, CAST(b AS BIGINT) > -2147483649 AS z,
      CAST(b AS BIGINT) > 2147483647 AS w FROM l`;
    expect(`\n${planAfter(sql, FoldConstants, UnwrapCasts)}`).toBe(`
project: select a IS NOT NULL OR NULL AS x, a IS NULL AND NULL AS y, b IS NOT NULL OR NULL AS z, b > 2147483647 AS w
  scan: table l; columns k, a, b, t`);
  });

  test('an integer as a float64', () => {
    const sql = `SELECT k FROM l WHERE CAST(a AS DOUBLE PRECISION) > 2.5::DOUBLE PRECISION AND b < 7::DOUBLE PRECISION
      AND a < 3000000000.5::DOUBLE PRECISION`;
    expect(`\n${planAfter(sql, FoldConstants, UnwrapCasts)}`).toBe(`
project: select k
  filter: where a >= 3 AND b < 7 AND (a IS NOT NULL OR NULL)
    scan: table l; columns k, a, b, t`);
    expect(narrowConstant(Number.NaN, FLOAT64, INT32)).toEqual({ place: 'above' });
    expect(narrowConstant(Number.NEGATIVE_INFINITY, FLOAT64, INT32)).toEqual({ place: 'below' });
    expect(narrowConstant(-3e9, FLOAT64, INT32)).toEqual({ place: 'below' });
    expect(narrowConstant(-2.5, FLOAT64, INT32)).toEqual({ place: 'between', floor: -3, next: -2 });
    expect(narrowConstant(-0, FLOAT64, INT32)).toEqual({ place: 'exact', value: 0 });
    expect(narrowConstant(2 ** 31 - 0.5, FLOAT64, INT32)).toEqual({ place: 'above' });
  });

  test('IN leaves out what no integer is', () => {
    const sql = 'SELECT a IN (1.5, 2.0, 7) AS x, b IN (0.5, 1.5) AS y, b IN (0.5, NULL) AS z FROM l';
    expect(`\n${planAfter(sql, FoldConstants, UnwrapCasts)}`).toBe(`
project: select a IN (2, 7) AS x, b IS NULL AND NULL AS y, b IN (NULL) AS z
  scan: table l; columns k, a, b, t`);
  });

  test('a cast that loses something stays', () => {
    const sql = 'SELECT k FROM l WHERE CAST(CAST(a AS DOUBLE PRECISION) / 2 AS BIGINT) = 2 AND CAST(t AS INTEGER) < 3';
    expect(lastFires(sql, FoldConstants, UnwrapCasts)).toBe(false);
  });
});
