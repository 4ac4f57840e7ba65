import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TERMINALS, Terminal } from '../../shell/terminal.ts';
import { installed, LONG_QUERY, runClient, startServer, type TestServer } from './support.ts';

/** PostgreSQL's own programs with their default options (sslmode prefer, GSS), where they are installed. */

describe.skipIf(!installed('psql'))('psql', () => {
  let trusting: TestServer;
  let guarded: TestServer;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lumadb-psql-'));
    trusting = await startServer();
    guarded = await startServer({ users: { ada: 'löve;lace' } });
    await trusting.database.query(
      "create table t (n integer, x double precision, s text); insert into t values (1, 1.5, 'a'), (2, null, 'b|c')",
    );
  });
  afterAll(async () => {
    await Promise.all([trusting.close(), guarded.close()]);
    await rm(folder, { recursive: true });
  });

  function psql(args: readonly string[], input = '') {
    return runClient('psql', ['-X', ...args], trusting.port, { input });
  }

  function atTerminal(env: Readonly<Record<string, string>>): Terminal {
    const server = { PGHOST: '127.0.0.1', PGPORT: String(trusting.port), PGUSER: 'tester', PGDATABASE: 'test' };
    return new Terminal('psql -X', { ...server, ...env });
  }

  test('a table', async () => {
    expect(await psql(['-c', 'select * from t order by n'])).toEqual({
      status: 0,
      out: ' n |  x  |  s  \n---+-----+-----\n 1 | 1.5 | a\n 2 |     | b|c\n(2 rows)\n\n',
      err: '',
    });
  });

  test('an error points at its place, says what was expected, and the status is 1', async () => {
    const { status, err } = await psql(['-c', "select 'é', nope from t"]);
    expect(status).toBe(1);
    expect(err).toBe('ERROR:  column "nope" does not exist\nLINE 1: select \'é\', nope from t\n                    ^\n');
    expect((await psql(['-c', 'selec 1'])).err).toMatch(
      /^ERROR: {2}syntax error at or near "selec"\nLINE 1: selec 1\n {8}\^\nDETAIL: {2}Expected: .*\nHINT: {2}Did you mean SELECT instead of "selec"\?\n$/,
    );
  });

  test('a script over several lines, variables, a failed block', async () => {
    const script = [
      '\\set name t',
      'select count(*)',
      '  as rows from :name;',
      'begin; insert into t values (3, 0, null);',
      'select nope;',
      'select 1;',
      'rollback;',
      'select count(*) from t;',
    ].join('\n');
    const { out, err } = await psql(['-At'], script);
    expect(out).toBe('2\nBEGIN\nINSERT 0 1\nROLLBACK\n2\n');
    expect(err).toContain('ERROR:  column "nope" does not exist');
    expect(err).toContain('ERROR:  current transaction is aborted');
  });

  test('\\copy to a file and from it, in both formats; COPY TO STDOUT', async () => {
    for (const options of ['', 'with (format csv, header)']) {
      const file = join(folder, `t${options.length}`);
      expect((await psql(['-c', `\\copy (select n, s from t order by n) to '${file}' ${options}`])).out).toBe('COPY 2\n');
      expect(await readFile(file, 'utf8')).toBe(options === '' ? '1\ta\n2\tb|c\n' : 'n,s\n1,a\n2,b|c\n');
      await psql(['-c', 'drop table if exists u', '-c', 'create table u (n integer, s text)']);
      expect(await psql(['-c', `\\copy u from '${file}' ${options}`])).toEqual({ status: 0, out: 'COPY 2\n', err: '' });
      expect((await psql(['-At', '-c', 'copy u to stdout'])).out).toBe('1\ta\n2\tb|c\n');
    }
  });

  test('rows in a script end with \\. in both formats', async () => {
    for (const [options, rows] of [
      ['', '1\ta\n2\tb\n'],
      ['csv', '1,a\n2,"b"\n'],
    ]) {
      const script = `drop table if exists u;\ncreate table u (n integer, s text);\ncopy u from stdin ${options};\n${rows}\\.\nselect * from u;\n`;
      expect(await psql(['-Atq'], script)).toEqual({ status: 0, out: '1|a\n2|b\n', err: '' });
    }
  });

  test('a file with a mistake names line and column', async () => {
    const file = join(folder, 'wrong.csv');
    await writeFile(file, '1,2,3\n4,five,6\n');
    const { status, err } = await psql(['-c', `\\copy t from '${file}' csv`]);
    expect(status).toBe(1);
    expect(err).toMatch(/^ERROR: {2}line 2, column 2 \(x\): invalid input syntax for type double precision: "five"/);
  });

  test.skipIf(!TERMINALS)('Ctrl-C cancels the query; the session goes on', async () => {
    const terminal = atTerminal({ LC_ALL: 'C.UTF-8' });
    try {
      await terminal.see('test=> ');
      terminal.press(`${LONG_QUERY};\n`);
      await terminal.see('y = 7;');
      await new Promise((resolve) => setTimeout(resolve, 300));
      terminal.press('\x03');
      await terminal.see(/ERROR: {2}canceling statement due to user request\n(.*\n)*test=> /);
      terminal.press("select 'al' || 'ive';\n");
      await terminal.see('alive');
      terminal.press('\\q\n');
      expect(await terminal.end()).toBe(0);
    } finally {
      terminal.kill();
    }
  });

  test.skipIf(!TERMINALS)('at a terminal in the C locale, where psql asks for SQL_ASCII', async () => {
    const terminal = atTerminal({ LC_ALL: 'C' });
    try {
      await terminal.see('test=> ');
      terminal.press("\\encoding\nselect 'é';\n\\q\n");
      await terminal.see(/SQL_ASCII\n(.*\n)*.* é *\n/);
      expect(await terminal.end()).toBe(0);
    } finally {
      terminal.kill();
    }
  });

  test('passwords', async () => {
    const login = (password: string) =>
      runClient('psql', ['-X', '-At', '-c', 'select 1'], guarded.port, { env: { PGUSER: 'ada', PGPASSWORD: password } });
    expect(await login('löve;lace')).toEqual({ status: 0, out: '1\n', err: '' });
    const refused = await login('lovelace');
    expect(refused.status).toBe(2);
    expect(refused.err).toContain('FATAL:  password authentication failed for user "ada"');
  });

  test.skipIf(!installed('pgbench'))('pgbench in all three modes', async () => {
    const file = join(folder, 'bench.sql');
    await writeFile(
      file,
      "\\set n random(1, 2)\nselect n, s from t where n = :n;\nbegin;\ninsert into t values (:n, 0, 'bench');\nrollback;\n",
    );
    for (const mode of ['simple', 'extended', 'prepared']) {
      const { status, out, err } = await runClient(
        'pgbench',
        ['-n', '-M', mode, '-f', file, '-c', '3', '-t', '20'],
        trusting.port,
      );
      expect([status, err]).toEqual([0, expect.not.stringContaining('error')]);
      expect(out).toContain('number of transactions actually processed: 60/60');
    }
    expect((await psql(['-At', '-c', 'select count(*) from t'])).out).toBe('2\n');
  });
});
