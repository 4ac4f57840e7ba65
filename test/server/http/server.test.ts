import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { compress } from 'snappyjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Database } from '../../../src/engine/database.ts';
import { HttpServer } from '../../../src/server/http/server.ts';
import type { TestSeries } from './prometheus/data.ts';
import { encodeWrite } from './prometheus/write-request.ts';

let database: Database;
let server: HttpServer;
let url: string;

beforeAll(async () => {
  database = await Database.open(undefined, { threads: 2 });
  server = new HttpServer(database);
  url = `http://127.0.0.1:${await server.listen(0, '127.0.0.1')}`;
});
afterAll(async () => {
  await server.close();
  await database.close();
});

function series(name: string, samples: TestSeries['samples'], labels: Readonly<Record<string, string>> = {}): TestSeries {
  return { labels: { __name__: name, ...labels }, samples };
}

function write(body: Uint8Array<ArrayBuffer>, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  return fetch(`${url}/api/v1/write`, { method: 'POST', body, headers: { 'content-encoding': 'snappy', ...headers } });
}

async function query(text: string, time: number): Promise<unknown> {
  const response = await fetch(`${url}/api/v1/query?${new URLSearchParams({ query: text, time: String(time) })}`);
  const body: { readonly data?: { readonly result?: unknown } } = JSON.parse(await response.text());
  return body.data?.result;
}

describe('remote write', () => {
  test('samples are there when it is answered; tables and label columns are made', async () => {
    expect((await write(encodeWrite([series('w_up', [[1000, 1]], { job: 'a' })]))).status).toBe(204);
    expect((await write(encodeWrite([series('w_up', [[1000, 0]], { job: 'a', zone: 'x' })]))).status).toBe(204);
    expect(await query('w_up', 1001)).toEqual([
      { metric: { __name__: 'w_up', job: 'a' }, value: [1001, '1'] },
      { metric: { __name__: 'w_up', job: 'a', zone: 'x' }, value: [1001, '0'] },
    ]);
    const { table } = await database.query('select * from w_up order by zone');
    expect(table.schema.fields.map((field) => field.name)).toEqual(['time', 'job', 'value', 'zone']);
  });

  test('the staleness marker ends a series, another NaN is a value', async () => {
    await write(
      encodeWrite([
        series('w_nan', [
          [2000, 1],
          [2015, Number.NaN],
        ]),
        series('w_stale', [
          [2000, 1],
          [2015, 'stale'],
        ]),
      ]),
    );
    expect(await query('w_nan', 2020)).toEqual([{ metric: { __name__: 'w_nan' }, value: [2020, 'NaN'] }]);
    expect(await query('w_stale', 2020)).toEqual([]);
  });

  test.each(['in memory', 'in a directory'])('senders that write at once do not disturb one another, %s', async (where) => {
    const folder = await mkdtemp(join(tmpdir(), 'lumadb-write-'));
    const own = await Database.open(where === 'in memory' ? undefined : join(folder, 'db'), { threads: 2 });
    const at = new HttpServer(own);
    try {
      const to = `http://127.0.0.1:${await at.listen(0, '127.0.0.1')}`;
      const writes = Array.from({ length: 20 }, (_, i) => {
        const body = encodeWrite([series('w_many', [[3000, i]], { [`label_${i % 4}`]: `v${i}` })]);
        return fetch(`${to}/api/v1/write`, { method: 'POST', body, headers: { 'content-encoding': 'snappy' } });
      });
      expect((await Promise.all(writes)).map(({ status }) => status)).toEqual(new Array(20).fill(204));
      const { table } = await own.query(
        'select count(*) from w_many where coalesce(label_0, label_1, label_2, label_3) is not null',
      );
      expect(Number(table.getChildAt(0)?.get(0))).toBe(20);
    } finally {
      await at.close();
      await own.close();
      await rm(folder, { recursive: true });
    }
  });

  test('what is sent again is there once, and the first value stays', async () => {
    const samples = [
      series('w_again', [
        [7000, 1],
        [7015, 2],
      ]),
    ];
    for (let i = 0; i < 2; i++) expect((await write(encodeWrite(samples))).status).toBe(204);
    expect((await write(encodeWrite([series('w_again', [[7015, 9]])]))).status).toBe(204);
    expect(await query('w_again[1m]', 7020)).toEqual([
      {
        metric: { __name__: 'w_again' },
        values: [
          [7000, '1'],
          [7015, '2'],
        ],
      },
    ]);
  });

  test.each<[what: string, body: Uint8Array<ArrayBuffer>, headers: Record<string, string>, error: RegExp]>([
    ['no snappy', new Uint8Array([1, 2, 3]), {}, /no snappy-compressed WriteRequest/],
    ['no protobuf', new Uint8Array(compress(new Uint8Array([0xff, 0xff]))), {}, /no snappy-compressed WriteRequest/],
    ['another encoding', encodeWrite([]), { 'content-encoding': 'gzip' }, /content encoding gzip/],
    [
      'version 2',
      encodeWrite([]),
      { 'content-type': 'application/x-protobuf;proto=io.prometheus.write.v2.Request' },
      /remote write 2\.0/,
    ],
    ['no name', encodeWrite([{ labels: { job: 'x' }, samples: [[1, 1]] }]), {}, /no label __name__/],
    [
      'a label twice',
      encodeWrite([series('w_twice', [[1, 1]], { ' job': 'x', job: 'y' })], (name) => name.trim()),
      {},
      /not unique/,
    ],
  ])("%s is the sender's fault", async (_what, body, headers, error) => {
    const response = await write(body, headers);
    expect(response.status).toBe(400);
    expect(JSON.parse(await response.text())).toMatchObject({
      status: 'error',
      errorType: 'bad_data',
      error: expect.stringMatching(error),
    });
  });

  // Remote write 1.0, "Labels": receivers may ingest the valid samples of a request with invalid ones, and must answer 400.
  test('a series that cannot be taken keeps no other from being written', async () => {
    const response = await write(
      encodeWrite([series('w_part', [[1, 1]], { time: 'x' }), series('w_part', [[1, 2]], { job: 'x' })]),
    );
    expect([response.status, await response.text()]).toEqual([400, expect.stringContaining('a label called \\"time\\"')]);
    expect(await query('w_part', 1)).toEqual([{ metric: { __name__: 'w_part', job: 'x' }, value: [1, '2'] }]);
  });

  // prometheus.io/docs/guides/utf8: since Prometheus 3.0 all UTF-8 strings are valid names.
  test.each(['__proto__', 'constructor', 'a-b', 'größe', 'Upper'])('a label may be called %s', async (label) => {
    const labels: Record<string, string> = Object.fromEntries([[label, 'x']]);
    await write(encodeWrite([series('w_label', [[1, 1]], labels)]));
    const metric: unknown = JSON.parse(`{"__name__":"w_label",${JSON.stringify(label)}:"x"}`);
    expect(await query(`w_label{${JSON.stringify(label)}="x"}`, 1)).toEqual([{ metric, value: [1, '1'] }]);
    const values = await fetch(`${url}/api/v1/label/${encodeURIComponent(label)}/values?match[]=w_label`);
    expect(await values.json()).toEqual({ status: 'success', data: ['x'] });
    const text = `count_values(${JSON.stringify(label)}, vector(7))`;
    const counted: unknown = JSON.parse(`{${JSON.stringify(label)}:"7"}`);
    expect(await query(text, 1)).toEqual([{ metric: counted, value: [1, '1'] }]);
  });

  test('nothing to write', async () => {
    expect((await write(encodeWrite([]))).status).toBe(204);
  });

  const REMOTE_WRITE = join(import.meta.dirname, '../../../../shared/engines/remote-write.mjs');
  test.skipIf(!existsSync(REMOTE_WRITE))('the bytes of another sender', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lumadb-write-'));
    try {
      const file = join(folder, 'samples');
      await writeFile(
        file,
        'w_other{job="a",path="/x\\"y"} 1.5 4000.25\nw_other{job="b"} +Inf 4000\nw_other{job="c"} stale 4000\nw_other{job="d"} -0 -4000\n',
      );
      // In a process of its own, because this one answers.
      const sender = spawn(process.execPath, [REMOTE_WRITE, `${url}/api/v1/write`, file], { stdio: 'ignore' });
      expect(await once(sender, 'close')).toEqual([0, null]);
    } finally {
      await rm(folder, { recursive: true });
    }
    expect(await query('w_other', 4001)).toEqual([
      { metric: { __name__: 'w_other', job: 'a', path: '/x"y' }, value: [4001, '1.5'] },
      { metric: { __name__: 'w_other', job: 'b' }, value: [4001, '+Inf'] },
    ]);
    expect(await query('w_other', -3999)).toEqual([{ metric: { __name__: 'w_other', job: 'd' }, value: [-3999, '-0'] }]);
  });
});

describe('requests', () => {
  test('a form in the body asks as a URL does', async () => {
    for (const path of ['query', 'labels', 'series']) {
      const response = await fetch(`${url}/api/v1/${path}`, {
        method: 'POST',
        body: new URLSearchParams({ query: 'vector(1)', time: '5', 'match[]': 'w_up' }),
      });
      expect([path, response.status]).toEqual([path, 200]);
    }
    const response = await fetch(`${url}/api/v1/query`, {
      method: 'POST',
      body: new URLSearchParams({ query: '1 + 1', time: '5' }),
    });
    expect(await response.json()).toEqual({ status: 'success', data: { resultType: 'scalar', result: [5, '2'] } });
  });

  // Go's net/http, Request.ParseForm: the body's parameters go before the URL's; media types know no case (RFC 9110, 8.3.1).
  test('what stands in the body comes before the URL', async () => {
    const response = await fetch(`${url}/api/v1/query?query=1&time=5`, {
      method: 'POST',
      body: 'query=2',
      headers: { 'content-type': 'Application/X-WWW-Form-Urlencoded' },
    });
    expect(await response.json()).toMatchObject({ data: { result: [5, '2'] } });
  });

  test.each([
    ['('.repeat(5000), '1', ')'.repeat(5000)],
    ['1', '+1'.repeat(20_000)],
    ['abs('.repeat(3000), 'l_a', ')'.repeat(3000)],
  ])('a query nested too deeply is its own fault: %.10s', async (...parts) => {
    const response = await fetch(`${url}/api/v1/query`, { method: 'POST', body: new URLSearchParams({ query: parts.join('') }) });
    expect([response.status, await response.json()]).toEqual([422, expect.objectContaining({ errorType: 'execution' })]);
  });

  test('without a time, now', async () => {
    const response = await fetch(`${url}/api/v1/query?query=time()`);
    const { data }: { data: { result: [number, string] } } = JSON.parse(await response.text());
    expect(Math.abs(data.result[0] - Date.now() / 1000)).toBeLessThan(60);
    expect(Number(data.result[1])).toBe(data.result[0]);
  });

  test('labels without a selector are those of all series; a limit cuts', async () => {
    await write(encodeWrite([series('l_a', [[5000, 1]], { color: 'red' }), series('l_b', [[5000, 1]], { color: 'blue' })]));
    const get = async (path: string): Promise<unknown> => (await fetch(url + path)).json();
    expect(await get('/api/v1/labels')).toMatchObject({ status: 'success', data: expect.arrayContaining(['__name__', 'color']) });
    expect(await get('/api/v1/label/color/values')).toEqual({ status: 'success', data: ['blue', 'red'] });
    expect(await get('/api/v1/label/color/values?limit=1')).toEqual({ status: 'success', data: ['blue'] });
    expect(await get('/api/v1/label/color/values?start=6000')).toEqual({ status: 'success', data: [] });
    expect(await get('/api/v1/metadata')).toEqual({ status: 'success', data: {} });
    expect(await get('/api/v1/status/buildinfo')).toMatchObject({
      status: 'success',
      data: { version: expect.stringMatching(/^\d+\.\d+\.\d+$/) },
    });
  });

  test('long answers are compressed for those who take that', async () => {
    const path = '/api/v1/query_range?query=vector(time())&start=0&end=2000&step=1';
    const plain = await fetch(url + path, { headers: { 'accept-encoding': 'identity' } });
    const squeezed = await fetch(url + path, { headers: { 'accept-encoding': 'deflate, gzip;q=1.0' } });
    expect([plain.headers.get('content-encoding'), squeezed.headers.get('content-encoding')]).toEqual([null, 'gzip']);
    expect(await squeezed.text()).toBe(await plain.text());
  });

  test('unknown paths and methods', async () => {
    expect((await fetch(`${url}/api/v1/nothing`)).status).toBe(404);
    const response = await fetch(`${url}/api/v1/write`);
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
    expect(await (await fetch(`${url}/-/healthy`)).text()).toBe('LumaDB is Healthy.\n');
    expect(await (await fetch(`${url}/-/healthy`, { method: 'HEAD' })).text()).toBe('');
  });

  test('an error says what, where and what to do', async () => {
    const response = await fetch(`${url}/api/v1/query?query=${encodeURIComponent('sum(\n  rat(x[5m]))')}`);
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({
      status: 'error',
      errorType: 'bad_data',
      error: 'invalid parameter "query": 2:3: parse error: unknown function with name "rat" (Did you mean "rate"?)',
    });
  });
});

describe('queries that take long', () => {
  const START = 100_000;
  const LONG = `query_range?${new URLSearchParams({
    query: 'quantile_over_time(0.5, q_long[5h])',
    start: String(START),
    end: String(START + 20_000),
    step: '2',
  })}`;

  beforeAll(async () => {
    const samples = Array.from({ length: 20_000 }, (_, i) => [START + i, (i * 7919) % 20_000] as const);
    expect((await write(encodeWrite([series('q_long', samples)]))).status).toBe(204);
  });

  test('a timeout is 503', async () => {
    const response = await fetch(`${url}/api/v1/${LONG}&timeout=200ms`);
    expect([response.status, await response.json()]).toEqual([
      503,
      expect.objectContaining({ status: 'error', errorType: 'timeout' }),
    ]);
  });

  test('a client that goes cancels its query', async () => {
    const request = get(`${url}/api/v1/${LONG}`);
    request.on('error', () => {});
    await sleep(300);
    request.destroy();
    await sleep(200);
    const before = process.cpuUsage();
    await sleep(300);
    expect(process.cpuUsage(before).user).toBeLessThan(100_000);
  });

  test('a query past its memory is its own fault', async () => {
    const query = 'count_over_time(vector(time())[100000d:1s])';
    const response = await fetch(`${url}/api/v1/query?${new URLSearchParams({ query })}`);
    expect([response.status, await response.json()]).toEqual([422, expect.objectContaining({ errorType: 'execution' })]);
  });
});
