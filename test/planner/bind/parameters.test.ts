import { describe, expect, test } from 'vitest';
import { INT64, typeName } from '../../../src/types/data-type.ts';
import { bindSql, errorOf, sqlPlan } from './bind-text.ts';

/** Types of `$1`…, as PostgreSQL's PREPARE infers them: the first context that wants a type gives it. */

function types(sql: string): readonly (string | null)[] {
  return bindSql(sql).parameters.map((type) => (type === null ? null : typeName(type)));
}

describe('parameters', () => {
  test.each([
    ['select a from t1 where a = $1', ['INTEGER']],
    ['select $1', ['TEXT']],
    ['select $1 + z from t3', ['BIGINT']],
    ['select x from t3 where flag and $1', ['BOOLEAN']],
    ['select a from t1 limit $1 offset $2', ['BIGINT', 'BIGINT']],
    ['select case when $1 then $2 else a end from t1', ['BOOLEAN', 'INTEGER']],
    ['select $1 union select 1', ['INTEGER']],
    ['values ($1, 2), (3, $2)', ['INTEGER', 'INTEGER']],
    ['select a in (1, $1) from t1', ['INTEGER']],
    ['select a from t1 where a between $1 and $2', ['INTEGER', 'INTEGER']],
    ['select $1::date', ['DATE']],
    ['select $2 = a from t1', [null, 'INTEGER']],
    ['select nullif($1, 1)', ['INTEGER']],
    ['select coalesce(l_discount, $1) from lineitem', ['DECIMAL(38, 10)']],
  ])('%s', (sql, expected) => {
    expect(types(sql)).toEqual(expected);
  });

  test('IS NULL leaves the type to another place', () => {
    expect(types('select x from t3 where $1 is null or z = $1')).toEqual(['BIGINT']);
    expect(sqlPlan('select x from t3 where $1 is null or z = $1')).toContain('is_null($1::bigint)');
    expect(errorOf('select $1 is null', bindSql)).toBe('42P18 "$1": could not determine data type of parameter $1');
  });

  test('a second place casts implicitly, or the types are inconsistent', () => {
    expect(sqlPlan('select a + $1, z + $1 from t1, t3')).toContain('add(z#7, $1::integer::bigint)');
    expect(errorOf('select a = $1, coalesce(flag, $1) from t1, t3', bindSql)).toContain('42804');
    expect(errorOf('select s = $1, date_part($1, o_orderdate) from t2, orders', bindSql)).toBe('no error');
  });

  test('types that the client gave hold', () => {
    const { parameters } = bindSql('select a = $1 from t1', { parameterTypes: [INT64] });
    expect(parameters).toEqual([INT64]);
    expect(sqlPlan('select a = $1 from t1', { parameterTypes: [INT64] })).toContain('equal(a#1::bigint, $1::bigint)');
  });
});
