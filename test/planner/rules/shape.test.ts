import { describe, expect, test } from 'vitest';
import { FoldConstants } from '../../../planner/rules/expressions/fold-constants.ts';
import { MergeProjects } from '../../../planner/rules/shape/merge-projects.ts';
import { PropagateEmpty } from '../../../planner/rules/shape/propagate-empty.ts';
import { PruneColumns } from '../../../planner/rules/shape/prune-columns.ts';
import { PushLimit } from '../../../planner/rules/shape/push-limit.ts';
import { RemoveRedundantOperators } from '../../../planner/rules/shape/remove-redundant-operators.ts';
import { RewriteSetOperations } from '../../../planner/rules/shape/rewrite-set-operations.ts';
import { lastFires, planAfter } from './plan-lines.ts';

describe('RewriteSetOperations', () => {
  test('UNION', () => {
    const sql = 'SELECT a FROM r UNION SELECT a FROM s';
    expect(lastFires(sql, RewriteSetOperations)).toBe(true);
    expect(`\n${planAfter(sql, RewriteSetOperations)}`).toBe(`
aggregate: by a#7 AS a#6
  union all: columns a#7
    project: select r.a
      scan: table r; columns r.a, b, r.t
    project: select s.a
      scan: table s; columns s.a, s.t`);
  });

  test('EXCEPT ALL numbers equal rows', () => {
    const sql = 'SELECT a FROM r EXCEPT ALL SELECT a FROM s';
    expect(lastFires(sql, RewriteSetOperations)).toBe(true);
    expect(`\n${planAfter(sql, RewriteSetOperations)}`).toBe(`
project: select r.a AS a#6
  anti join: on r.a IS NOT DISTINCT FROM s.a AND row_number#7 = row_number#8
    window: partition by r.a; compute row_number() ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW AS row_number#7
      project: select r.a
        scan: table r; columns r.a, b, r.t
    window: partition by s.a; compute row_number() ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW AS row_number#8
      project: select s.a
        scan: table s; columns s.a, s.t`);
  });

  test('INTERSECT does not, and NULLs match', () => {
    const sql = 'SELECT a FROM r INTERSECT SELECT a FROM s';
    expect(lastFires(sql, RewriteSetOperations)).toBe(true);
    expect(`\n${planAfter(sql, RewriteSetOperations)}`).toBe(`
project: select r.a AS a#6
  semi join: on r.a IS NOT DISTINCT FROM s.a
    aggregate: by r.a
      project: select r.a
        scan: table r; columns r.a, b, r.t
    project: select s.a
      scan: table s; columns s.a, s.t`);
  });

  test('UNION ALL stays', () => {
    const sql = 'SELECT a FROM r UNION ALL SELECT a FROM s';
    expect(lastFires(sql, RewriteSetOperations)).toBe(false);
    expect(`\n${planAfter(sql, RewriteSetOperations)}`).toBe(`
union all: columns a#6
  project: select r.a
    scan: table r; columns r.a, b, r.t
  project: select s.a
    scan: table s; columns s.a, s.t`);
  });
});

describe('PropagateEmpty', () => {
  test('a left join with nothing', () => {
    const sql = 'SELECT l.k FROM l LEFT JOIN r ON l.a = r.a AND false';
    expect(lastFires(sql, FoldConstants, PropagateEmpty)).toBe(true);
    expect(`\n${planAfter(sql, FoldConstants, PropagateEmpty)}`).toBe(`
project: select k
  project: select k, l.a, l.b, l.t, NULL AS a#5, NULL AS b#6, NULL AS t#7
    scan: table l; columns k, l.a, l.b, l.t`);
  });

  test('an aggregate without keys has its row', () => {
    const sql = 'SELECT count(*) AS n FROM l WHERE false';
    expect(lastFires(sql, FoldConstants, PropagateEmpty)).toBe(true);
    expect(`\n${planAfter(sql, FoldConstants, PropagateEmpty)}`).toBe(`
aggregate: compute count(*) AS count
  empty`);
  });
});

describe('PushLimit', () => {
  test('below a projection to the sort', () => {
    const sql = 'SELECT x + 1 AS y FROM (SELECT k AS x FROM l ORDER BY k) q LIMIT 3';
    expect(lastFires(sql, PushLimit)).toBe(true);
    expect(`\n${planAfter(sql, PushLimit)}`).toBe(`
project: select k + 1 AS y
  limit: count 3
    sort: by k
      project: select k
        scan: table l; columns k, a, b, t`);
  });

  test('into UNION ALL, offset included', () => {
    const sql = 'SELECT a FROM r UNION ALL SELECT a FROM s LIMIT 3 OFFSET 1';
    expect(lastFires(sql, PushLimit)).toBe(true);
    expect(`\n${planAfter(sql, PushLimit)}`).toBe(`
limit: count 3; offset 1
  union all: columns a#6
    project: select r.a
      limit: count 4
        scan: table r; columns r.a, b, r.t
    project: select s.a
      limit: count 4
        scan: table s; columns s.a, s.t`);
  });

  test('not into an inner join', () => {
    const sql = 'SELECT * FROM l JOIN r ON l.a = r.a LIMIT 1';
    expect(lastFires(sql, PushLimit)).toBe(false);
    expect(`\n${planAfter(sql, PushLimit)}`).toBe(`
limit: count 1
  inner join: on l.a = r.a
    scan: table l; columns k, l.a, l.b, l.t
    scan: table r; columns r.a, r.b, r.t`);
  });
});

describe('PruneColumns', () => {
  test('calls and columns that nobody reads', () => {
    const sql = 'SELECT x.a FROM (SELECT a, b, count(*) AS n FROM r GROUP BY a, b) x';
    expect(lastFires(sql, PruneColumns)).toBe(true);
    expect(`\n${planAfter(sql, PruneColumns)}`).toBe(`
project: select a
  aggregate: by a, b
    scan: table r; columns a, b`);
  });

  test('not what decides about rows', () => {
    const sql = 'SELECT x.a FROM (SELECT a, b FROM r UNION SELECT a, b FROM l) x';
    expect(lastFires(sql, PruneColumns)).toBe(true);
    expect(`\n${planAfter(sql, PruneColumns)}`).toBe(`
project: select a#8
  union: columns a#8, b#9
    project: select r.a, r.b
      scan: table r; columns r.a, r.b
    project: select l.a, l.b
      scan: table l; columns l.a, l.b`);
  });
});

describe('MergeProjects', () => {
  test('one projection', () => {
    const sql = 'SELECT y + 1 AS z FROM (SELECT a + 1 AS y FROM l) x';
    expect(lastFires(sql, MergeProjects)).toBe(true);
    expect(`\n${planAfter(sql, MergeProjects)}`).toBe(`
project: select a + 1 + 1 AS z
  scan: table l; columns k, a, b, t`);
  });

  test('not what would be computed twice', () => {
    const sql = 'SELECT y + y AS z FROM (SELECT a + 1 AS y FROM l) x';
    expect(lastFires(sql, MergeProjects)).toBe(false);
    expect(`\n${planAfter(sql, MergeProjects)}`).toBe(`
project: select y + y AS z
  project: select a + 1 AS y
    scan: table l; columns k, a, b, t`);
  });
});

describe('RemoveRedundantOperators', () => {
  test('a sort that nobody sees', () => {
    const sql = 'SELECT count(*) AS n FROM (SELECT a FROM l ORDER BY a) x';
    expect(lastFires(sql, RemoveRedundantOperators)).toBe(true);
    expect(`\n${planAfter(sql, RemoveRedundantOperators)}`).toBe(`
aggregate: compute count(*) AS count
  project: select a
    scan: table l; columns k, a, b, t`);
  });

  test('DISTINCT of what is distinct', () => {
    const sql = 'SELECT DISTINCT a FROM (SELECT a, count(*) AS n FROM r GROUP BY a) x';
    expect(lastFires(sql, RemoveRedundantOperators)).toBe(true);
    expect(`\n${planAfter(sql, RemoveRedundantOperators)}`).toBe(`
project: select a
  project: select a
    aggregate: by a; compute count(*) AS count
      scan: table r; columns a, b, t`);
  });

  test('not the sort below LIMIT', () => {
    const sql = 'SELECT a FROM (SELECT a FROM l ORDER BY a) x LIMIT 2';
    expect(lastFires(sql, RemoveRedundantOperators)).toBe(false);
    expect(`\n${planAfter(sql, RemoveRedundantOperators)}`).toBe(`
limit: count 2
  sort: by a
    project: select a
      scan: table l; columns k, a, b, t`);
  });
});
