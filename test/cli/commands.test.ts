import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commandLine } from '../../src/shell/command-line.ts';
import { COMMAND_NAMES, type RunOptions, readRun } from '../../src/shell/run-options.ts';
import { environment, lumadb } from '../shell/run.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lumadb-commands-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function text(args: readonly string[], input?: string): Promise<{ status: number | null; out: string; err: string }> {
  const { status, out, err } = await lumadb(args, input);
  return { status, out: out.toString(), err };
}

describe('the quick reader of plain runs', () => {
  /** What commander makes of the arguments. */
  async function slowly(args: readonly string[]): Promise<unknown> {
    const program = commandLine();
    let seen: unknown;
    program.action((database: string | undefined, options: RunOptions) => {
      seen = { database, options };
    });
    await program.parseAsync([...args], { from: 'user' });
    return seen;
  }

  test.each([
    [[]],
    [['db']],
    [['-c', 'select 1']],
    [['db', '-c', 'select 1', '-c', 'select 2', '--demo']],
    [['--command=select 1', '--format=csv', 'db']],
    [['-cselect 1', '--dialect', 'auto']],
    [['-f', '-', '--format', 'jsonl', '--dialect', 'promql']],
    [['--file', 'x.sql', './serve']],
    [['--', '-strange-']],
  ])('%j', async (args) => {
    const quickly = readRun(args);
    expect(quickly).toBeDefined();
    expect(quickly).toEqual(await slowly(args));
  });

  test.each([
    [['serve']],
    [['help']],
    [['--help']],
    [['-c']],
    [['--format', 'xml']],
    [['a', 'b']],
    [['--fromat', 'csv']],
    [['detect', 'x']],
  ])('%j is left to the other', (args) => {
    expect(readRun(args)).toBeUndefined();
  });

  test('knows the names of the commands', () => {
    expect([...COMMAND_NAMES].sort()).toEqual([...commandLine().commands.map((command) => command.name()), 'help'].sort());
  });
});

describe('detect', () => {
  test('names the language, the surest first', async () => {
    expect((await text(['detect', 'sum by (job) (rate(x[5m]))'])).out).toMatch(/^promql\t[01]\.\d\d\n/);
    expect((await text(['detect'], 'SELECT * FROM t')).out).toMatch(/^lql\t/);
    expect((await text(['detect', '-'], 'SELECT 1')).out).toMatch(/^lql\t/);
  });
});

describe('translate', () => {
  const RANGE = ['--start', '0', '--end', '600', '--step', '1m'];

  test('prints SQL that runs where the database says which labels there are', async () => {
    const query = 'sum by (job) (rate(http_requests_total[5m]))';
    const args = ['translate', '--from', 'promql', '--to', 'lql', '--demo', ...RANGE, query];
    const { status, out, err } = await text(args);
    expect([status, err]).toEqual([0, '']);
    expect(await text(['--demo', '-c', out, '--format', 'csv'])).toMatchObject({ status: 0, out: 'job,time,value\n' });
  });

  test('an error has its place, and status 1', async () => {
    expect(await text(['translate', '--from', 'promql', '--to', 'lql', 'rate(x)'])).toMatchObject({
      status: 1,
      out: '',
      err: expect.stringMatching(/^error\[\w{5}\] 1:\d+: .*\n {2}rate\(x\)\n {2} *\^/),
    });
  });

  test('what is lost is refused, or with --lossy said', async () => {
    const args = ['translate', '--from', 'promql', '--to', 'lql', 'up'];
    expect(await text(args)).toMatchObject({
      status: 1,
      out: '',
      err: expect.stringMatching(/^error\[0A000\] 1:1: .*loses meaning/),
    });
    expect(await text([...args, '--lossy'])).toMatchObject({
      status: 0,
      out: expect.stringMatching(/^WITH /),
      err: expect.stringMatching(/^loss\[unknown_labels\] 1:1: /),
    });
  });
});

describe('import', () => {
  test('makes the table, then adds to it; each file in one commit', async () => {
    const [path, good, bad] = ['db', 'good.csv', 'bad.csv'].map((name) => join(folder, name));
    await writeFile(good ?? '', 'day,city,rain\n2026-01-01,Wien,1.5\n2026-01-02,Graz,\n');
    await writeFile(bad ?? '', 'day,city,rain\n2026-01-03,Linz,wet\n');
    const into = ['--into', 'weather', '--database', path ?? ''];
    expect(await text(['import', good ?? '', good ?? '', ...into])).toMatchObject({
      status: 0,
      out: `${good}: COPY 2\n${good}: COPY 2\n`,
    });
    const failed = await text(['import', bad ?? '', ...into]);
    expect([failed.status, failed.err]).toEqual([1, expect.stringMatching(/line 2, column 3 \(rain\)/)]);
    expect(
      await text([path ?? '', '-c', 'select count(*) as n, sum(rain) as rain from weather', '--format', 'csv']),
    ).toMatchObject({ out: 'n,rain\n4,3\n' });
  });
});

describe('serve', () => {
  interface Served {
    readonly pg: number;
    readonly http: number;
    stop(signal: NodeJS.Signals): Promise<number | null>;
  }

  async function serve(...args: readonly string[]): Promise<Served> {
    const child = spawn(
      process.execPath,
      [
        '--disable-warning=ExperimentalWarning',
        join(import.meta.dirname, '../../src/cli.ts'),
        'serve',
        '--pg-port',
        '0',
        '--http-port',
        '0',
        ...args,
      ],
      { env: environment() },
    );
    let out = '';
    const ports = await new Promise<{ pg: number; http: number }>((resolve, reject) => {
      child.stdout.on('data', (chunk) => {
        out += chunk;
        const [, pgPort, httpPort] = /PostgreSQL 127\.0\.0\.1:(\d+).*HTTP +http:\/\/127\.0\.0\.1:(\d+)/s.exec(out) ?? [];
        if (httpPort !== undefined) resolve({ pg: Number(pgPort), http: Number(httpPort) });
      });
      child.once('exit', () => reject(new Error(`it ended: ${out}`)));
    });
    const stop = async (signal: NodeJS.Signals): Promise<number | null> => {
      child.kill(signal);
      const [status] = await once(child, 'close');
      return status;
    };
    return { ...ports, stop };
  }

  async function connected<Result>(
    port: number,
    work: (client: pg.Client) => Promise<Result>,
    options: pg.ClientConfig = {},
  ): Promise<Result> {
    const client = new pg.Client({ host: '127.0.0.1', port, user: 'tester', database: 'test', ...options });
    client.on('error', () => {});
    await client.connect();
    try {
      return await work(client);
    } finally {
      await client.end();
    }
  }

  test.each(['SIGTERM', 'SIGINT'] as const)(
    'both protocols over one database; %s ends it cleanly, and what was committed is kept',
    async (signal) => {
      const path = join(folder, `served-${signal}`);
      const first = await serve(path);
      await connected(first.pg, (client) => client.query('create table t as select 42 as n'));
      const response = await fetch(`http://127.0.0.1:${first.http}/api/v1/query?query=vector(1)&time=5`);
      expect(await response.json()).toMatchObject({ status: 'success' });
      const idle = new pg.Client({ host: '127.0.0.1', port: first.pg, user: 'tester', database: 'test' });
      idle.on('error', () => {});
      await idle.connect();
      expect(await first.stop(signal)).toBe(0);
      const second = await serve(path);
      expect(await connected(second.pg, (client) => client.query('select n from t'))).toMatchObject({ rows: [{ n: 42 }] });
      expect(await second.stop(signal)).toBe(0);
    },
  );

  test('users log in with their passwords', async () => {
    const served = await serve('--demo', '--user', 'ada:love:lace', '--user', 'grace:hopper');
    const count = (client: pg.Client) => client.query('select count(*) as n from orders');
    expect(await connected(served.pg, count, { user: 'ada', password: 'love:lace' })).toMatchObject({ rows: [{ n: '500' }] });
    await expect(connected(served.pg, count, { user: 'ada', password: 'hopper' })).rejects.toMatchObject({ code: '28P01' });
    expect(await served.stop('SIGTERM')).toBe(0);
  });

  test('a port that is taken, a user without a password', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    try {
      const address = taken.address();
      const port = typeof address === 'object' ? String(address?.port) : '';
      const { status, err } = await text(['serve', '--pg-port', port, '--http-port', '0']);
      expect(status).toBe(1);
      expect(err).toMatch(
        /^error\[58030\] cannot listen on 127\.0\.0\.1:\d+: .*EADDRINUSE.*\nhint: --pg-port chooses another port/,
      );
    } finally {
      taken.close();
    }
    expect(await text(['serve', '--user', 'ada'])).toMatchObject({ status: 1, err: expect.stringContaining('name:password') });
  });
});
