import { describe, expect, it } from 'vitest';
import { parse } from '../../../grammars/lql/parser.ts';
import { formatError, LumaError } from '../../../src/types/error.ts';

function failure(text: string): LumaError {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof LumaError) return error;
    throw error;
  }
  throw new Error(`parsed: ${text}`);
}

/** What the error points at. */
function pointedAt(text: string): string {
  const { span } = failure(text);
  return span === undefined ? '' : text.slice(span.start, span.end);
}

describe('syntax errors', () => {
  it('print with place, caret, expectation and hint', () => {
    const text = 'selec 1';
    const [first, ...rest] = formatError(failure(text), text).split('\n');
    expect(first).toBe('error[42601] 1:1: syntax error at or near "selec"');
    expect(rest.slice(0, 2)).toEqual(['  selec 1', '  ^^^^^']);
    expect(rest.join('\n')).toMatch(/expected: .*SELECT.*\nhint: Did you mean SELECT instead of "selec"\?/);
  });

  it.each([
    ['select 1 +', ['an expression']],
    ['drop table', ['a name']],
    ['select a from t order', ['BY']],
    ['select a from t limit', ['ALL', 'an expression']],
    ['create table t (a', ['a type']],
    ['select case when a then 1', ['WHEN', 'ELSE', 'END']],
    ['insert into t values', ['(']],
  ])('%s: says what was expected', (text, expected) => {
    const { code, message, expected: told } = failure(text);
    expect(code).toBe('42601');
    expect(message).toBe('syntax error at end of input');
    expect(told).toEqual(expect.arrayContaining(expected));
    expect(told.length).toBeLessThanOrEqual(8);
  });

  it.each([
    ['select a form t', 't', /FROM instead of "form"/],
    ['select * from t wher x = 1', 'x', /WHERE instead of "wher"/],
    ['select 1; inset into t values (1)', 'inset', /INSERT/],
    ['select (1 + 2', '', /parenthesis at 1:8 is not closed/],
    ['select 1)', ')', /closes nothing/],
    ['select a, from t', 'from', /comma at 1:9/],
    ['select a == b', '==', /written =/],
    ['select a && b', '&&', /AND/],
    ['select `a`', '`', /double quotes/],
    ['select a from t limit 1, 2', ',', /OFFSET/],
    ['select a from order', 'order', /reserved word; as a name it is written "order"/],
    ['create table t (user int)', 'user', /"user"/],
    ['select a = b = c', '=', /do not chain/],
    ["select 'abc", "'abc", /Close it with '/],
    ['select "abc', '"abc', /Close it with "/],
    ['select $q$ab', '$q$ab', /Close it with \$q\$/],
    ['select /* /* x */', '/* /* x */', /nest/],
    ["select e'\\u12'", '\\u', /\\uXXXX/],
    ['copy (select 1) from stdin', 'from', /^$/],
    ['select 12abc', '12abc', /^$/],
    ['(select 1 limit 1) limit 2', '(select 1 limit 1) limit 2', /FROM/],
  ])('%s: points at %j with a hint', (text, place, hint) => {
    expect(failure(text).code).toBe('42601');
    expect(pointedAt(text)).toBe(place);
    expect(failure(text).hint ?? '').toMatch(hint);
  });

  it('counts lines and columns in code points', () => {
    const text = "select '🙂',\n  '🙂' x y";
    expect(formatError(failure(text), text).split('\n')[0]).toMatch(/^error\[42601\] 2:9:/);
  });
});

describe('what exists elsewhere', () => {
  it.each([
    ['with recursive t as (select 1) select 1', 'WITH RECURSIVE'],
    ['select a similar to b', 'SIMILAR TO'],
    ['select a not similar to b', 'SIMILAR TO'],
    ['select a between symmetric 1 and 2', 'BETWEEN SYMMETRIC'],
    ['select array[1]', 'an array'],
    ['select row(1, 2)', 'a row constructor'],
    ['select (1, 2)', 'a row constructor'],
    ['select x[1]', 'an array'],
    ['select U&"a"', 'U&'],
    ["select x'1f'", 'bit strings'],
    ['select distinct on (a) b from t', 'DISTINCT ON'],
    ['select a from t group by rollup (a)', 'ROLLUP'],
    ['select a from t group by grouping sets ((a))', 'GROUPING SETS'],
    ['select a from t for update', 'FOR UPDATE'],
    ['select a from t fetch first 1 rows with ties', 'WITH TIES'],
    ['select f(a => 1)', 'a named argument'],
    ['select f(x) within group (order by a)', 'WITHIN GROUP'],
    ['create table t (a int primary key)', 'PRIMARY KEY'],
    ['create table t (a int default 5)', 'DEFAULT'],
    ['create table t (a int, check (a > 0))', 'CHECK'],
    ['create index i on t (a)', 'CREATE INDEX'],
    ['drop view v', 'DROP VIEW'],
    ['insert into t values (1) returning a', 'RETURNING'],
    ['insert into t values (1) on conflict do nothing', 'ON CONFLICT'],
    ['update t set a = 1', 'UPDATE'],
    ['delete from t', 'DELETE'],
    ['begin isolation level serializable', 'SERIALIZABLE'],
    ['begin read only', 'READ ONLY'],
    ['explain (buffers) select 1', 'BUFFERS'],
    ['explain (format yaml) select 1', 'yaml'],
    ['select a -> b', '->'],
    ['select a.b.c from a', 'a schema before a column'],
    ['select other.f(1)', 'a function in a schema'],
    ['create table other.t (a int)', 'schema "other"'],
    ['select a collate "de_DE"', 'collation "de_DE"'],
    ['select current_time', 'a time without a date'],
  ])('%s: is refused by name', (text, name) => {
    const { code, message, span } = failure(text);
    expect({ code, message }).toEqual({ code: '0A000', message: expect.stringContaining(name) });
    expect(span).toBeDefined();
  });

  it('unknown types name the nearest', () => {
    expect(failure('create table t (a intger)')).toMatchObject({ code: '42704', hint: 'Did you mean "integer"?' });
    expect(pointedAt('create table t (a intger)')).toBe('intger');
    expect(failure('select a::timestamp(2)')).toMatchObject({ code: '22023', hint: expect.stringContaining('milliseconds (3)') });
    expect(failure('select a::numeric(50)')).toMatchObject({ code: '22023' });
  });
});

describe('nesting', () => {
  it.each([
    ['parentheses', `select ${'('.repeat(10_000)}1${')'.repeat(10_000)}`],
    ['parentheses in FROM', `select 1 from ${'('.repeat(10_000)}a`],
    ['queries', `${'('.repeat(10_000)}select 1${')'.repeat(10_000)}`],
    ['NOT', `select ${'not '.repeat(10_000)}true`],
    ['calls', `select ${'f('.repeat(10_000)}`],
    ['joins', `select 1 from a ${'join a '.repeat(10_000)}`],
    ['operators', `select 1${' + 1'.repeat(10_000)}`],
    ['set operations', `select 1${' union select 1'.repeat(10_000)}`],
  ])('ends in 54001: %s', (_, text) => {
    expect(failure(text)).toMatchObject({ code: '54001', hint: expect.stringContaining('limit') });
  });

  it('goes as deep as people write', () => {
    const deep = (open: string, close: string): string => `select ${open.repeat(60)}1${close.repeat(60)}`;
    for (const [open, close] of [
      ['(', ')'],
      ['(select ', ')'],
      ['f(', ')'],
      ['case when true then ', ' end'],
    ] as const) {
      expect(parse(deep(open, close))).toHaveLength(1);
    }
    expect(parse(`select 1 where ${Array.from({ length: 4000 }, (_, i) => `a = ${i}`).join(' or ')}`)).toHaveLength(1);
  });
});

describe('promql in FROM', () => {
  it('reports places in the outer text', () => {
    const text = "select * from promql('rate(foo[5m]', 1, 2, 3)";
    expect(failure(text)).toMatchObject({ code: '42601', span: { start: text.indexOf("'", 22), end: expect.any(Number) } });
    const unknown = "select * from promql('nosuch(foo)', 1)";
    expect(pointedAt(unknown)).toMatch(/^nosuch/);
  });

  it('points at the whole literal when it has escapes', () => {
    expect(pointedAt("select * from promql('nosuch(foo{a=\"''\"})', 1)")).toBe("'nosuch(foo{a=\"''\"})'");
  });

  it.each(['promql(x, 1)', "promql('a')", "promql('a', 1, 2)", "promql('a', 1, 2, 3, 4)"])(
    '%s: says how it is written',
    (call) => {
      expect(failure(`select * from ${call}`).hint).toMatch(/promql\('query', start, end, step\)/);
    },
  );
});
