import { describe, expect, test } from 'vitest';
import { typeName } from '../../../src/types/data-type.ts';
import { bindInsertSql, errorOf } from './bind-text.ts';
import { planText } from './plan-text.ts';

describe('INSERT', () => {
  test('one output per column of the table, in its order; what is left out is NULL', () => {
    const { table, query } = bindInsertSql("insert into t2 (s, x) values ('a', 1.5), (null, '2')");
    expect(query.output.map((each) => each.name)).toEqual(table.columns.map((column) => column.name));
    expect(query.plan.columns.map((column) => typeName(column.type))).toEqual(['INTEGER', 'INTEGER', 'TEXT']);
    expect(planText(query.plan)).toBe(
      ['project x#2 → x#3, null → y#4, s#1 → s#5', "  values ('a', 15::decimal(2, 1)::integer), (null, 2): s#1, x#2"].join('\n'),
    );
  });

  test('fewer values than columns without a column list', () => {
    expect(planText(bindInsertSql('insert into t2 values (1)').query.plan)).toContain('null → y');
  });

  test('a query is assigned column by column; untyped outputs take the type of their column', () => {
    expect(planText(bindInsertSql('insert into t2 (s, x) select a, b from t1').query.plan)).toContain(
      'project b#2 → x#6, null → y#7, a#1::text → s#8',
    );
    const { parameters } = bindInsertSql("insert into t2 (x, y) select $1, '7'").query;
    expect(parameters.map((type) => type && typeName(type))).toEqual(['INTEGER']);
  });

  test('a subquery as a value', () => {
    expect(planText(bindInsertSql('insert into t2 (x) values ((select max(a) from t1))').query.plan)).toContain('apply single');
  });

  test.each([
    ['insert into tt2 values (1)', '42P01', 'relation "tt2" does not exist'],
    ['insert into t2 (x, nope) values (1, 2)', '42703', 'column "nope" of relation "t2" does not exist'],
    ['insert into t2 (x, x) values (1, 2)', '42701', 'column "x" specified more than once'],
    ['insert into t2 (x, y) values (1)', '42601', 'INSERT has more target columns than expressions'],
    ["insert into t2 values (1, 2, 'x', 4)", '42601', 'INSERT has more expressions than target columns'],
    ['insert into t2 (x) select s from t2', '42804', 'column "x" is of type integer but expression is of type text'],
    ['insert into t3 (flag) values (1)', '42804', 'column "flag" is of type boolean but expression is of type integer'],
    ["insert into t2 (x) values ('one')", '22P02', 'invalid input syntax'],
  ])('%s: %s', (sql, code, message) => {
    const error = errorOf(sql, bindInsertSql);
    expect(error.startsWith(code)).toBe(true);
    expect(error).toContain(message);
  });
});
