import { describe, expect, test } from 'vitest';
import { explainQuery } from '../../../planner/explain/explain.ts';
import { expressionText } from '../../../planner/explain/expression.ts';
import { meaningOf } from '../../../planner/explain/meaning.ts';
import type { BoundExpression } from '../../../planner/expression.ts';
import { constantOf } from '../../../planner/expression-build.ts';
import type { ExecutionStatistics } from '../../../planner/physical/statistics.ts';
import { RULES } from '../../../planner/rules/order.ts';
import { DATE, decimal, INTERVAL, TEXT, TIMESTAMPTZ, timestamp } from '../../../src/types/data-type.ts';
import { bindPromql } from '../bind/bind-text.ts';
import { planned } from '../physical/plan-text.ts';
import { rewrite } from '../rules/oracle/oracle.ts';

/** The first predicate of a WHERE clause, printed. */
function printed(predicate: string): string {
  const { plan } = rewrite(`SELECT k FROM l WHERE ${predicate}`, []);
  const filter = plan.kind === 'project' ? plan.input : plan;
  return filter.kind === 'filter' ? filter.predicates.map((each) => expressionText(each)).join(' AND ') : 'no filter';
}

describe('expressions', () => {
  test.each([
    'a = 1 OR b > 2 AND NOT k < 3',
    '(a = 1 OR b = 2) AND k = 3',
    '(a + b) * 2 - k > a - (b - k)',
    '-a < 2',
    'a IS NULL OR b IS NOT NULL',
    'NOT (a IS NULL AND b = 1)',
    '(a < b) = (b < k)',
    "t LIKE 'a%' AND t || 'x' <> 'it''s'",
    'a IN (1, 2, NULL)',
    'a IS DISTINCT FROM b',
    'CASE WHEN a = 1 THEN b ELSE k END = 2',
    'COALESCE(a, b, 0) = 1',
    'CAST(a AS TEXT) = t',
  ])('%s prints as it was written', (predicate) => {
    // The text of a conjunction comes apart into its conjuncts; parentheses stay where an OR needs them.
    const conjuncts = printed(predicate);
    const again = printed(conjuncts.replaceAll(/ AND (?=\()/g, ' AND '));
    expect(again).toBe(conjuncts);
    if (!/^\(.* OR .*\) AND/.test(predicate)) expect(conjuncts).toBe(predicate);
  });

  test.each<[BoundExpression, string]>([
    [constantOf(null, TEXT), 'NULL'],
    [constantOf("it's", TEXT), "'it''s'"],
    [constantOf(-5n, decimal(10, 2)), '-0.05'],
    [constantOf(10471, DATE), "DATE '1998-09-02'"],
    [constantOf(-1n, timestamp('ms')), "TIMESTAMP '1969-12-31 23:59:59.999'"],
    [constantOf(0n, TIMESTAMPTZ), "TIMESTAMPTZ '1970-01-01 00:00:00+00'"],
    [constantOf({ months: 14, days: 0, nanoseconds: 1_500_000_000n }, INTERVAL), "INTERVAL '14 months 1.500000000 seconds'"],
  ])('constant %#', (constant, text) => {
    expect(expressionText(constant)).toBe(text);
  });
});

const SQL = 'SELECT l.k, count(*) AS n FROM l JOIN r ON l.a = r.a WHERE l.b > 1 GROUP BY l.k ORDER BY n DESC LIMIT 2';

describe('EXPLAIN', () => {
  test('starts with the meaning, then one operator per line with estimates', () => {
    const lines = explainQuery(planned(SQL), { format: 'text', verbose: false }).split('\n');
    expect(lines[0]).toBe(
      'Meaning: from l | join r on l.a = r.a | where l.b > 1 | group by k compute count(*) | order by count DESC | take 2 | give k, n',
    );
    expect(lines.slice(1).map((line) => line.replace(/ {2}\(rows=\d+ cost=\d+\)$/, ''))).toEqual([
      'top n: by count DESC; count 2',
      '  hash aggregate: by k; compute count(*) AS count',
      '    inner hash join: on r.a = l.a',
      '      table scan: table r; columns r.a',
      '      filter: where b > 1',
      '        table scan: table l; columns k, l.a, b; bounds b > 1',
    ]);
    expect(lines.slice(1).every((line) => /\(rows=\d+ cost=\d+\)$/.test(line))).toBe(true);
  });

  test('ANALYZE adds what each operator did, and totals', () => {
    const query = planned('SELECT k FROM l WHERE a > 1');
    const execution: ExecutionStatistics = {
      nodes: new Map([
        [1, { rows: 3, readyMs: 1.5, scan: null }],
        [2, { rows: 8, readyMs: 0, scan: { bytes: 64, segments: 2, segmentsPruned: 1 } }],
      ]),
      planningMs: 0.25,
      compileMs: 12.34,
      executionMs: 3,
      peakMemory: 4096,
    };
    const lines = explainQuery(query, { format: 'text', verbose: false, execution }).split('\n');
    expect(lines[1]).toMatch(/\(actual rows=3 ready=1\.500 ms\)$/);
    expect(lines[2]).toMatch(/\(actual rows=8 ready=0\.000 ms bytes=64 segments=2 pruned=1\)$/);
    expect(lines.slice(3)).toEqual([
      'Planning: 0.250 ms',
      'Compiling: 12.3 ms',
      'Execution: 3.000 ms',
      'Peak memory: 4096 bytes',
    ]);
  });

  test('VERBOSE says of every rule what it did', () => {
    const query = planned('SELECT k FROM l WHERE 1 + 1 = a');
    const text = explainQuery(query, { format: 'text', verbose: true });
    expect(text).toContain('As bound:\n  project: select k\n    filter: where 1 + 1 = a');
    expect(text).toContain('FoldConstants:\n  project: select k\n    filter: where 2 = a');
    expect(text).toContain('OrderJoins: no change');
    for (const { name } of RULES) expect(text).toContain(`${name}:`);
  });

  test('JSON holds the same as data', () => {
    const query = planned(SQL);
    const { meaning, plan, rules } = JSON.parse(explainQuery(query, { format: 'json', verbose: true }));
    expect(meaning).toContain('from l | join r');
    expect(plan).toMatchObject({ operator: 'top n', by: 'count DESC', count: '2' });
    expect(plan.inputs[0].inputs[0]).toMatchObject({ operator: 'inner hash join', on: 'r.a = l.a' });
    expect(plan.estimate.rows).toBeGreaterThan(0);
    expect(rules.map((each: { rule: string }) => each.rule)).toEqual(RULES.map((rule) => rule.name));
    expect(rules.find((each: { changed: boolean }) => each.changed).before[0]).toBe('limit: count 2');
  });

  test('columns of one name are told apart by their tables', () => {
    const text = explainQuery(planned('SELECT x.k, y.k FROM l x JOIN l y ON x.a = y.b'), { format: 'text', verbose: false });
    expect(text.split('\n')[0]).toContain('on x.a = y.b');
    expect(text).toContain('table l AS x; columns x.k, a');
  });
});

test('the meaning of a series expression is written in its manner, with its grid', () => {
  const text = 'sum by (job) (rate(http_requests_total{job="api"}[5m] offset 1h)) > 2';
  const meaning = meaningOf(bindPromql(text, { start: 1_000_000, end: 2_000_000, step: 15_000 }));
  expect(meaning).toContain('series (sum by (job) (rate(http_requests_total[5m] offset 1h)) > 2) from 1000 to 2000 every 15 s');
});
