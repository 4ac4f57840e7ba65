import { readFileSync, writeFileSync } from 'node:fs';
import { SERIES } from './data.ts';
import { REQUESTS } from './requests.ts';
import { encodeWrite } from './write-request.ts';

/*
 * `node test/server/http/prometheus/record.ts URL`: writes the series of data.ts to a Prometheus with its remote-write
 * receiver, asks it what requests.ts asks, and keeps the answers in answers.golden.json. Sample times are in the past: its
 * out-of-order window must be wide.
 */

const url = process.argv[2] ?? 'http://127.0.0.1:55090';

async function json(path: string): Promise<unknown> {
  return (await fetch(url + path)).json();
}

const written = await fetch(`${url}/api/v1/write`, {
  method: 'POST',
  body: encodeWrite(SERIES),
  headers: {
    'content-type': 'application/x-protobuf',
    'content-encoding': 'snappy',
    'x-prometheus-remote-write-version': '0.1.0',
  },
});
if (!written.ok) throw new Error(`${written.status} ${await written.text()}`);

const answers = [];
for (const { path, parameters } of REQUESTS) {
  const response = await fetch(`${url}${path}?${new URLSearchParams(parameters)}`);
  answers.push({ path, parameters, status: response.status, body: await response.json() });
}
const file = new URL('./answers.golden.json', import.meta.url);
const build = await json('/api/v1/status/buildinfo');
const lines = answers.map((answer) => JSON.stringify(answer)).join(',\n');
writeFileSync(file, `{"recordedFrom":${JSON.stringify(build)},\n"answers":[\n${lines}\n]}\n`);
process.stdout.write(`${answers.length} answers, ${readFileSync(file).length} bytes\n`);
