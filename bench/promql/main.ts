import { Database } from '../../src/engine/database.ts';
import { HttpServer } from '../../src/server/http/server.ts';
import { measure } from '../harness/measure.ts';
import { benchOptions } from '../harness/options.ts';
import { printReport, type QueryTime, reportOf } from '../harness/report.ts';
import { benchSeries, END_MS } from './data.ts';
import { startPrometheus } from './prometheus.ts';
import { encodeWrite, remoteWrite } from './remote-write.ts';

/** Times lie off the scrapes, so that it makes no difference whether a window includes its left end (it does before Prometheus 3). */
const RANGE = { start: END_MS / 1000 - 7200 + 7, end: END_MS / 1000 - 7, step: 30 };

const QUERIES: Readonly<Record<string, string>> = {
  select: 'queue_length{job="api", code="500"}',
  rate: 'rate(http_requests_total[5m])',
  sum_rate: 'sum by (job) (rate(http_requests_total[5m]))',
  increase_1h: 'sum by (job, code) (increase(http_requests_total[1h]))',
  avg_over_time: 'avg_over_time(queue_length[10m])',
  max_over_time: 'max by (job) (max_over_time(queue_length[30m]))',
  stddev_over_time: 'stddev_over_time(queue_length[10m])',
  ratio: 'sum by (job) (rate(http_requests_total{code=~"5.."}[5m])) / sum by (job) (rate(http_requests_total[5m]))',
  match: 'queue_length * on (instance, job, code) rate(http_requests_total[1m])',
  offset: 'queue_length - queue_length offset 1h',
};

/** Range queries over HTTP, LumaDB's beside those of a Prometheus started for this; both are loaded by remote write. */
export async function promql(args: readonly string[]): Promise<void> {
  const options = benchOptions(args, 1);
  const prometheus = await startPrometheus();
  if (prometheus === undefined) {
    console.error('prometheus is not installed: install the package "prometheus" to compare with it');
    process.exitCode = 1;
    return;
  }
  const database = await Database.open(undefined, { threads: options.threads });
  const server = new HttpServer(database);
  const ours = `http://127.0.0.1:${await server.listen(0, '127.0.0.1')}`;
  try {
    for (const series of benchSeries(options.scale)) {
      const body = encodeWrite(series);
      for (const url of [ours, prometheus.url]) await remoteWrite(url, body);
    }
    const times: QueryTime[] = [];
    const peer = `Prometheus ${prometheus.version}`;
    for (const [name, query] of Object.entries(QUERIES)) {
      if (options.only.length > 0 && !options.only.includes(name)) continue;
      sameAnswers(name, await rangeQuery(ours, query), await rangeQuery(prometheus.url, query));
      const contenders = [ours, prometheus.url].map((url) => ({ name: url, run: async () => [[await rangeText(url, query)]] }));
      const [lumadb = Number.NaN, theirs = Number.NaN] = await measure(query, contenders);
      times.push({ name, lumadb_ms: lumadb, peer, peer_ms: theirs, ratio: theirs / lumadb });
    }
    printReport(reportOf('promql', options.scale, options.threads, times), options.json);
  } finally {
    await server.close();
    await database.close();
    await prometheus.close();
  }
}

interface RangeSeries {
  readonly metric: Readonly<Record<string, string>>;
  readonly values: readonly (readonly [time: number, value: string])[];
}

async function rangeText(url: string, query: string): Promise<string> {
  const parameters = new URLSearchParams({ query, start: String(RANGE.start), end: String(RANGE.end), step: String(RANGE.step) });
  const answer = await fetch(`${url}/api/v1/query_range`, { method: 'POST', body: parameters });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${url}: ${text}`);
  return text;
}

async function rangeQuery(url: string, query: string): Promise<readonly RangeSeries[]> {
  const { data }: { readonly data: { readonly result: readonly RangeSeries[] } } = JSON.parse(await rangeText(url, query));
  return data.result;
}

/** Labels and times must be equal, values to 1e-9. */
function sameAnswers(name: string, ours: readonly RangeSeries[], theirs: readonly RangeSeries[]): void {
  const key = (series: RangeSeries): string => JSON.stringify(Object.entries(series.metric).sort());
  const expected = new Map(theirs.map((series) => [key(series), series]));
  const wrong = ours.find((series) => {
    const other = expected.get(key(series));
    return (
      other === undefined ||
      other.values.length !== series.values.length ||
      !series.values.every((point, i) => samePoint(point, other.values[i]))
    );
  });
  if (ours.length === theirs.length && wrong === undefined) return;
  throw new Error(
    `${name}: ${ours.length} and ${theirs.length} series; ${wrong === undefined ? 'some are missing' : `${key(wrong)} differs`}`,
  );
}

function samePoint([time, value]: readonly [number, string], other: readonly [number, string] | undefined): boolean {
  if (other === undefined || other[0] !== time) return false;
  const [a, b] = [Number(value), Number(other[1])];
  return value === other[1] || Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b));
}
