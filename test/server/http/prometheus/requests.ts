import { START } from './data.ts';

/** What is asked: path and parameters of GET requests. */
export interface ApiRequest {
  readonly path: string;
  readonly parameters: Readonly<Record<string, string>>;
}

const AT = START + 1207;
const RANGE = { start: String(START + 303), end: String(START + 1503), step: '90' };
const TENTH = String(START + 1207.25);

/** Asked at one time, and over a range. */
const EXPRESSIONS: readonly string[] = [
  '42',
  '-0.5e-7',
  '1 / 0',
  '0 / 0',
  '2 ^ 3 ^ 2 % 100 + -1',
  '3 > bool 2',
  'scalar(lt_tiny)',
  'vector(1)',
  'lt_tiny',
  'lt_temperature',
  'lt_temperature{room="Küche"}',
  'lt_temperature{floor=""}',
  'lt_temperature{floor!="",room=~"att.*|void"}',
  'lt_temperature{room!~"[a-z]+"}',
  '{__name__=~"lt_t.*"}',
  '{__name__="lt_up",job="api"}',
  'lt_absent',
  'lt_up',
  'lt_up offset 5m',
  'lt_up offset -1m',
  'lt_up @ 1700000607',
  'lt_requests_total{job="api",code="200"}',
  'rate(lt_requests_total{code="200"}[5m])',
  'increase(lt_requests_total{job="web"}[2m])',
  'rate(lt_sparse[10m])',
  'rate(lt_requests_total[1h])',
  'rate(lt_requests_total{job="api"}[5m] offset 3m)',
  'avg_over_time(lt_memory_bytes[3m])',
  'min_over_time(lt_temperature[3m])',
  'max_over_time(lt_temperature[3m])',
  'sum_over_time(lt_up[10m])',
  'count_over_time(lt_up[10m])',
  'last_over_time(lt_up[10m])',
  'stddev_over_time(lt_memory_bytes[5m])',
  'stdvar_over_time(lt_tiny[5m])',
  'present_over_time(lt_sparse[6m])',
  'quantile_over_time(0.9, lt_memory_bytes[7m])',
  'sum(lt_requests_total)',
  'sum by (job) (rate(lt_requests_total[5m]))',
  'sum by (job, nothing) (lt_up)',
  'sum without (instance, code) (increase(lt_requests_total[5m]))',
  'avg by (code) (lt_requests_total)',
  'min(lt_temperature)',
  'max by (floor) (lt_temperature)',
  'count(lt_requests_total) by (code)',
  'count by (job) (lt_up == 1)',
  'group(lt_up)',
  'stddev(lt_memory_bytes)',
  'topk(3, lt_requests_total)',
  'clamp_max(vector(-Inf), NaN)',
  'clamp_min(vector(Inf), NaN)',
  'clamp_max(vector(Inf), NaN)',
  'clamp(vector(-Inf), NaN, 1)',
  'bottomk(2, rate(lt_requests_total{code="200"}[5m]))',
  'quantile(0.5, lt_requests_total)',
  'count_values("value", lt_up)',
  'count_values("value", lt_up) without (instance)',
  'count_values("instance", lt_up) without (instance)',
  'lt_memory_bytes / 1024 / 1024',
  '-lt_temperature',
  '100 - lt_memory_bytes % 7',
  'lt_requests_total{code="500"} > 20',
  'lt_requests_total{code="500"} > bool 20',
  'lt_up == 0',
  'lt_memory_bytes > on (job, instance) lt_up',
  'lt_memory_bytes / on (job, instance) lt_up',
  'sum by (job) (lt_requests_total{code="500"}) / sum by (job) (lt_requests_total)',
  'rate(lt_requests_total{code="500"}[5m]) / ignoring (code) rate(lt_requests_total{code="200"}[5m])',
  'lt_memory_bytes + lt_tiny',
  'max_over_time(rate(lt_requests_total{job="api",code="200"}[1m])[5m:30s])',
  'sum(rate(lt_requests_total[5m])) by (job) > 1 and sum(lt_up) by (job) > 0',
];

/** Answers of one time only. */
const INSTANT: readonly string[] = [
  '"a text\\n with \\"quotes\\""',
  'lt_up[1m]',
  'lt_temperature{floor="-1"}[50s]',
  'lt_sparse[20m:5m]',
];

/** Parameters of an instant query in all their forms; empty ones are none. */
const FORMS: readonly ApiRequest['parameters'][] = [
  { time: '1.7000012e9', timeout: '1m30s' },
  { time: '1700001200.', timeout: '1.5' },
  { time: '2023-11-14T22:33:20.123456789Z', timeout: '' },
  { time: '2023-11-14T23:33:20+01:00', timeout: '1y' },
  { time: TENTH, timeout: '0' },
  { time: TENTH, timeout: '-1' },
  { time: TENTH, timeout: '-1s' },
  { time: '2023-11-14' },
  { time: '2023-11-14T22:33:20' },
  { time: '2023-11-14 22:33:20Z' },
  { time: '2023-11-31T22:33:20Z' },
  { time: 'Tue, 14 Nov 2023 22:33:20 GMT' },
  { time: '0x6553f5b0' },
  { time: ' 1700001200' },
];

const FAILURES: readonly ApiRequest[] = [
  { path: '/api/v1/query', parameters: { query: 'lt_up{job=~"a**"}' } },
  { path: '/api/v1/query', parameters: { query: 'label_replace(lt_up, "job", "", "job", "a**")', time: String(AT) } },
  { path: '/api/v1/query', parameters: { query: 'label_replace(lt_up, "", "x", "job", ".*")', time: String(AT) } },
  { path: '/api/v1/query', parameters: { query: 'topk(NaN, lt_up)', time: String(AT) } },
  { path: '/api/v1/query', parameters: { query: '1e400' } },
  { path: '/api/v1/series', parameters: { 'match[]': '{job=~"["}' } },
  { path: '/api/v1/query', parameters: {} },
  { path: '/api/v1/query', parameters: { query: '' } },
  { path: '/api/v1/query', parameters: { query: 'sum(' } },
  { path: '/api/v1/query', parameters: { query: 'no_such_function(lt_up)' } },
  { path: '/api/v1/query', parameters: { query: 'rate(lt_up)' } },
  { path: '/api/v1/query', parameters: { query: 'lt_up', time: 'yesterday' } },
  { path: '/api/v1/query', parameters: { query: 'lt_up', time: String(AT), timeout: 'soon' } },
  { path: '/api/v1/query', parameters: { query: 'lt_up + on (job) lt_requests_total', time: String(AT) } },
  { path: '/api/v1/query', parameters: { query: 'lt_up * on (job) lt_memory_bytes', time: String(AT) } },
  { path: '/api/v1/query_range', parameters: { query: 'lt_up' } },
  { path: '/api/v1/query_range', parameters: { query: 'lt_up', start: '2', end: '1', step: '1' } },
  { path: '/api/v1/query_range', parameters: { query: 'lt_up', start: '1', end: '2', step: '0' } },
  { path: '/api/v1/query_range', parameters: { query: 'lt_up', start: '1', end: '2', step: 'x' } },
  { path: '/api/v1/query_range', parameters: { query: 'lt_up', start: '0', end: '100000', step: '1' } },
  { path: '/api/v1/query_range', parameters: { query: 'lt_up[1m]', ...RANGE } },
  { path: '/api/v1/query_range', parameters: { query: '"text"', ...RANGE } },
  { path: '/api/v1/series', parameters: {} },
  { path: '/api/v1/series', parameters: { 'match[]': 'sum(lt_up)' } },
  { path: '/api/v1/series', parameters: { 'match[]': '{}' } },
  { path: '/api/v1/labels', parameters: { 'match[]': '{', start: '1' } },
  { path: '/api/v1/labels', parameters: { 'match[]': 'lt_up', start: 'x' } },
];

const BROAD = { start: String(START - 100), end: String(START + 3600) };

const METADATA: readonly ApiRequest[] = [
  { path: '/api/v1/series', parameters: { 'match[]': 'lt_temperature', ...BROAD } },
  { path: '/api/v1/series', parameters: { 'match[]': '{__name__=~"lt_.*",job="api"}', ...BROAD } },
  { path: '/api/v1/series', parameters: { 'match[]': 'lt_absent', ...BROAD } },
  { path: '/api/v1/labels', parameters: { 'match[]': '{__name__=~"lt_.*"}', ...BROAD } },
  { path: '/api/v1/labels', parameters: { 'match[]': 'lt_tiny', ...BROAD } },
  { path: '/api/v1/label/job/values', parameters: { 'match[]': '{__name__=~"lt_.*"}', ...BROAD } },
  { path: '/api/v1/label/room/values', parameters: { 'match[]': 'lt_temperature', ...BROAD } },
  { path: '/api/v1/label/__name__/values', parameters: { 'match[]': '{__name__=~"lt_.*"}', ...BROAD } },
  { path: '/api/v1/label/nothing/values', parameters: { 'match[]': 'lt_up', ...BROAD } },
];

/** Every request that is recorded. */
export const REQUESTS: readonly ApiRequest[] = [
  ...EXPRESSIONS.map((query) => ({ path: '/api/v1/query', parameters: { query, time: String(AT) } })),
  ...INSTANT.map((query) => ({ path: '/api/v1/query', parameters: { query, time: TENTH } })),
  { path: '/api/v1/query', parameters: { query: 'vector(time())', time: '2023-11-14T22:33:27.5+01:00' } },
  ...EXPRESSIONS.map((query) => ({ path: '/api/v1/query_range', parameters: { query, ...RANGE } })),
  {
    path: '/api/v1/query_range',
    parameters: { query: 'lt_tiny', start: '2023-11-14T22:20:07Z', end: '2023-11-14T22:23:07.123Z', step: '1m30s' },
  },
  // Which of equal series are kept, in the order of labels and not of time.
  { path: '/api/v1/query', parameters: { query: 'topk(2, lt_requests_total > bool 0)', time: String(AT) } },
  { path: '/api/v1/query', parameters: { query: 'sort(lt_requests_total{job="api"} > bool 0)', time: String(AT) } },
  // Whole steps count: 11000 and a half are within the limit.
  { path: '/api/v1/query_range', parameters: { query: 'lt_absent', start: '1700000000', end: '1700011000.5', step: '1' } },
  { path: '/api/v1/query_range', parameters: { query: 'lt_tiny', start: TENTH, end: String(AT + 2), step: '0.25' } },
  ...FORMS.map((parameters) => ({ path: '/api/v1/query', parameters: { query: 'lt_tiny', ...parameters } })),
  ...METADATA,
  ...FAILURES,
];
