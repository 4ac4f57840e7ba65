import { describe, expect, test } from 'vitest';
import { ConvertOuterJoins } from '../../../planner/rules/joins/convert-outer-joins.ts';
import { EliminateJoins } from '../../../planner/rules/joins/eliminate-joins.ts';
import { ExpandFullJoins } from '../../../planner/rules/joins/expand-full-joins.ts';
import { lastFires, planAfter } from './plan-lines.ts';

describe('ConvertOuterJoins', () => {
  test('left becomes inner', () => {
    const sql = 'SELECT l.k FROM l LEFT JOIN r ON l.a = r.a WHERE r.b > 1';
    expect(lastFires(sql, ConvertOuterJoins)).toBe(true);
    expect(`\n${planAfter(sql, ConvertOuterJoins)}`).toBe(`
project: select k
  filter: where r.b > 1
    inner join: on l.a = r.a
      scan: table l; columns k, l.a, l.b, l.t
      scan: table r; columns r.a, r.b, r.t`);
  });

  test('full becomes left, the other way round', () => {
    const sql = 'SELECT l.k FROM l FULL JOIN r ON l.a = r.a WHERE r.b > 1';
    expect(lastFires(sql, ConvertOuterJoins)).toBe(true);
    expect(`\n${planAfter(sql, ConvertOuterJoins)}`).toBe(`
project: select k
  filter: where r.b > 1
    project: select k, l.a, l.b, l.t, r.a, r.b, r.t
      left join: on l.a = r.a
        scan: table r; columns r.a, r.b, r.t
        scan: table l; columns k, l.a, l.b, l.t`);
  });

  test('not when NULL passes', () => {
    const sql = 'SELECT l.k FROM l LEFT JOIN r ON l.a = r.a WHERE coalesce(r.b, 0) = 0';
    expect(lastFires(sql, ConvertOuterJoins)).toBe(false);
    expect(`\n${planAfter(sql, ConvertOuterJoins)}`).toBe(`
project: select k
  filter: where COALESCE(r.b, 0) = 0
    left join: on l.a = r.a
      scan: table l; columns k, l.a, l.b, l.t
      scan: table r; columns r.a, r.b, r.t`);
  });
});

describe('EliminateJoins', () => {
  test('a right side unique on the key that nobody reads', () => {
    const sql = 'SELECT count(*) FROM l LEFT JOIN (SELECT a, max(b) AS m FROM r GROUP BY a) x ON x.a = l.a';
    expect(lastFires(sql, EliminateJoins)).toBe(true);
    expect(`\n${planAfter(sql, EliminateJoins)}`).toBe(`
aggregate: compute count(*) AS count
  scan: table l; columns k, a, b, t`);
  });

  test('not when the right side repeats', () => {
    const sql = 'SELECT count(*) FROM l LEFT JOIN r ON r.a = l.a';
    expect(lastFires(sql, EliminateJoins)).toBe(false);
    expect(`\n${planAfter(sql, EliminateJoins)}`).toBe(`
aggregate: compute count(*) AS count
  left join: on r.a = l.a
    scan: table l; columns k, l.a, l.b, l.t
    scan: table r; columns r.a, r.b, r.t`);
  });
});

describe('ExpandFullJoins', () => {
  test('left join and what is unmatched, by an anti join that is not NOT IN', () => {
    const sql = 'SELECT l.k, r.a AS ra FROM l FULL JOIN r ON l.a = r.a';
    expect(lastFires(sql, ExpandFullJoins)).toBe(true);
    expect(`\n${planAfter(sql, ExpandFullJoins)}`).toBe(`
project: select l.k#1, r.a#5
  union all: columns l.k#1, l.a#2, l.b#3, l.t#4, r.a#5, r.b#6, r.t#7
    project: select l.k#1 AS k#22, l.a#2 AS a#23, l.b#3 AS b#24, l.t#4 AS t#25, r.a#5 AS a#26, r.b#6 AS b#27, r.t#7 AS t#28
      left join: on l.a#2 = r.a#5
        scan: table l; columns l.k#1, l.a#2, l.b#3, l.t#4
        scan: table r; columns r.a#5, r.b#6, r.t#7
    project: select NULL AS k#15, NULL AS a#16, NULL AS b#17, NULL AS t#18, r.a#12 AS a#19, r.b#13 AS b#20, r.t#14 AS t#21
      anti join: on l.a#9 = r.a#12
        scan: table r; columns r.a#12, r.b#13, r.t#14
        scan: table l; columns l.k#8, l.a#9, l.b#10, l.t#11`);
  });

  test('other joins stay', () => {
    const sql = 'SELECT l.k FROM l LEFT JOIN r ON l.a = r.a';
    expect(lastFires(sql, ExpandFullJoins)).toBe(false);
    expect(`\n${planAfter(sql, ExpandFullJoins)}`).toBe(`
project: select k
  left join: on l.a = r.a
    scan: table l; columns k, l.a, l.b, l.t
    scan: table r; columns r.a, r.b, r.t`);
  });
});
