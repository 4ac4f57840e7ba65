import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { RULES } from '../../../planner/rules/order.ts';
import { INT32 } from '../../../src/types/data-type.ts';
import { LumaError } from '../../../src/types/error.ts';
import { TPCH_TABLES } from '../bind/tpch-tables.ts';
import { column, fixtureCatalog, fixtureTable } from '../fixture.ts';
import { ofKind, operatorsOf, planned } from './plan-text.ts';

function names(columns: readonly { readonly name: string }[]): string {
  return columns.map((each) => each.name).join(' ');
}

describe('every operator delivers only what is read above it', () => {
  test('a filter drops the columns that only it reads', () => {
    const { plan } = planned('SELECT k FROM l WHERE a > 1').physical;
    expect(names(plan.columns)).toBe('k');
    expect(names(ofKind(plan, 'filter')[0]?.columns ?? [])).toBe('k');
    expect(names(ofKind(plan, 'table_scan')[0]?.columns ?? [])).toBe('k a');
    expect(ofKind(plan, 'table_scan')[0]?.positions).toEqual([0, 1]);
  });

  test('a join drops its keys', () => {
    const { plan } = planned('SELECT l.k, r.b FROM l JOIN r ON l.a = r.a').physical;
    expect(names(ofKind(plan, 'hash_join')[0]?.columns ?? [])).toBe('b k');
    expect(plan.columns).toHaveLength(2);
  });

  test('count(*) reads no column', () => {
    const { plan } = planned('SELECT count(*) FROM l').physical;
    expect(ofKind(plan, 'table_scan')[0]?.columns).toEqual([]);
  });

  test('inputs of UNION ALL deliver columns in the order of the union', () => {
    const { plan } = planned('SELECT a, k FROM l UNION ALL SELECT b, a FROM r').physical;
    expect(ofKind(plan, 'union_all')[0]?.inputs.map((input) => names(input.columns))).toEqual(['a k', 'b a']);
  });
});

describe('filters', () => {
  test('bounds for zone maps come from comparisons and IN, in the type of the column', () => {
    const { plan } = planned('SELECT k FROM l WHERE 3 > a AND b IN (5, 2, 9) AND k <> 4 AND CAST(k AS BIGINT) >= 7').physical;
    expect(ofKind(plan, 'table_scan')[0]?.bounds).toEqual(
      expect.arrayContaining([
        { position: 1, operator: 'less', value: 3 },
        { position: 2, operator: 'greater_equal', value: 2 },
        { position: 2, operator: 'less_equal', value: 9 },
        { position: 0, operator: 'greater_equal', value: 7 },
      ]),
    );
    expect(ofKind(plan, 'table_scan')[0]?.bounds).toHaveLength(4);
  });

  test('what can raise is checked last, after what might keep it from raising', () => {
    const { plan } = planned("SELECT k FROM l WHERE 10 / a > 2 AND t LIKE '%x%' AND a <> 0").physical;
    const [filter] = ofKind(plan, 'filter');
    expect(filter?.predicates.map((each) => (each.kind === 'call' ? each.function.name : each.kind))).toEqual([
      'not_equal',
      'like',
      'greater',
    ]);
  });
});

describe('joins', () => {
  const tables = ['small', 'big'].map((name, at) =>
    fixtureTable(
      name,
      ['x', 'y'].map((each) => column(each, INT32)),
      10 ** (2 + 3 * at),
    ),
  );
  const catalog = fixtureCatalog(tables);
  const sides = (sql: string, disabled: readonly string[] = []) =>
    ofKind(planned(sql, catalog, disabled).physical.plan, 'hash_join').map(({ type, probe, build }) => [
      type,
      ...[probe, build].map((side) => ofKind(side, 'table_scan')[0]?.table),
    ]);

  test('an inner join hashes the smaller side, whatever the order of the text', () => {
    for (const from of ['small, big', 'big, small']) {
      for (const disabled of [[], ['OrderJoins']]) {
        expect(sides(`SELECT 1 FROM ${from} WHERE small.x = big.x`, disabled)).toEqual([['inner', 'big', 'small']]);
      }
    }
  });

  test('left, semi and anti joins probe with the side they preserve', () => {
    expect(sides('SELECT small.y, big.y FROM small LEFT JOIN big ON small.x = big.x')).toEqual([['left', 'small', 'big']]);
    expect(sides('SELECT y FROM small WHERE x IN (SELECT x FROM big)')).toEqual([['semi', 'small', 'big']]);
    expect(sides('SELECT y FROM small WHERE x NOT IN (SELECT x FROM big)')).toEqual([['anti', 'small', 'big']]);
  });

  test('keys are the equalities, the rest is residual; without an equality the inner side is looped over', () => {
    const { plan } = planned('SELECT l.k FROM l JOIN r ON l.a = r.a AND l.b < r.b AND l.t IS NOT DISTINCT FROM r.t').physical;
    const [join] = ofKind(plan, 'hash_join');
    expect(join?.keys.map((key) => key.nullSafe).sort()).toEqual([false, true]);
    expect(join?.residual).toHaveLength(1);
    expect(ofKind(planned('SELECT l.k FROM l JOIN r ON l.b < r.b').physical.plan, 'nested_loop_join')).toHaveLength(1);
  });

  test('the comparison of NOT IN is the first key, or stands apart, or is the first predicate of a loop', () => {
    const hashed = planned('SELECT k FROM l WHERE b NOT IN (SELECT b FROM r WHERE r.a = l.a)').physical.plan;
    const [join] = ofKind(hashed, 'hash_join');
    expect(join?.nullAware).toBe(true);
    expect(join?.keys.map(({ probe }) => (probe.kind === 'column' ? probe.name : ''))).toEqual(['b', 'a']);
    const [apart] = ofKind(planned('SELECT k FROM l WHERE b > ALL (SELECT b FROM r WHERE r.a = l.a)').physical.plan, 'hash_join');
    expect(apart?.keys).toHaveLength(1);
    expect(apart?.compared).toMatchObject({ kind: 'call', function: { name: 'less_equal' } });
    const looped = planned('SELECT k FROM l WHERE b > ALL (SELECT b FROM r WHERE r.a < l.a)').physical.plan;
    expect(ofKind(looped, 'nested_loop_join')[0]?.predicates).toMatchObject([{ function: { name: 'less_equal' } }, {}]);
  });
});

describe('limits', () => {
  test('a limit over a sort is one operator', () => {
    const { plan } = planned('SELECT k + 1 AS n FROM l ORDER BY k LIMIT 3 OFFSET 1').physical;
    expect(ofKind(plan, 'top_n')).toHaveLength(1);
    expect(ofKind(plan, 'sort')).toEqual([]);
  });

  test('OFFSET alone, and LIMIT NULL, need the whole sort', () => {
    for (const limit of ['OFFSET 2', 'LIMIT NULL OFFSET 2']) {
      const { plan } = planned(`SELECT k FROM l ORDER BY k ${limit}`).physical;
      expect(operatorsOf(plan).map((each) => each.kind)).toEqual(expect.arrayContaining(['limit', 'sort']));
    }
  });
});

test('nodes are numbered from the root without gaps', () => {
  const { plan } = planned('SELECT a FROM r UNION SELECT l.a FROM l JOIN s ON l.a = s.a').physical;
  const numbers = operatorsOf(plan).map((each) => each.node);
  expect(numbers[0]).toBe(1);
  expect([...numbers].sort((a, b) => a - b)).toEqual(numbers.map((_, at) => at + 1));
});

test('costs add up: an operator costs at least what its inputs cost', () => {
  const { plan } = planned('SELECT r.a, count(*) FROM l JOIN r ON l.a = r.a WHERE l.b > 1 GROUP BY r.a ORDER BY 2').physical;
  for (const operator of operatorsOf(plan)) {
    const inputs = operatorsOf(operator).slice(1);
    for (const input of inputs) expect(operator.estimate.cost).toBeGreaterThanOrEqual(input.estimate.cost);
  }
});

test('what a switched-off rule would have rewritten is refused by name, not executed wrongly', () => {
  const refusals: readonly (readonly [rule: string, sql: string])[] = [
    ['DecorrelateSubqueries', 'SELECT k FROM l WHERE EXISTS (SELECT 1 FROM r WHERE r.a = l.a)'],
    ['RewriteSetOperations', 'SELECT a FROM r INTERSECT SELECT a FROM l'],
    ['ExpandDistinctAggregates', 'SELECT count(DISTINCT a) FROM r'],
    ['ExpandFullJoins', 'SELECT l.k FROM l FULL JOIN r ON l.a = r.a'],
  ];
  for (const [rule, sql] of refusals) {
    expect(() => planned(sql, undefined, [rule]), rule).toThrow(LumaError);
    expect(() => planned(sql), rule).not.toThrow();
  }
  expect(() => planned('SELECT 1', undefined, ['PushFilter'])).toThrow(/there is no optimizer rule "PushFilter"/);
});

const QUERIES = new URL('../../../../shared/suites/tpch/queries/', import.meta.url);

describe.skipIf(!existsSync(QUERIES))('TPC-H', () => {
  const files = existsSync(QUERIES) ? readdirSync(QUERIES).filter((name) => name.endsWith('.sql')) : [];
  const catalog = fixtureCatalog(TPCH_TABLES);

  test.each(files)('%s is planned without nested loops over tables, also with any one rule off', (file) => {
    const sql = readFileSync(new URL(file, QUERIES), 'utf8');
    const { plan } = planned(sql, catalog).physical;
    for (const loop of ofKind(plan, 'nested_loop_join')) expect(loop.inner.estimate.rows).toBeLessThanOrEqual(1);
    const needed = new Set(['DecorrelateSubqueries', 'ExpandDistinctAggregates', 'RewriteSetOperations', 'ExpandFullJoins']);
    for (const { name } of RULES) if (!needed.has(name)) expect(() => planned(sql, catalog, [name]), name).not.toThrow();
  });
});
