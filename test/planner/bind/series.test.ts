import { describe, expect, test } from 'vitest';
import type { LogicalPlan } from '../../../planner/logical/plan.ts';
import type { SeriesPlan } from '../../../planner/series-plan.ts';
import { DATE, FLOAT64, INT32, TEXT, timestamp, typeName } from '../../../src/types/data-type.ts';
import { column, fixtureCatalog, fixtureTable } from '../fixture.ts';
import { bindPromql, errorOf, promqlPlan } from './bind-text.ts';

/** Ten to twenty minutes, every minute. */
const RANGE = { start: 600_000, end: 1_200_000, step: 60_000 };
const INSTANT = { start: 600_000, end: 600_000, step: 0 };

function series(text: string, grid = RANGE): SeriesPlan<LogicalPlan> {
  const { plan } = bindPromql(text, grid);
  if (plan.kind !== 'series_scan') throw new Error('not a series scan');
  return plan.series;
}

function plan(text: string, expected: string, options: Parameters<typeof promqlPlan>[2] = {}): void {
  const lines = expected.split('\n').slice(1, -1);
  const indent = Math.min(...lines.map((line) => line.length - line.trimStart().length));
  expect(promqlPlan(text, RANGE, options)).toBe(lines.map((line) => line.slice(indent)).join('\n'));
}

describe('selectors', () => {
  test('a metric is a table, or a field of one; the scan is bounded by the grid and the lookback', () => {
    plan(
      'http_requests_total{job="api"}',
      `
      select lookback 300000 vector {__name__, instance, job} @600000..1200000/60000
        source http_requests_total (instance#2, job#1) time #5 value #4
          project job#1, instance#2, ts#3::timestamp(3) → ts#5, value#4
            filter greater(ts#3, 300000000::timestamp) AND less(ts#3, 1200001000::timestamp) AND not(is_null(value#4)) AND equal(job#1, 'api')
              scan http_requests_total: job#1, instance#2, ts#3, value#4
      `,
    );
    plan(
      'cpu_idle',
      `
      select lookback 300000 vector {__name__, host} @600000..1200000/60000
        source cpu_idle (host#1) time #4 value #5
          project host#1, ts#2::timestamp(3) → ts#4, idle#3::double precision → idle#5
            filter greater(ts#2, 300000000::timestamp) AND less(ts#2, 1200001000::timestamp) AND not(is_null(idle#3))
              scan cpu: host#1, ts#2, idle#3
      `,
    );
  });

  test('a table whose columns have the types of series is read as it is', () => {
    const catalog = fixtureCatalog([
      fixtureTable('m', [
        column('t', timestamp('ms'), { role: 'time', notNull: true }),
        column('l', TEXT, { role: 'tag', notNull: true }),
        column('value', FLOAT64, { notNull: true }),
      ]),
    ]);
    plan(
      'm{l!="x"}',
      `
      select lookback 300000 vector {__name__, l} @600000..1200000/60000
        source m (l#1) time #2 value #3
          filter greater(t#2, 300000::timestamp(3)) AND less_equal(t#2, 1200000::timestamp(3)) AND not_equal(l#1, 'x')
            scan m: l#1, t#2, value#3
      `,
      { catalog },
    );
  });

  test.each([
    [timestamp('ns'), 'greater(t#1, 300000000000::timestamp(9)) AND less(t#1, 1200001000000::timestamp(9))'],
    [timestamp('s'), 'greater(t#1, 300::timestamp(0)) AND less_equal(t#1, 1200::timestamp(0))'],
    [DATE, 'greater(t#1, 0::date) AND less_equal(t#1, 0::date)'],
  ])('times are bounded in the unit of the column: %o', (type, expected) => {
    const time = column('t', type, { role: 'time', notNull: true });
    const catalog = fixtureCatalog([fixtureTable('m', [time, column('value', INT32, { notNull: true })])]);
    expect(promqlPlan('m', RANGE, { catalog })).toContain(`filter ${expected}`);
  });

  test('an unknown metric is an empty vector, and so is a matcher on a label that the table lacks', () => {
    expect(series('nope')).toMatchObject({ kind: 'series_select', sources: [], labels: [] });
    expect(series('cpu_usage{zone="a"}')).toMatchObject({ sources: [] });
    expect(series('cpu_usage{zone=~".+"}')).toMatchObject({ sources: [] });
    expect(series('cpu_usage{zone=""}')).toMatchObject({ sources: [{ metric: 'cpu_usage' }] });
    expect(series('cpu_usage{zone!="a",zone!~"b"}')).toMatchObject({ sources: [{ metric: 'cpu_usage' }] });
  });

  test('matchers on the name are decided by the names of metrics', () => {
    const metrics = (text: string): unknown => {
      const plan_ = series(text);
      return plan_.kind === 'series_select' ? plan_.sources.map((source) => source.metric) : undefined;
    };
    expect(metrics('{__name__=~"cpu_.*"}')).toEqual(['cpu_usage', 'cpu_idle']);
    expect(metrics('{__name__=~"cpu_.*",__name__!="cpu_idle"}')).toEqual(['cpu_usage']);
    expect(metrics('{job="api"}')).toEqual(['http_requests_total']);
    expect(metrics('{host=~".*",__name__!=""}')).toEqual(['cpu_usage', 'cpu_idle', 'http_requests_total']);
  });

  test.each([
    ['job="api"', "equal(job#1, 'api')"],
    ['job=""', "(is_null(job#1) OR equal(job#1, ''))"],
    ['job!="api"', "(is_null(job#1) OR not_equal(job#1, 'api'))"],
    ['job!=""', "not_equal(job#1, '')"],
    ['job=~"a.*"', "regexp_full_match(coalesce(job#1, ''), 'a.*')"],
    ['job!~"a.*"', "not(regexp_full_match(coalesce(job#1, ''), 'a.*'))"],
  ])('a missing label is the empty string: %s', (matcher, expected) => {
    expect(promqlPlan(`http_requests_total{${matcher}}`, RANGE)).toContain(`AND ${expected}\n`);
  });
});

describe('times', () => {
  /** Bounds of the scan in ms, from the filter on microseconds. */
  function bounds(text: string, grid = RANGE): readonly number[] {
    const match = /greater\(ts#\d+, (-?\d+)000::timestamp\) AND less\(ts#\d+, (-?\d+)000::timestamp\)/.exec(
      promqlPlan(text, grid),
    );
    return [Number(match?.[1]), Number(match?.[2]) - 1];
  }

  test.each([
    ['cpu_usage', 300_000, 1_200_000],
    ['cpu_usage offset 1m', 240_000, 1_140_000],
    ['cpu_usage offset -1m', 360_000, 1_260_000],
    ['rate(cpu_usage[9m])', 60_000, 1_200_000],
    ['cpu_usage @ start()', 300_000, 600_000],
    ['cpu_usage @ end()', 900_000, 1_200_000],
    ['cpu_usage @ 1000 offset 10s', 690_000, 990_000],
    ['rate(cpu_usage[1m] @ 1000)', 940_000, 1_000_000],
    ['max_over_time(cpu_usage[5m:30s])', 30_000, 1_200_000],
    ['max_over_time(cpu_usage[5m:30s] offset 1m)', -30_000, 1_140_000],
    ['max_over_time(cpu_usage[5m:30s] @ end())', 630_000, 1_200_000],
    ['max_over_time(rate(cpu_usage[1m] @ start())[5m:30s])', 540_000, 600_000],
  ])('%s reads (%d, %d]', (text, after, until) => {
    expect(bounds(text)).toEqual([after, until]);
  });

  test('the last step counts, not the end of the range', () => {
    expect(bounds('cpu_usage', { start: 0, end: 100_000, step: 60_000 })).toEqual([-300_000, 60_000]);
  });

  test('a subquery steps at multiples of its step, after the left end of the first window', () => {
    expect(series('max_over_time(cpu_usage[5m:30s])')).toMatchObject({
      kind: 'series_window',
      input: { type: 'subquery', range: 300_000, plan: { grid: { start: 330_000, end: 1_200_000, step: 30_000 } } },
    });
    expect(series('max_over_time(cpu_usage[100s:30s])', INSTANT)).toMatchObject({
      input: { plan: { grid: { start: 510_000, end: 600_000, step: 30_000 } } },
    });
  });

  test('a subquery without a step takes the evaluation interval', () => {
    const { plan: bound } = bindPromql('max_over_time(cpu_usage[5m:])', RANGE, { evaluationInterval: 15_000 });
    expect(bound).toMatchObject({ series: { input: { plan: { grid: { step: 15_000 } } } } });
  });

  test('the lookback is an option', () => {
    const { plan: bound } = bindPromql('cpu_usage', RANGE, { lookback: 60_000 });
    expect(bound).toMatchObject({ series: { lookback: 60_000 } });
  });
});

/**
 * Labels of results: Prometheus, Operators and Functions; promql/engine.go: resultMetric, aggregation. Prometheus 2.42
 * gives the same labels over one sample per series, wherever its result is not empty.
 */
describe('labels', () => {
  test.each([
    ['cpu_usage', '__name__ host'],
    ['{__name__=~".+"}', '__name__ host instance job'],
    ['rate(cpu_usage[5m])', 'host'],
    ['last_over_time(cpu_usage[5m])', '__name__ host'],
    ['abs(cpu_usage)', 'host'],
    ['-cpu_usage', 'host'],
    ['cpu_usage + 1', 'host'],
    ['cpu_usage > 1', '__name__ host'],
    ['cpu_usage > bool 1', 'host'],
    ['1 < cpu_usage', '__name__ host'],
    ['cpu_usage / cpu_idle', 'host'],
    ['cpu_usage > cpu_idle', '__name__ host'],
    ['cpu_usage > on (host) cpu_idle', 'host'],
    ['cpu_usage > ignoring (host) cpu_idle', '__name__'],
    ['http_requests_total / ignoring (instance) http_requests_total', 'job'],
    ['http_requests_total / on (job) http_requests_total', 'job'],
    ['http_requests_total / cpu_usage', ''],
    ['http_requests_total * on (job) group_left cpu_usage', 'instance job'],
    ['cpu_usage * on () group_left (job) http_requests_total', 'host job'],
    ['http_requests_total * on () group_right (job) cpu_usage', 'host job'],
    ['http_requests_total > on () group_left (host) cpu_usage', '__name__ host instance job'],
    ['cpu_usage and http_requests_total', '__name__ host'],
    ['cpu_usage or http_requests_total', '__name__ host instance job'],
    ['cpu_usage unless http_requests_total', '__name__ host'],
    ['sum(http_requests_total)', ''],
    ['sum by (job, zone) (http_requests_total)', 'job'],
    ['sum by (__name__) (http_requests_total)', '__name__'],
    ['sum without (job) (http_requests_total)', 'instance'],
    ['topk by (job) (3, http_requests_total)', '__name__ instance job'],
    ['count_values("v", http_requests_total)', 'v'],
    ['count_values by (job) ("v", http_requests_total)', 'job v'],
    ['label_replace(cpu_usage, "dc", "$1", "host", "(.*)")', '__name__ dc host'],
    ['absent(cpu_usage{host="a", zone="b", job!="c"})', 'host zone'],
    ['absent(cpu_usage{host="a", host="b"})', ''],
    ['vector(1)', ''],
    ['scalar(cpu_usage)', ''],
    ['hour()', ''],
    ['time() + 1', ''],
  ])('%s: {%s}', (text, labels) => {
    expect(series(text).labels.join(' ')).toBe(labels);
  });

  test('they are the first columns of the result, then time and value', () => {
    const { plan: bound, output } = bindPromql('sum by (job) (http_requests_total)', RANGE);
    expect(output.map((each) => each.name)).toEqual(['job', 'time', 'value']);
    expect(bound.columns.map((each) => typeName(each.type))).toEqual(['TEXT', 'TIMESTAMP(3)', 'DOUBLE PRECISION']);
  });
});

describe('calls', () => {
  test('a function of a range is a window with its other arguments as parameters', () => {
    expect(series('quantile_over_time(0.9, cpu_usage[1m])')).toMatchObject({
      kind: 'series_window',
      function: 'quantile_over_time',
      input: { type: 'samples', range: 60_000, sources: [{ metric: 'cpu_usage' }] },
      parameters: [{ kind: 'series_number', value: 0.9 }],
    });
  });

  test('hour() is about the time of the step', () => {
    expect(series('hour()')).toMatchObject({
      kind: 'series_map',
      arguments: [{ kind: 'series_map', function: 'vector', arguments: [{ kind: 'series_map', function: 'time' }] }],
    });
  });

  test('absent() carries the labels that its matchers fix', () => {
    expect(series('absent(cpu_usage{host="a"})')).toMatchObject({
      function: 'absent',
      arguments: [{ kind: 'series_select' }, { kind: 'series_string', value: 'host' }, { kind: 'series_string', value: 'a' }],
    });
  });

  test('a range vector is a result at one instant only', () => {
    expect(series('cpu_usage[5m]', INSTANT)).toMatchObject({ kind: 'series_raw', labels: ['__name__', 'host'] });
    expect(errorOf('cpu_usage[5m]', (text) => series(text))).toContain('42804 "cpu_usage[5m]"');
  });

  test('a scalar has one series without labels', () => {
    expect(series('time() + 1')).toMatchObject({ kind: 'series_binary', type: 'scalar', labels: [] });
    expect(series('scalar(cpu_usage) > bool 1')).toMatchObject({ type: 'scalar' });
  });

  test('a regular expression that is none is an error at its matcher', () => {
    const error = errorOf('cpu_usage{host=~"a("}', (text) => series(text));
    expect(error).not.toBe('no error');
  });
});
