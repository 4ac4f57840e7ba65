import { describe, expect, test } from 'vitest';
import { typeName } from '../../../src/types/data-type.ts';
import { bindSql, errorOf, sqlPlan } from './bind-text.ts';

/** The grid line of a promql() in FROM. */
function grid(arguments_: string): string {
  const text = sqlPlan(`select * from promql('cpu_usage', ${arguments_})`);
  return /@(\S+)/.exec(text)?.[1] ?? '';
}

describe('promql() in FROM', () => {
  test('labels as TEXT, time, value', () => {
    const { plan, output } = bindSql("select * from promql('cpu_usage', 1700000000, 1700000600, 60)");
    expect(output.map((each) => each.name)).toEqual(['__name__', 'host', 'time', 'value']);
    expect(plan.columns.map((each) => typeName(each.type))).toEqual(['TEXT', 'TEXT', 'TIMESTAMP(3)', 'DOUBLE PRECISION']);
    expect(plan.columns.map((each) => each.nullable)).toEqual([true, true, false, false]);
  });

  test.each([
    ['1700000000, 1700000600, 60', '1700000000000..1700000600000/60000'],
    ['1700000000.5, 1700000600.5, 0.25', '1700000000500..1700000600500/250'],
    ["'2026-01-01 00:00:00', '2026-01-01T01:00:00Z', '1m'", '1767225600000..1767229200000/60000'],
    [
      "timestamp '2026-01-01 00:00:00', timestamp '2026-01-01 01:00:00', interval '1 minute'",
      '1767225600000..1767229200000/60000',
    ],
    ["'2026-01-01', '2026-01-02', '1h30m'", '1767225600000..1767312000000/5400000'],
    ["'2026-01-01', now(), '1d'", '1767225600000..1767323045678/86400000'],
    ['1700000000', '1700000000000..1700000000000/0'],
  ])('the grid of (%s)', (arguments_, expected) => {
    expect(grid(arguments_)).toBe(expected);
  });

  test.each([
    ['2, 1, 1', '22023 "1"'],
    ['1, 2, 0', '22023 "0"'],
    ['1, 2, null', '22023 "null"'],
    ["1, 2, '1x'", '22007 "\'1x\'"'],
    ["1, 2, interval '1 month'", '22023'],
    ['1, 2, true', '42804 "true"'],
    ['true', '42804 "true"'],
    ["'yesterday'", '22007'],
    ['$1', '0A000 "$1"'],
    ['(select 1)', '0A000'],
    ['nope', '42703 "nope"'],
  ])('(%s) is no grid', (arguments_, expected) => {
    expect(errorOf(`select * from promql('cpu_usage', ${arguments_})`, bindSql)).toContain(expected);
  });

  test('labels that the outermost grouping names are columns even where no series has them', () => {
    const { output } = bindSql("select * from promql('sum by (job, zone) (http_requests_total) / 2', 1700000000)");
    expect(output.map((each) => each.name)).toEqual(['zone', 'job', 'time', 'value']);
    expect(bindSql("select job from promql('sum by (job) (nope)', 1700000000)").output).toHaveLength(1);
  });

  test('an alias names relation and columns', () => {
    const sql = "select p.h, p.at from promql('max by (host) (cpu_usage)', 1700000000) as p(h, at, v) where v > 1";
    expect(bindSql(sql).output.map((each) => each.name)).toEqual(['h', 'at']);
  });

  test('it joins like any relation', () => {
    const sql = "select c.host from cpu as c join promql('cpu_usage', 1700000000) as p on p.host = c.host and p.value > c.usage";
    expect(sqlPlan(sql)).toContain('join inner on equal(host#');
  });

  test('errors inside the expression stand where it stands', () => {
    expect(errorOf("select * from promql('cpu_usage[5m]', 1, 2, 1)", bindSql)).toContain('42804 "cpu_usage[5m]"');
    expect(errorOf(`select * from promql('"x"', 1)`, bindSql)).toContain('42804 ""x""');
  });
});
