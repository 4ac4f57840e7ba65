import { describe, expect, it } from 'vitest';
import type { Expression } from '../../../grammars/ast/expression.ts';
import type { Query, Relation, Select } from '../../../grammars/ast/relation.ts';
import type { Statement } from '../../../grammars/ast/statement.ts';
import { stripSpans } from '../../../grammars/ast/visit-spans.ts';
import { lql } from '../../../grammars/lql/language.ts';
import { typeName } from '../../../src/types/data-type.ts';

function only(text: string): Statement {
  const [statement, ...more] = lql.parse(text);
  if (statement === undefined || more.length > 0) throw new Error(`${more.length + 1} statements`);
  return statement;
}

function query(text: string): Query {
  const statement = only(text);
  if (statement.kind !== 'query_statement') throw new Error(statement.kind);
  return statement.query;
}

function select(text: string): Select {
  const { body } = query(text);
  if (body.kind !== 'select') throw new Error(body.kind);
  return body;
}

function expression(text: string): Expression {
  const [item] = select(`select ${text}`).items;
  if (item?.kind !== 'expression') throw new Error('no expression');
  return item.expression;
}

/** The canonical text. */
const canonical = (text: string): string => lql.print(only(text));
const canonicalExpression = (text: string): string => canonical(`select ${text} as x`).replace(/^SELECT | AS x$/g, '');

describe('names', () => {
  it('fold to lower case unless quoted', () => {
    expect(
      select('SELECT Foo, "Foo", "a""b", É FROM T').items.map((item) => item.kind === 'expression' && item.expression),
    ).toMatchObject([{ name: 'foo' }, { name: 'Foo' }, { name: 'a"b' }, { name: 'É' }]);
  });

  it('may have schema, alias and columns', () => {
    expect(select('select 1 from s.t as x (a, b)').from).toMatchObject({
      schema: 's',
      name: 't',
      alias: { name: 'x', columns: ['a', 'b'] },
    });
  });
});

describe('literals', () => {
  it.each([
    ['42', { type: 'integer', text: '42' }],
    ['1_000', { type: 'integer', text: '1000' }],
    ['0xFF', { type: 'integer', text: '255' }],
    ['99999999999999999999', { type: 'integer', text: '99999999999999999999' }],
    ['1.50', { type: 'decimal', text: '1.50' }],
    ['.5', { type: 'decimal', text: '0.5' }],
    ['1.5e3', { type: 'float', value: 1500 }],
    ["'it''s'", { type: 'text', value: "it's" }],
    ["'a'\n 'b'", { type: 'text', value: 'ab' }],
    ["E'a\\n\\x41\\u00e9\\''", { type: 'text', value: "a\nAé'" }],
    ["'a\\n'", { type: 'text', value: 'a\\n' }],
    ["$x$it's $1$x$", { type: 'text', value: "it's $1" }],
    ['true', { type: 'boolean', value: true }],
    ['NULL', { type: 'null' }],
    ["INTERVAL '1 day 2 hours'", { type: 'interval', months: 0, days: 1, nanoseconds: 7_200_000_000_000n }],
    ["INTERVAL '1' DAY", { type: 'interval', months: 0, days: 1, nanoseconds: 0n }],
    ["INTERVAL '1-2' YEAR TO MONTH", { type: 'interval', months: 14, days: 0, nanoseconds: 0n }],
  ])('%s', (text, value) => {
    expect(expression(text)).toMatchObject({ kind: 'literal', value });
  });

  it('typed ones are casts of texts', () => {
    expect(canonicalExpression("date '2020-01-01'")).toBe("DATE '2020-01-01'");
    expect(expression("date '2020-01-01'")).toMatchObject({
      kind: 'cast',
      operand: { value: { value: '2020-01-01' } },
      type: { kind: 'date' },
    });
    expect(canonicalExpression("'2020-01-01'::timestamp(3) with time zone")).toBe("TIMESTAMP(3) WITH TIME ZONE '2020-01-01'");
    expect(canonicalExpression("double precision '1'")).toBe("CAST('1' AS DOUBLE PRECISION)");
  });

  it('comments nest and count as white space', () => {
    expect(canonical('select /* a /* b */ c */ 1 -- d\n + 2')).toBe('SELECT 1 + 2');
  });
});

describe('types', () => {
  it.each([
    ['int2, smallint, int4, int, integer', 'INTEGER'],
    ['int8, bigint', 'BIGINT'],
    ['real, float4, float8, float, float(10), double precision, double', 'DOUBLE PRECISION'],
    ['numeric, decimal, dec', 'DECIMAL(18, 3)'],
    ['numeric(5), decimal(5, 0)', 'DECIMAL(5, 0)'],
    ['text, varchar, varchar(10), char(3), character varying(5), bpchar', 'TEXT'],
    ['bool, boolean, pg_catalog.bool', 'BOOLEAN'],
    ['timestamp, timestamp without time zone, timestamp(6)', 'TIMESTAMP'],
    ['timestamptz(9), timestamp(9) with time zone', 'TIMESTAMP(9) WITH TIME ZONE'],
    ['date', 'DATE'],
    ['interval', 'INTERVAL'],
  ])('%s', (names, type) => {
    for (const name of names.split(/, (?!\d)/)) {
      const cast = expression(`null::${name}`);
      expect(cast.kind === 'cast' && typeName(cast.type), name).toBe(type);
    }
  });
});

describe('expressions are lowered to LumaDB meanings', () => {
  it.each([
    ['a != b', 'a <> b'],
    ['a ISNULL', 'a IS NULL'],
    ['a IS NOT UNKNOWN', 'a IS NOT NULL'],
    ['extract(year from d)', 'EXTRACT(YEAR FROM d)'],
    ["date_part('year', d)", 'EXTRACT(YEAR FROM d)'],
    ['substring(s from 2 for 3)', 'substring(s, 2, 3)'],
    ['substring(s for 3)', 'substring(s, 1, 3)'],
    ["position('a' in s)", "strpos(s, 'a')"],
    ["trim(both 'x' from s)", "btrim(s, 'x')"],
    ['trim(leading from s)', 'ltrim(s)'],
    ['trim(s)', 'btrim(s)'],
    ["overlay(s placing 'x' from 2 for 1)", "overlay(s, 'x', 2, 1)"],
    ["a ~* 'x'", "regexp_like(a, 'x', 'i')"],
    ["a !~ 'x'", "NOT regexp_like(a, 'x')"],
    ['current_timestamp', 'now()'],
    ['current_timestamp(3)', 'CAST(now() AS TIMESTAMP(3) WITH TIME ZONE)'],
    ['current_date', 'CURRENT_DATE'],
    ["t at time zone 'UTC'", "t AT TIME ZONE 'UTC'"],
    ['pg_catalog.lower(a)', 'lower(a)'],
    ['a operator(pg_catalog.+) b', 'a + b'],
    ['a collate "C"', 'a'],
    ['pow(a, 2)', 'power(a, 2)'],
    ['concat(a, b) || c', 'concat(a, b) || c'],
    ['x = some (select 1)', 'x = ANY (SELECT 1)'],
    ['count(all a)', 'count(a)'],
    ['((a + b)) * c', '(a + b) * c'],
    ['-a ^ 2', '-a ^ 2'],
    ['-(a ^ 2)', '-(a ^ 2)'],
    ['- -a', '-(-a)'],
    ['not a is null', 'NOT a IS NULL'],
    ['a between 1 and 2 and b', 'a BETWEEN 1 AND 2 AND b'],
  ])('%s', (text, expected) => {
    expect(canonicalExpression(text)).toBe(expected);
  });

  it('operators keep their meaning', () => {
    expect(expression('concat(a, b) || c')).toMatchObject({ operator: 'concatenate', left: { kind: 'call', name: 'concat' } });
    expect(expression('a / b')).toMatchObject({ kind: 'binary', operator: 'divide' });
    expect(expression("t at time zone 'UTC'")).toMatchObject({
      kind: 'call',
      name: 'timezone',
      arguments: [{ value: { value: 'UTC' } }, { name: 't' }],
    });
    expect(expression('sum(distinct x order by y desc) filter (where z) over (partition by p)')).toMatchObject({
      name: 'sum',
      distinct: true,
      orderBy: [{ descending: true, nulls: 'first' }],
      filter: { name: 'z' },
      over: { base: null, partitionBy: [{ name: 'p' }], frame: null },
    });
    expect(expression('$2')).toMatchObject({ kind: 'parameter', index: 2 });
  });
});

describe('queries', () => {
  it('make the order of NULLs explicit', () => {
    expect(query('select a from t order by a, b desc, c nulls first, d desc nulls last').orderBy).toMatchObject([
      { descending: false, nulls: 'last' },
      { descending: true, nulls: 'first' },
      { descending: false, nulls: 'first' },
      { descending: true, nulls: 'last' },
    ]);
  });

  it.each([
    ['select a from t fetch first 3 rows only', 'SELECT a FROM t LIMIT 3'],
    ['select a from t offset 2 rows fetch next row only', 'SELECT a FROM t LIMIT 1 OFFSET 2'],
    ['select a from t limit all', 'SELECT a FROM t'],
    ['table t', 'SELECT * FROM t'],
    ['(select a from t limit 5) order by a', 'SELECT a FROM t ORDER BY a LIMIT 5'],
    ['select 1 union select 2 intersect select 3', 'SELECT 1 UNION SELECT 2 INTERSECT SELECT 3'],
    ['(select 1 union select 2) intersect select 3', '(SELECT 1 UNION SELECT 2) INTERSECT SELECT 3'],
    ['select 1 from a join b join c on x on y', 'SELECT 1 FROM a JOIN (b JOIN c ON x) ON y'],
    ['select 1 from a, b cross join c', 'SELECT 1 FROM a, b CROSS JOIN c'],
    ['select x.* from generate_series(1, 10) as x(v)', 'SELECT x.* FROM generate_series(1, 10) AS x (v)'],
    ['select 1 from t, lateral (select t.a) s', 'SELECT 1 FROM t, LATERAL (SELECT t.a) AS s'],
    [
      'select sum(a) over w from t window w as (order by b rows 2 preceding)',
      expect.stringContaining('ROWS BETWEEN 2 PRECEDING AND CURRENT ROW'),
    ],
    ['with a (x) as not materialized (select 1) select x from a', 'WITH a (x) AS (SELECT 1) SELECT x FROM a'],
    ['values (1, 2), (3, 4)', 'VALUES (1, 2), (3, 4)'],
  ])('%s', (text, expected) => {
    expect(canonical(text)).toEqual(expected);
  });

  it('a FROM with commas leans left', () => {
    const from: Relation | null = select('select 1 from a, b, c join d on x').from;
    expect(from).toMatchObject({
      type: 'cross',
      left: { type: 'cross', left: { name: 'a' }, right: { name: 'b' } },
      right: { type: 'inner', left: { name: 'c' }, right: { name: 'd' }, condition: { type: 'on' } },
    });
  });

  it('read a series expression as a relation', () => {
    const text = "select * from promql('sum by (job) (rate(http_requests_total[5m]))', 0, 600, 60) as p";
    const { from } = select(text);
    expect(from).toMatchObject({
      kind: 'series_relation',
      expression: { kind: 'aggregation', operator: 'sum' },
      step: { kind: 'literal' },
      alias: { name: 'p' },
    });
    if (from?.kind !== 'series_relation') throw new Error('no series');
    // Places inside the literal are places in the outer text.
    expect(text.slice(from.expression.span.start, from.expression.span.end)).toBe('sum by (job) (rate(http_requests_total[5m]))');
    expect(select("select * from promql('up', now())").from).toMatchObject({
      start: { name: 'now' },
      end: { name: 'now' },
      step: null,
    });
  });

  it('spans cover what was written', () => {
    const text = 'select a + (b * c), d from t where x between 1 and 2';
    const { items, where } = select(text);
    const [sum] = items;
    const written = (node: { readonly span: { readonly start: number; readonly end: number } }): string =>
      text.slice(node.span.start, node.span.end);
    expect(sum?.kind === 'expression' && written(sum.expression)).toBe('a + (b * c)');
    expect(where === null ? '' : written(where)).toBe('x between 1 and 2');
  });
});

describe('statements', () => {
  it.each([
    [
      'create table cpu (ts timestamp time, host text tag not null, usage double field null)',
      'CREATE TABLE cpu (ts TIMESTAMP TIME, host TEXT TAG NOT NULL, usage DOUBLE PRECISION FIELD)',
    ],
    ['create table if not exists public.t as select 1 as a with data', 'CREATE TABLE IF NOT EXISTS t AS SELECT 1 AS a'],
    ['drop table if exists a, b', 'DROP TABLE IF EXISTS a, b'],
    ['insert into t (a, b) values (1, 2)', 'INSERT INTO t (a, b) VALUES (1, 2)'],
    ['insert into t (select 1)', 'INSERT INTO t SELECT 1'],
    [
      "copy t (a) from 'f.csv' with (format csv, header, delimiter ';', null '')",
      "COPY t (a) FROM 'f.csv' WITH (format 'csv', header true, delimiter ';', \"null\" '')",
    ],
    ["copy t from stdin csv header delimiter as ';'", "COPY t FROM STDIN WITH (format 'csv', header true, delimiter ';')"],
    ["copy (select 1) to 'f.parquet'", "COPY (SELECT 1) TO 'f.parquet'"],
    ['explain analyze verbose select 1', 'EXPLAIN ANALYZE VERBOSE SELECT 1'],
    ['explain (analyze, verbose off, format json) select 1', 'EXPLAIN (ANALYZE, FORMAT JSON) SELECT 1'],
    ['explain (select 1)', 'EXPLAIN SELECT 1'],
    ['analyze a, b', 'ANALYZE a, b'],
    ['analyze', 'ANALYZE'],
    ['start transaction isolation level read committed, read write', 'BEGIN'],
    ['begin work', 'BEGIN'],
    ['end', 'COMMIT'],
    ['abort transaction', 'ROLLBACK'],
    ['set search_path to a, "B"', "SET search_path = 'a, B'"],
    ['set session x.y = -1.5', "SET x.y = '-1.5'"],
    ['set local a = default', 'SET LOCAL a = DEFAULT'],
    ["set time zone 'UTC'", "SET timezone = 'UTC'"],
    ["set names 'utf8'", "SET client_encoding = 'utf8'"],
    ['reset all', 'RESET ALL'],
    ['show transaction isolation level', 'SHOW transaction_isolation'],
    ['show time zone', 'SHOW timezone'],
  ])('%s', (text, expected) => {
    expect(canonical(text)).toBe(expected);
  });

  it('are separated by semicolons', () => {
    expect(lql.parse(';; select 1;; select 2;').map((statement) => lql.print(statement))).toEqual(['SELECT 1', 'SELECT 2']);
    expect(lql.parse(' -- nothing\n')).toEqual([]);
  });

  it('long ones are laid out in lines', () => {
    const text = `select ${Array.from({ length: 12 }, (_, i) => `column_${i}`).join(', ')} from t where a = 1 and b = 2 group by 1`;
    expect(canonical(text).split('\n').slice(-4)).toEqual(
      ['FROM t', 'WHERE a = 1 AND b = 2', 'GROUP BY 1'].flatMap((line, i) => (i === 0 ? ['  column_11', line] : [line])),
    );
  });

  it('that LQL has no text for are refused', () => {
    const series = {
      kind: 'series_statement',
      span: { start: 0, end: 0 },
      expression: { kind: 'number', span: { start: 0, end: 0 }, value: 1 },
    } as const;
    expect(() => lql.print(series)).toThrow(expect.objectContaining({ code: '0A000' }));
  });

  it('division that always gives a float is its function, as / raises where that gives an infinity', () => {
    const statement = stripSpans(only('select a / b'));
    const floating = JSON.parse(JSON.stringify(statement).replace('"divide"', '"divide_float"')) as Statement;
    expect(lql.print(floating)).toBe('SELECT divide_float(a, b) AS "?column?"');
    expect(lql.print(only('select divide_float(a, b)'))).toBe('SELECT divide_float(a, b)');
  });
});

describe('recognizing', () => {
  it.each(['select 1', '-- c\nSELECT 1', '(select 1)', 'insert into t values (1)', 'with a as (select 1) select 1'])(
    '%s',
    (text) => {
      expect(lql.recognize(text)).toBeGreaterThan(0.5);
    },
  );

  it.each(['rate(http_requests_total[5m])', 'up', 'select{a="b"}', 'sum by (x) (y)', '', '{a="b"}'])('not %s', (text) => {
    expect(lql.recognize(text)).toBeLessThan(0.5);
  });
});
