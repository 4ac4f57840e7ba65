import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { environment, lumadb } from '../shell/run.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lumadb-cli-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function text(args: readonly string[], input?: string): Promise<{ status: number | null; out: string; err: string }> {
  const { status, out, err } = await lumadb(args, input);
  return { status, out: out.toString(), err };
}

describe('queries', () => {
  test('the first of the README', async () => {
    expect(await text(['-c', 'select 1+1 as x', '--format', 'csv'])).toEqual({ status: 0, out: 'x\n2\n', err: '' });
  });

  test('an error has code, place, line and caret, what was expected and a hint; the status is 1', async () => {
    const { status, out, err } = await text(['-c', 'selec 1']);
    expect([status, out]).toEqual([1, '']);
    expect(err).toMatch(
      /^error\[42601\] 1:1: syntax error at or near "selec"\n {2}selec 1\n {2}\^{5}\nexpected: .*SELECT.*\nhint: Did you mean SELECT instead of "selec"\?\n$/,
    );
    expect((await text(['-c', "select 1,\n  'é', nope"])).err).toBe(
      'error[42703] 2:8: column "nope" does not exist\n    \'é\', nope\n         ^^^^\n',
    );
  });

  test('-c several times, then -f; the first error ends it', async () => {
    const file = join(folder, 'script.sql');
    await writeFile(file, 'select x from t;\nselect nope;\nselect 3 as never;\n');
    const { status, out, err } = await text([
      '-c',
      'create table t (x integer)',
      '-c',
      'insert into t values (1); select 2 as two',
      '-f',
      file,
      '--format',
      'csv',
    ]);
    expect([status, out]).toEqual([1, 'two\n2\nx\n1\n']);
    expect(err).toMatch(/^error\[42703\] 2:8: /);
  });

  test('standard input, by itself or as -f -', async () => {
    expect(await text(['--format', 'csv'], 'select 1 as a; select 2 as b;')).toEqual({ status: 0, out: 'a\n1\nb\n2\n', err: '' });
    expect(await text(['-f', '-', '--format=csv'], 'select 1 as a')).toEqual({ status: 0, out: 'a\n1\n', err: '' });
    expect(await text([], '')).toEqual({ status: 0, out: '', err: '' });
  });

  test('what is not UTF-8 is an error, never replaced', async () => {
    const file = join(folder, 'latin.sql');
    const latin = Buffer.from("select 'caf\xe9' as x;", 'latin1');
    await writeFile(file, latin);
    const refused = {
      status: 1,
      out: Buffer.alloc(0),
      err: expect.stringMatching(/^error\[22021\] invalid byte sequence .*0xe9 0x27/),
    };
    expect(await lumadb(['-f', file])).toEqual(refused);
    for (const args of [[], ['detect'], ['translate', '--to', 'lql']]) expect(await lumadb(args, latin)).toEqual(refused);
  });

  test('backslash commands, in scripts as in the interactive shell', async () => {
    const described =
      'Table "t"\n Column | Type    | Role  | Nullable\n--------+---------+-------+----------\n n      | INTEGER | field |\n';
    expect(await text(['-c', 'create table t (n integer)', '-c', '\\d t', '--format=csv'])).toEqual({
      status: 0,
      out: described,
      err: '',
    });
    const script =
      'create table t (n integer);\n  \\d t\n\\format jsonl\nselect 1 as a;\n\\timing on\nselect 2 as b;\n\\q\nselect 3 as never;\n';
    const { status, out } = await text(['-f', '-', '--format', 'csv'], script);
    expect(status).toBe(0);
    expect(out).toContain(described);
    expect(out).toMatch(/\n\{"a":1\}\nTiming is on\.\n\{"b":2\}\nTime: \d+\.\d ms\n$/);
  });

  test('an error after a backslash command names the line of the script; an unknown command ends it', async () => {
    expect((await text([], 'select 1;\n\\timing on\n\nselect nope;')).err).toMatch(/^error\[42703\] 4:8: /);
    expect(await text([], '\\tming\nselect 1;')).toEqual({
      status: 1,
      out: '',
      err: 'error[42601] there is no command \\tming\nhint: Did you mean "\\timing"?\n',
    });
  });

  test('COPY: with -c, standard input is the data', async () => {
    const args = ['-c', 'create table t (x integer, s text)', '-c', 'copy t from stdin csv', '-c', 'copy t to stdout'];
    expect(await text(args, '1,a\n2,\n')).toEqual({ status: 0, out: 'CREATE TABLE\nCOPY 2\n1\ta\n2\t\\N\n', err: '' });
    expect((await text(['-f', '-'], 'create table t (x integer); copy t from stdin;')).err).toMatch(
      /^error\[0A000\] COPY FROM STDIN/,
    );
  });

  test('a database in a directory keeps what was written', async () => {
    const path = join(folder, 'kept');
    expect(await text([path, '-c', 'create table t as select 7 as n'])).toEqual({ status: 0, out: 'SELECT 1\n', err: '' });
    expect(await text([path, '-c', 'select n from t', '--format', 'csv'])).toEqual({ status: 0, out: 'n\n7\n', err: '' });
  });

  test('a misspelt command makes no database, unless it is meant', async () => {
    expect((await text(['servee', '-c', 'select 1'])).err).toBe(
      'error[22023] there is no database "servee"\nhint: Did you mean "serve"? To make a database of that name, write ./servee.\n',
    );
    const path = join(folder, 'servee');
    expect((await text([path, '-c', 'select 1'])).status).toBe(0);
  });

  test('other languages', async () => {
    expect((await text(['--demo', '--dialect', 'promql', '-c', 'count(http_requests_total)', '--format', 'csv'])).out).toMatch(
      /^time,value\n.*,8\n$/,
    );
    expect(
      (
        await text([
          '--demo',
          '--dialect',
          'auto',
          '-c',
          'sum by (job) (rate(http_requests_total[5m])) > 100000',
          '--format',
          'csv',
        ])
      ).out,
    ).toBe('job,time,value\n');
    expect((await text(['--dialect', 'promql', '-c', 'sum(x'])).err).toMatch(/^error\[42601\] 1:6: /);
  });

  test('files and directories that are not there', async () => {
    expect(await text(['-f', join(folder, 'missing.sql')])).toEqual({
      status: 1,
      out: '',
      err: expect.stringMatching(/^error\[58P01\] could not read ".*missing\.sql": ENOENT/),
    });
    const file = join(folder, 'a-file');
    await writeFile(file, '');
    expect(await text([join(file, 'db'), '-c', 'select 1'])).toMatchObject({
      status: 1,
      out: '',
      err: expect.stringMatching(/^error\[/),
    });
  });

  test('a receiver that goes away ends it quietly', async () => {
    const child = spawn(
      'sh',
      [
        '-c',
        `"$0" --disable-warning=ExperimentalWarning "$1" -c "select x from generate_series(1, 3000000) g(x)" --format csv | head -2`,
        process.execPath,
        join(import.meta.dirname, '../../src/cli.ts'),
      ],
      {
        env: environment(),
      },
    );
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk) => {
      out += chunk;
    });
    child.stderr.on('data', (chunk) => {
      err += chunk;
    });
    expect(await once(child, 'close')).toEqual([0, null]);
    expect([out, err]).toEqual(['x\n1\n', '']);
  });

  test('Ctrl-C cancels a query and ends the run', async () => {
    const query = 'select count(*) from generate_series(1, 400000) a(x), generate_series(1, 400000) b(y) where x + y = 7';
    const child = spawn(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, '../../src/cli.ts'), '-c', query, '-c', 'select 1'],
      {
        env: environment(),
      },
    );
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk) => {
      out += chunk;
    });
    child.stderr.on('data', (chunk) => {
      err += chunk;
    });
    await sleep(1500);
    child.kill('SIGINT');
    expect(await once(child, 'close')).toEqual([1, null]);
    expect([out, err]).toEqual(['', 'error[57014] canceling statement due to user request\n']);
  });
});

describe('wrong usage is status 2', () => {
  test.each([
    [['--nonsense'], /unknown option '--nonsense'/],
    [['-c'], /argument missing/],
    [['--format', 'xml', '-c', 'select 1'], /'xml' is invalid.*csv/],
    [['--dialect', 'cobol', '-c', 'select 1'], /'cobol' is invalid.*promql/],
    [['one', 'two', '-c', 'select 1'], /too many arguments/],
    [['translate', 'up'], /required option '--to <name>'/],
    [['import', 'x.csv'], /required option '--into <table>'/],
    [['serve', '--pg-port', 'many'], /a port is a number/],
  ])('%j', async (args, message) => {
    const { status, out, err } = await text(args);
    expect([status, out]).toEqual([2, '']);
    expect(err).toMatch(message);
  });

  test('help and version are not', async () => {
    expect(await text(['--help'])).toMatchObject({ status: 0, out: expect.stringContaining('Usage: lumadb'), err: '' });
    expect(await text(['help', 'serve'])).toMatchObject({ status: 0, out: expect.stringContaining('--pg-port'), err: '' });
    expect(await text(['--version'])).toMatchObject({ status: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/), err: '' });
  });
});
