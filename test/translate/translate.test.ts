import { describe, expect, it } from 'vitest';
import { lql } from '../../grammars/lql/language.ts';
import { type TranslateOptions, translate } from '../../src/translate/translate.ts';
import { LumaError } from '../../src/types/error.ts';

const schema = (metric: string) =>
  metric === 'up' || metric === 'cpu_usage'
    ? { table: metric === 'up' ? 'up' : 'cpu', time: 'ts', value: metric === 'up' ? 'value' : 'usage', labels: ['job', 'Host'] }
    : undefined;
const grid = { start: '2024-01-01T00:00:00Z', end: '2024-01-01T01:00:00Z', step: '1m' };

const toLql = (text: string, options: Partial<TranslateOptions> = {}) =>
  translate(text, { from: 'promql', to: 'lql', schema, ...grid, ...options });

function errorOf(run: () => unknown): LumaError {
  try {
    run();
  } catch (error) {
    if (error instanceof LumaError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('PromQL to LQL', () => {
  it('is what LQL parses and prints', () => {
    const { text, losses } = toLql('sum by (job) (rate(cpu_usage{Host=~"a|b"}[5m])) > 1');
    expect(losses).toEqual([]);
    expect(lql.parse(text).map((statement) => lql.print(statement))).toEqual([text]);
  });

  it('reads the table, columns and labels of the schema', () => {
    const { text } = toLql('cpu_usage{Host="a", job!=""}');
    expect(text).toContain('FROM cpu\n');
    expect(text).toContain(`"Host" = 'a'`);
    expect(text).toContain("nullif(job, '') IS NOT NULL".replace(/^(.*) IS NOT NULL$/, 'NOT $1 IS NULL'));
    expect(text).toContain('usage AS value');
  });

  it('bounds the scan by what the windows reach', () => {
    const { text } = toLql('rate(up[5m] offset 10m)');
    expect(text).toContain("ts > TIMESTAMP(3) '2023-12-31 23:45:00.000'");
    expect(text).toContain("ts <= TIMESTAMP(3) '2024-01-01 00:50:00.000'");
  });

  it('evaluates at now() without a grid', () => {
    const { text } = translate('up', { from: 'promql', to: 'lql', schema });
    expect(text).toContain('now()');
    expect(text).not.toContain('generate_series');
  });

  // Go, regexp.Expand; PostgreSQL 15, 9.7.3: `\&` is the whole match.
  it('says the groups of label_replace as regexp_replace does', () => {
    expect(toLql('label_replace(up, "x", "$0+$1+$2+$$1", "job", "(.)")').text).toContain(String.raw`'\&+\1++$1'`);
  });

  it('leaves names of tables to the tables', () => {
    const { text } = translate('steps + rate', { from: 'promql', to: 'lql', strict: false, ...grid });
    expect(text).toMatch(/FROM steps\n/);
    expect(text).toMatch(/^WITH steps_2 AS/);
  });

  it('takes a metric for its table and knows the labels a query names, with a loss', () => {
    const { text, losses } = toLql('sum by (job) (rate(requests{code="500"}[5m]))', { strict: false });
    expect(losses).toMatchObject([{ code: 'unknown_labels', span: { start: 19, end: 39 } }]);
    expect(text).toContain('FROM requests\n');
    expect(text).toContain('sample.code');
    expect(text).toContain('sample.job');
  });

  it.each([
    ['requests', 'unknown_labels'],
    ['up / on (job) up', 'duplicate_matches'],
    ['up * on (job) group_left () up', 'duplicate_matches'],
    ['label_replace(up, "job", "x", "job", ".*")', 'duplicate_matches'],
    ['count_values("v", up)', 'number_format'],
  ])('%s loses %s', (query, code) => {
    const { losses } = toLql(query, { strict: false });
    expect(losses.map((loss) => loss.code)).toEqual([code]);
    const error = errorOf(() => toLql(query));
    expect(error.code).toBe('0A000');
    expect(error.message).toContain(code);
    expect(error.span).toEqual(losses[0]?.span);
  });

  it.each(['up + up', 'sum by (job) (up) / on (job) max by (job) (up)', 'up and on (job) up', 'up or vector(1)', '1 + 1'])(
    '%s loses nothing',
    (query) => expect(toLql(query).losses).toEqual([]),
  );

  it.each([
    ['{job="x"}', '{job="x"}'],
    ['sum({__name__=~"u.*"})', '{__name__=~"u.*"}'],
    ['"text"', '"text"'],
    ['up[5m]', 'up[5m]'],
    ['limitk(1, up)', 'limitk(1, up)'],
    ['mad_over_time(up[5m])', 'mad_over_time(up[5m])'],
    ['sort_by_label(up, "job")', 'sort_by_label(up, "job")'],
    ['histogram_quantile(0.9, up)', 'histogram_quantile(0.9, up)'],
    ['count_values("time", up)', 'count_values("time", up)'],
    ['label_replace(up, "x", "$1a", "job", "(.)")', 'label_replace(up, "x", "$1a", "job", "(.)")'],
    ['label_replace(up, "x", "$n", "job", "(?P<n>.)")', 'label_replace(up, "x", "$n", "job", "(?P<n>.)")'],
  ])('refuses %s', (query, where) => {
    const error = errorOf(() => toLql(query, { strict: false }));
    expect(error.code).toBe('0A000');
    expect(query.slice(error.span?.start, error.span?.end)).toBe(where);
  });

  it('refuses a subquery whose times only the run knows', () => {
    expect(errorOf(() => translate('max_over_time(up[5m:1m])', { from: 'promql', to: 'lql', schema })).code).toBe('0A000');
  });

  it.each([
    { step: '1m' },
    { start: 0, step: 1000 },
    { start: 2, end: 1, step: 1 },
    { end: 'noon' },
    { start: 0, end: 1, step: '0s' },
  ])('refuses the grid %j', (options) => {
    const run = () => translate('up', { from: 'promql', to: 'lql', schema, ...options });
    expect(errorOf(run).code).toBe('22023');
  });
});

describe('LQL to PromQL', () => {
  const toPromql = (text: string) => translate(text, { from: 'lql', to: 'promql' });

  it('takes the expression out of SELECT * FROM promql(…) and hands over its grid', () => {
    const start = "TIMESTAMP '2024-01-01 00:00:00'";
    const end = "TIMESTAMP '2024-01-01 01:00:00'";
    const {
      text,
      grid: found,
      losses,
    } = toPromql(`SELECT * FROM promql('sum(rate(x[5m])) by (job)', ${start}, ${end}, INTERVAL '15 s')`);
    expect(text).toBe('sum by (job) (rate(x[5m]))');
    expect(losses).toEqual([]);
    expect(found).toEqual({ start: Date.UTC(2024, 0, 1), end: Date.UTC(2024, 0, 1, 1), step: 15_000 });
  });

  it.each([
    'SELECT 1',
    'SELECT * FROM t',
    "SELECT job FROM promql('up', now())",
    "SELECT * FROM promql('up', now()) WHERE value > 1",
    "SELECT * FROM promql('up', now()) LIMIT 1",
    'DROP TABLE t',
  ])('refuses %s', (text) => {
    const error = errorOf(() => toPromql(text));
    expect([error.code, typeof error.hint]).toEqual(['0A000', 'string']);
  });
});

describe('translate', () => {
  it('prints within a language', () => {
    expect(translate(' sum(x)by(y) ', { from: 'promql', to: 'promql' }).text).toBe('sum by (y) (x)');
    expect(translate('select 1;select 2', { from: 'lql', to: 'lql' }).text).toBe('SELECT 1;\nSELECT 2');
  });

  it('detects the source', () => {
    expect(translate('rate(x[5m])', { from: 'auto', to: 'promql' }).text).toBe('rate(x[5m])');
  });

  it('names the nearest language', () => {
    expect(errorOf(() => translate('up', { from: 'promq', to: 'lql' })).hint).toBe('Did you mean "promql"?');
  });
});
