import { describe, expect, test } from 'vitest';
import type { BoundExpression } from '../../../planner/expression.ts';
import { bindSql, errorOf } from './bind-text.ts';
import { expressionText } from './plan-text.ts';

/** The first result column of a query, as its Project computes it. */
function expression(sql: string): BoundExpression {
  const { plan } = bindSql(sql);
  if (plan.kind !== 'project') throw new Error('not a projection');
  const [item] = plan.items;
  if (item === undefined) throw new Error('no column');
  return item.expression;
}

function bound(text: string, from = 't1, t2, t3, orders, lineitem'): string {
  return expressionText(expression(`select ${text} from ${from}`)).replaceAll(/#\d+/g, '');
}

describe('literals', () => {
  test.each([
    ['2147483647', '2147483647'],
    ['-2147483648', '-2147483648'],
    ['2147483648', '2147483648::bigint'],
    ['9223372036854775808', '9223372036854775808::decimal(19, 0)'],
    ['0.05', '5::decimal(2, 2)'],
    ['-1.50', '-150::decimal(3, 2)'],
    ['.5', '5::decimal(1, 1)'],
    ['1e3', '1000::double precision'],
    ["'x'", "'x'"],
    ['null', 'null'],
    ["date '1998-01-01'", '10227::date'],
  ])('%s', (text, expected) => {
    expect(bound(text)).toBe(expected);
  });

  test('a number that nothing holds', () => {
    const sql = `select ${'9'.repeat(39)}`;
    expect(errorOf(sql, bindSql)).toBe(`22003 "${'9'.repeat(39)}": a number has at most 38 digits`);
  });
});

describe('quoted strings and NULL take the type of the other side', () => {
  test.each([
    ["a = '7'", 'equal(a, 7)'],
    ["o_orderdate < '1998-01-01'", 'less(o_orderdate, 10227::date)'],
    ["flag = 'yes'", 'equal(flag, true)'],
    ["a in ('1', 2)", 'a in (1, 2)'],
    ["coalesce(a, '5')", 'coalesce(a, 5)'],
    ["case when flag then a else '1' end", 'case when flag then a else 1 end'],
    ['nullif(a, null)', 'case when equal(a, null) then null else a end'],
  ])('%s', (text, expected) => {
    expect(bound(text)).toBe(expected);
  });

  test('a quoted number keeps its digits beside a decimal', () => {
    expect(bound("l_discount > '0.055'")).toBe('greater(l_discount::decimal(16, 3), 55::decimal(3, 3)::decimal(16, 3))');
  });

  test('a wrong one is reported where it stands', () => {
    const sql = "select a from t1 where a > 1 and b = 'seven'";
    expect(errorOf(sql, bindSql)).toBe('22P02 "\'seven\'": invalid input syntax for type int32: "seven"');
  });
});

describe('forms', () => {
  test.each([
    ['a between 1 and b', '(greater_equal(a, 1) AND less_equal(a, b))'],
    ['a not between 1 and 2', 'not((greater_equal(a, 1) AND less_equal(a, 2)))'],
    ['a in (1, 2)', 'a in (1, 2)'],
    ['z in (1, 2)', 'z in (1::bigint, 2::bigint)'],
    ['a in (1, null)', 'a in (1, null)'],
    ['a not in (b, 1)', 'not((equal(a, b) OR equal(a, 1)))'],
    ['a in (1)', 'equal(a, 1)'],
    ['case a when 1 then 2 end', 'case when equal(a, 1) then 2 else null end'],
    ['flag is not true', 'case when flag then false else true end'],
    ['flag is false', 'case when not(flag) then true else false end'],
    ['a is not null', 'not(is_null(a))'],
    ['a is distinct from 1', 'is_distinct(a, 1)'],
    ["s not like 'a%'", "not(like(s, 'a%'))"],
    ['a = 1 and b = 2 and c = 3', '(equal(a, 1) AND equal(b, 2) AND equal(c, 3))'],
    ['a + z', 'add(a::bigint, z)'],
    ['now()', '1767323045678000::timestamp with time zone'],
    ['current_date', '20455::date'],
  ])('%s', (text, expected) => {
    expect(bound(text)).toBe(expected);
  });

  test.each([
    'random() between 0 and 1',
    'case random() when 1 then 2 end',
    'nullif(random(), 1)',
    'random() in (1, 2, l_ratio)',
  ])('%s would compute a volatile operand twice', (text) => {
    expect(errorOf(`select ${text} from lineitem`, bindSql)).toContain('0A000 "random()"');
  });

  test('names of result columns without a table', () => {
    expect(bindSql("select 1, abs(1), 'x'::text, case when true then 1 end").output.map((each) => each.name)).toEqual([
      '?column?',
      'abs',
      'text',
      'case',
    ]);
  });
});

describe('hints', () => {
  const hint = (sql: string): string | undefined => {
    try {
      bindSql(sql);
    } catch (thrown) {
      return thrown instanceof Error && 'hint' in thrown && typeof thrown.hint === 'string' ? thrown.hint : undefined;
    }
    return undefined;
  };

  test.each([
    ['select o_orderdat from orders', 'Did you mean "o_orderdate"?'],
    ['select orders.o_orderdat from orders', 'Did you mean "o_orderdate"?'],
    ['select * from order', '"order" is a reserved word; as a name it is written "order".'],
    ['select * from ordres', 'Did you mean "orders"?'],
    ['select ordres.o_orderdate from orders', 'Did you mean "orders"?'],
    ['select t1 from t1', '"t1" is a table here: name one of its columns.'],
    ['select sum(a) over ww from t1 window w as (order by b)', 'Did you mean "w"?'],
  ])('%s', (sql, expected) => {
    expect(hint(sql)).toBe(expected);
  });
});
