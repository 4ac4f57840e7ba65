import { writeFileSync } from 'node:fs';
import { RECORDING_FILE, type RecordedRows, type Recording, rowKey } from './answers.ts';
import { QUERIES } from './queries.ts';
import { INSTANT, RANGE, SAMPLES } from './samples.ts';

/*
 * Records prometheus.golden.json: `node test/translate/record.ts URL` with a Prometheus that holds the samples;
 * `node test/translate/record.ts` writes them to standard output in the text form, with times in seconds.
 */

interface Response {
  readonly status: string;
  readonly error?: string;
  readonly data: {
    readonly version?: string;
    readonly resultType: string;
    readonly result: readonly Series[] | readonly [number, string];
  };
}

interface Series {
  readonly metric: Record<string, string>;
  readonly value?: readonly [number, string];
  readonly values?: readonly (readonly [number, string])[];
}

async function get(url: string, path: string, parameters: Record<string, string>): Promise<Response> {
  const response = await fetch(`${url}${path}?${new URLSearchParams(parameters)}`);
  const body = (await response.json()) as Response;
  if (body.status !== 'success') throw new Error(`${JSON.stringify(parameters)}: ${body.error}`);
  return body;
}

function rowsOf({ data }: Response): RecordedRows {
  const rows: Record<string, string> = {};
  if (data.resultType === 'scalar') {
    const [time, value] = data.result as readonly [number, string];
    return { [rowKey({}, Math.round(time * 1000))]: value };
  }
  for (const series of data.result as readonly Series[]) {
    const points = series.values ?? (series.value === undefined ? [] : [series.value]);
    for (const [time, value] of points) rows[rowKey(series.metric, Math.round(time * 1000))] = value;
  }
  return rows;
}

async function record(url: string): Promise<void> {
  const { data } = await get(url, '/api/v1/status/buildinfo', {});
  const answers: Record<string, Recording['answers'][string]> = {};
  const seconds = (milliseconds: number): string => String(milliseconds / 1000);
  for (const query of QUERIES) {
    const instant = rowsOf(await get(url, '/api/v1/query', { query, time: seconds(INSTANT) }));
    const grid = { start: seconds(RANGE.start), end: seconds(RANGE.end), step: seconds(RANGE.step) };
    const range = query.endsWith(']') ? null : rowsOf(await get(url, '/api/v1/query_range', { query, ...grid }));
    answers[query] = { instant, range };
  }
  writeFileSync(RECORDING_FILE, `${JSON.stringify({ engine: `Prometheus ${data.version}`, answers }, null, 1)}\n`);
}

const [, , url] = process.argv;
if (url !== undefined) {
  await record(url);
} else {
  for (const { metric, labels, value, time } of SAMPLES) {
    const text = Object.entries(labels).map(([name, label]) => `${name}="${label}"`);
    process.stdout.write(`${metric}{${text.join(',')}} ${value} ${time / 1000}\n`);
  }
}
