import { spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { environment } from '../shell/run.ts';

/** `bin/lumadb` in a checkout of its own, so that its bundle can be made and spoiled. */

const ROOT = join(import.meta.dirname, '../..');
const COPIED = ['bin', 'src', 'grammars', 'planner', 'storage', 'package.json'];

let checkout: string;

beforeAll(() => {
  checkout = join(mkdtempSync(join(tmpdir(), 'lumadb start ')), 'a checkout');
  for (const name of COPIED) cpSync(join(ROOT, name), join(checkout, name), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(checkout, 'node_modules'));
});
afterAll(() => rmSync(join(checkout, '..'), { recursive: true }));

function run(
  command: string,
  args: readonly string[],
  cwd = checkout,
): { readonly out: string; readonly err: string; readonly status: number | null } {
  const env = { ...environment(), NODE_COMPILE_CACHE: join(checkout, '.cache') };
  const { stdout, stderr, status } = spawnSync(command, args, { cwd, env, encoding: 'utf8' });
  return { out: stdout, err: stderr, status };
}

const ONE = ['-c', 'select 1+1 as x', '--format', 'csv'];

test('without a bundle it runs from its sources', () => {
  expect(run('bin/lumadb', ONE)).toEqual({ out: 'x\n2\n', err: '', status: 0 });
});

test('by a link, from elsewhere, and as a command of the directory it is in', () => {
  const link = join(checkout, '..', 'linked');
  symlinkSync('a checkout/bin/lumadb', link);
  expect(run(link, ONE, '/')).toEqual({ out: 'x\n2\n', err: '', status: 0 });
  expect(run('sh', ['lumadb', ...ONE], join(checkout, 'bin'))).toEqual({ out: 'x\n2\n', err: '', status: 0 });
});

test('the bundle is used until a source changes', () => {
  const made = run(process.execPath, ['--disable-warning=ExperimentalWarning', 'bin/bundle.ts']);
  expect(made).toMatchObject({ out: expect.stringMatching(/^dist\/: \d+ modules in \d+ files\n$/), err: '', status: 0 });
  const mark = 'process.stderr.write("bundled\\n");\n';
  appendFileSync(join(checkout, 'dist/cli.js'), mark);
  expect(run('bin/lumadb', ONE)).toEqual({ out: 'x\n2\n', err: 'bundled\n', status: 0 });

  const source = join(checkout, 'src/shell/print.ts');
  utimesSync(source, new Date(), new Date(Date.now() + 1000));
  expect(run('bin/lumadb', ONE)).toEqual({ out: 'x\n2\n', err: '', status: 0 });
  rmSync(source);
  expect(run('bin/lumadb', ONE).err).toMatch(/print\.ts/);
  cpSync(join(ROOT, 'src/shell/print.ts'), source);

  run(process.execPath, ['--disable-warning=ExperimentalWarning', 'bin/bundle.ts']);
  appendFileSync(join(checkout, 'dist/cli.js'), mark);
  expect(run('bin/lumadb', ONE).err).toBe('bundled\n');
  writeFileSync(join(checkout, 'dist/sources.json'), 'not JSON');
  expect(run('bin/lumadb', ONE)).toEqual({ out: 'x\n2\n', err: '', status: 0 });
});

test('threads, the durable store, every command and every format work from the bundle', () => {
  run(process.execPath, ['--disable-warning=ExperimentalWarning', 'bin/bundle.ts']);
  appendFileSync(join(checkout, 'dist/cli.js'), 'process.stderr.write("bundled\\n");\n');
  const database = join(checkout, 'database');
  const query = (text: string, format = 'csv') => run('bin/lumadb', [database, '-c', text, '--format', format]);
  expect(query('create table t as select x, x % 7 as k from generate_series(1, 400000) g(x)')).toEqual({
    out: '',
    err: 'bundled\n',
    status: 0,
  });
  const sevenths = Array.from({ length: 400_000 }, (_, i) => i + 1).filter((x) => x > 100 && x % 7 === 3);
  const sum = sevenths.reduce((total, x) => total + x, 0);
  expect(query('select count(*) as n, sum(x) as s from t where x > 100 and k = 3').out).toBe(`n,s\n${sevenths.length},${sum}\n`);
  for (const format of ['table', 'csv', 'json', 'jsonl', 'markdown', 'arrow', 'parquet']) {
    expect([format, query('select 1 as x', format).status]).toEqual([format, 0]);
  }
  expect(run('bin/lumadb', ['detect', 'rate(x[5m])']).out).toMatch(/^promql/);
  expect(run('bin/lumadb', ['translate', '--from', 'promql', '--to', 'lql', '--demo', 'count(http_requests_total)']).out).toMatch(
    /^WITH/,
  );
  writeFileSync(join(checkout, 'x.csv'), 'a,b\n1,x\n');
  expect(run('bin/lumadb', ['import', 'x.csv', '--into', 'imported', '--database', database]).out).toBe('x.csv: COPY 1\n');
  expect(run('bin/lumadb', ['--help']).out).toContain('Usage: lumadb');
});
