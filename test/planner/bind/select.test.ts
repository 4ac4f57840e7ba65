import { describe, expect, test } from 'vitest';
import { errorOf, sqlPlan } from './bind-text.ts';

/** The shape of plans: which operator does what, in which order. */

function plan(sql: string, expected: string): void {
  const lines = expected.split('\n').slice(1, -1);
  const indent = Math.min(...lines.map((line) => line.length - line.trimStart().length));
  expect(sqlPlan(sql)).toBe(lines.map((line) => line.slice(indent)).join('\n'));
}

describe('select', () => {
  test('a column keeps its id, an expression is a new column', () => {
    plan(
      'select a, b + 1 as x from t1 where a > 1 and b < 5 order by x desc limit 3',
      `
      limit 3::bigint
        sort x#6 desc
          project a#1, add(b#2, 1) → x#6
            filter greater(a#1, 1) AND less(b#2, 5)
              scan t1: a#1, b#2, c#3, d#4, e#5
      `,
    );
  });

  test('a column delivered twice gets a second id', () => {
    plan(
      'select a, a as b from t1',
      `
      project a#1, a#1 → b#6
        scan t1: a#1, b#2, c#3, d#4, e#5
      `,
    );
  });

  test('what is only sorted by is dropped above the limit', () => {
    plan(
      'select a from t1 order by b limit 2',
      `
      project a#1
        limit 2::bigint
          sort b#2
            project a#1, b#2
              scan t1: a#1, b#2, c#3, d#4, e#5
      `,
    );
  });

  test('DISTINCT groups by every column, before the sort', () => {
    plan(
      'select distinct a from t1 order by a',
      `
      sort a#1
        aggregate by (a#1)
          project a#1
            scan t1: a#1, b#2, c#3, d#4, e#5
      `,
    );
  });

  test('aggregates are computed once; HAVING filters groups', () => {
    plan(
      'select a, count(*) as n, sum(b + 1) from t1 where c > 0 group by a having count(*) > 1 order by n desc, a',
      `
      sort count#6 desc, a#1
        filter greater(count#6, 1::bigint)
          aggregate by (a#1) count() → count#6, sum(add(b#2, 1)) → sum#7
            filter greater(c#3, 0)
              scan t1: a#1, b#2, c#3, d#4, e#5
      `,
    );
  });

  test('a grouped expression is the key wherever it stands, subqueries included', () => {
    plan(
      'select a + 1, (select max(y) from t2 where t2.x = t1.a + 1) from t1 group by a + 1',
      `
      apply single
        aggregate by (add(a#1, 1) → key#6)
          scan t1: a#1, b#2, c#3, d#4, e#5
        aggregate by () max(y#8) → max#10
          filter equal(x#7, key#6)
            scan t2: x#7, y#8, s#9
      `,
    );
  });

  test('an aggregate over outer columns belongs to the outer query', () => {
    plan(
      'select (select sum(t1.a) + t2.x from t2) from t1',
      `
      project ?column?#10
        apply single
          aggregate by () sum(a#1) → sum#9
            scan t1: a#1, b#2, c#3, d#4, e#5
          project add(sum#9, x#6::bigint) → ?column?#10
            scan t2: x#6, y#7, s#8
      `,
    );
  });

  test('windows follow grouping; calls with one partitioning and order share an operator', () => {
    plan(
      'select sum(b) over w, rank() over (partition by a order by b), sum(sum(c)) over () from t1 group by a, b window w as (partition by a order by b)',
      `
      project sum#6, rank#7, sum#9
        window: sum(sum#8) → sum#9
          window partition by a#1 order by b#2: sum(b#2) → sum#6, rank() → rank#7
            aggregate by (a#1, b#2) sum(c#3) → sum#8
              scan t1: a#1, b#2, c#3, d#4, e#5
      `,
    );
  });

  test('a subquery that compares with a window stands above it, any other below', () => {
    plan(
      'select row_number() over (order by a) in (select x from t2), (select max(x) from t2) from t1',
      `
      project in#10, max#14
        apply mark null-aware on equal(row_number#6, x#7::bigint) → in#10
          window order by a#1: row_number() → row_number#6
            apply single
              scan t1: a#1, b#2, c#3, d#4, e#5
              aggregate by () max(x#11) → max#14
                scan t2: x#11, y#12, s#13
          project x#7
            scan t2: x#7, y#8, s#9
      `,
    );
  });
});

describe('set operations', () => {
  test('a UNION chain is one operator, and untyped columns take the type of the others', () => {
    plan(
      "select a from t1 union all select x from t2 union all select '3' order by 1 limit 2",
      `
      limit 2::bigint
        sort a#11
          union all: a#11
            project a#1
              scan t1: a#1, b#2, c#3, d#4, e#5
            project x#6
              scan t2: x#6, y#7, s#8
            project 3 → ?column?#10
              project '3' → ?column?#9
                one_row
      `,
    );
  });

  test('inputs are cast to the common type', () => {
    plan(
      'select x from t2 except select z from t3',
      `
      except: x#8
        project x#1::bigint → x#7
          project x#1
            scan t2: x#1, y#2, s#3
        project z#5
          scan t3: x#4, z#5, flag#6
      `,
    );
  });

  test('an input in parentheses keeps its order and limit', () => {
    plan(
      '(select x from t2 order by y limit 1) union all select x from t3',
      `
      union all: x#7
        project x#1
          limit 1::bigint
            sort y#2
              project x#1, y#2
                scan t2: x#1, y#2, s#3
        project x#4
          scan t3: x#4, z#5, flag#6
      `,
    );
  });
});

describe('subqueries', () => {
  test('tests that are conjuncts of WHERE are semi and anti joins; NOT IN minds NULLs only where there can be any', () => {
    plan(
      'select a from t1 where exists (select 1 from t2 where x = a) and a in (select x from t2) and a not in (select x from t2)',
      `
      project a#1
        apply anti null-aware on equal(a#1, x#13)
          apply semi on equal(a#1, x#10)
            apply semi
              scan t1: a#1, b#2, c#3, d#4, e#5
              project 1 → ?column?#9
                filter equal(x#6, a#1)
                  scan t2: x#6, y#7, s#8
            project x#10
              scan t2: x#10, y#11, s#12
          project x#13
            scan t2: x#13, y#14, s#15
      `,
    );
    plan(
      'select x from t2 where x not in (select x from t3)',
      `
      project x#1
        apply anti on equal(x#1, x#4)
          scan t2: x#1, y#2, s#3
          project x#4
            scan t3: x#4, z#5, flag#6
      `,
    );
  });

  test('anywhere else they are marks', () => {
    plan(
      'select a from t1 where a in (select y from t2) or b = 1',
      `
      project a#1
        filter (in#9 OR equal(b#2, 1))
          apply mark null-aware on equal(a#1, y#7) → in#9
            scan t1: a#1, b#2, c#3, d#4, e#5
            project y#7
              scan t2: x#6, y#7, s#8
      `,
    );
  });

  test('ALL is NOT ANY of the opposite', () => {
    plan(
      'select a from t1 where a > all (select y from t2)',
      `
      project a#1
        apply anti null-aware on less_equal(a#1, y#7)
          scan t1: a#1, b#2, c#3, d#4, e#5
          project y#7
            scan t2: x#6, y#7, s#8
      `,
    );
  });

  test('conditions without a subquery go first', () => {
    plan(
      'select a from t1 where b = (select min(x) from t3) and a > 1',
      `
      project a#1
        filter equal(b#2, min#9)
          apply single
            filter greater(a#1, 1)
              scan t1: a#1, b#2, c#3, d#4, e#5
            aggregate by () min(x#6) → min#9
              scan t3: x#6, z#7, flag#8
      `,
    );
  });
});

describe('from', () => {
  test('USING merges: the left column, the right one in RIGHT joins, either in FULL joins', () => {
    plan(
      'select x, z, y from t2 full join t3 using (x)',
      `
      project coalesce(x#1, x#4) → x#7, z#5, y#2
        join full on equal(x#1, x#4)
          scan t2: x#1, y#2, s#3
          scan t3: x#4, z#5, flag#6
      `,
    );
    plan(
      'select x, z, y from t2 right join t3 using (x)',
      `
      project x#4, z#5, y#2
        join left on equal(x#1, x#4)
          scan t3: x#4, z#5, flag#6
          scan t2: x#1, y#2, s#3
      `,
    );
  });

  test('LATERAL that reads its left side is an Apply', () => {
    plan(
      'select a, u.y from t1 left join lateral (select y from t2 where x = t1.a limit 1) as u on true',
      `
      project a#1, y#7
        apply left
          scan t1: a#1, b#2, c#3, d#4, e#5
          limit 1::bigint
            project y#7
              filter equal(x#6, a#1)
                scan t2: x#6, y#7, s#8
      `,
    );
    plan(
      'select g from t1, generate_series(1, a) as g',
      `
      project generate_series#6
        apply inner
          scan t1: a#1, b#2, c#3, d#4, e#5
          generate_series(1, a#1): generate_series#6
      `,
    );
  });

  test('LATERAL that does not is a join', () => {
    plan(
      'select g from t3, generate_series(1, 2) as g',
      `
      project generate_series#4
        join inner
          scan t3: x#1, z#2, flag#3
          generate_series(1, 2): generate_series#4
      `,
    );
  });

  test('each reference to a WITH query has columns of its own', () => {
    plan(
      'with w as (select x, y from t2) select w.x, v.y from w join w as v on w.x = v.y',
      `
      project x#1, y#5
        join inner on equal(x#1, y#5)
          project x#1, y#2
            scan t2: x#1, y#2, s#3
          project x#4, y#5
            scan t2: x#4, y#5, s#6
      `,
    );
  });

  test('a WITH query with a volatile function is read once or refused', () => {
    expect(errorOf('with w as (select random() as r) select r from w', sqlPlan)).toBe('no error');
    const twice = 'with w as (select random() as r) select 1 from w join w as v on w.r = v.r';
    expect(errorOf(twice, sqlPlan)).toContain('0A000 "w as v"');
  });

  test('a subquery in ON of an outer join is refused', () => {
    const sql = 'select 1 from t1 left join t2 on a in (select x from t3)';
    expect(errorOf(sql, sqlPlan)).toBe('0A000 "a in (select x from t3)": a subquery in JOIN/ON is not supported');
  });

  test('a subquery in ON of an inner join', () => {
    plan(
      'select 1 from t1 join t2 on a = x and exists (select 1 from t3 where t3.x = t2.x)',
      `
      project 1 → ?column?#13
        apply semi
          join inner on equal(a#1, x#6)
            scan t1: a#1, b#2, c#3, d#4, e#5
            scan t2: x#6, y#7, s#8
          project 1 → ?column?#12
            filter equal(x#9, x#6)
              scan t3: x#9, z#10, flag#11
      `,
    );
  });
});
