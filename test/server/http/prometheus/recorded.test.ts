import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Database } from '../../../../src/engine/database.ts';
import { HttpServer } from '../../../../src/server/http/server.ts';
import { SERIES } from './data.ts';
import type { ApiRequest } from './requests.ts';
import { encodeWrite } from './write-request.ts';

/** What a Prometheus answered (record.ts), asked of LumaDB over the same samples, which came the same way. */

interface Answer extends ApiRequest {
  readonly status: number;
  readonly body: Body;
}

interface Body {
  readonly status: string;
  readonly errorType?: string;
  readonly data?: unknown;
}

interface Recording {
  readonly recordedFrom: { readonly data: { readonly version: string } };
  readonly answers: readonly Answer[];
}

const { recordedFrom, answers }: Recording = JSON.parse(readFileSync(new URL('./answers.golden.json', import.meta.url), 'utf8'));

let database: Database;
let server: HttpServer;
let url: string;

beforeAll(async () => {
  database = await Database.open(undefined, { threads: 2 });
  server = new HttpServer(database);
  url = `http://127.0.0.1:${await server.listen(0, '127.0.0.1')}`;
  const written = await fetch(`${url}/api/v1/write`, {
    method: 'POST',
    body: encodeWrite(SERIES),
    headers: { 'content-type': 'application/x-protobuf', 'content-encoding': 'snappy' },
  });
  expect(written.status).toBe(204);
});
afterAll(async () => {
  await server.close();
  await database.close();
});

/** Sums are compensated in Prometheus 3 and here, not in the version recorded: digits beyond these may differ. */
const PRECISION = 1e-14;

/** The two say the same: numbers nearly, but then also in the same form. */
function expectSame(found: unknown, expected: unknown, path: string): void {
  if (typeof expected === 'string' && typeof found === 'string' && found !== expected) {
    const [a, b] = [Number(found), Number(expected)];
    expect(Math.abs(a - b), `${path}: ${found}, recorded ${expected}`).toBeLessThanOrEqual(PRECISION * Math.abs(b));
    expect(a === b, `${path}: ${found} is written ${expected}`).toBe(false);
  } else if (Array.isArray(expected) && Array.isArray(found)) {
    expect(found.length, path).toBe(expected.length);
    for (const [i, each] of expected.entries()) expectSame(found[i], each, `${path}[${i}]`);
  } else if (isRecord(expected) && isRecord(found)) {
    expect(Object.keys(found).sort(), path).toEqual(Object.keys(expected).sort());
    for (const key of Object.keys(expected)) expectSame(found[key], expected[key], `${path}.${key}`);
  } else expect(found, path).toEqual(expected);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Instant vectors have no order (Prometheus' follows its storage) unless the expression makes one. */
function ordered(body: unknown, query: string | undefined): unknown {
  if (!isRecord(body) || !isRecord(body.data) || body.data.resultType !== 'vector') return body;
  if (/^(?:topk|bottomk|sort)/.test(query ?? '')) return body;
  const { result } = body.data;
  if (!Array.isArray(result)) return body;
  const key = (each: unknown): string => (isRecord(each) ? JSON.stringify(each.metric) : '');
  return { ...body, data: { ...body.data, result: result.toSorted((a, b) => (key(a) < key(b) ? -1 : 1)) } };
}

test(`recorded from Prometheus ${recordedFrom.data.version}, with errors and without`, () => {
  expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThan(120);
  expect(answers.filter(({ status }) => status >= 400).length).toBeGreaterThan(20);
});

test.each(answers)('$path $parameters', async ({ path, parameters, status, body }) => {
  const response = await fetch(`${url}${path}?${new URLSearchParams(parameters)}`);
  const found: Body = JSON.parse(await response.text());
  expect([response.status, found.status, found.errorType]).toEqual([status, body.status, body.errorType]);
  expect(response.headers.get('content-type')).toBe('application/json');
  if (status === 200) expectSame(ordered(found, parameters.query), ordered(body, parameters.query), '$');
});
