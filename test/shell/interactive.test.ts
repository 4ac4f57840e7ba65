import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { COMMAND } from './run.ts';
import { TERMINALS, Terminal } from './terminal.ts';

/** The shell as a person uses it: keys in, a screen out. */

describe.skipIf(!TERMINALS)('the interactive shell', () => {
  let folder: string;
  let terminal: Terminal;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lumadb-shell-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  async function start(history = 'history', args = '--demo'): Promise<Terminal> {
    terminal = new Terminal(`${COMMAND} ${args}`, { LUMADB_HISTORY: join(folder, history) });
    await terminal.see('lql=> ');
    return terminal;
  }

  async function leave(): Promise<void> {
    terminal.press('\\q\r');
    expect(await terminal.end()).toBe(0);
  }

  beforeEach(() => start());
  afterEach(() => terminal.kill());

  test('a statement over several lines, another on the same line, an error with its place', async () => {
    terminal.press('select count(*)\r');
    await terminal.see('   -> ');
    terminal.press("  as rows from orders where customer <> ';';\r");
    await terminal.see(/ rows\n-+\n +500\n\(1 row\)\nlql=> $/);
    terminal.press('select 1 as a; select 2 as b;\r');
    await terminal.see(/ a\n---\n 1\n\(1 row\)\n b\n---\n 2\n\(1 row\)\nlql=> $/);
    terminal.press('select nope from orders;\r');
    await terminal.see(
      /error\[42703\] 1:8: column "nope" does not exist\n {2}select nope from orders;\n {9}\^{4}\n(hint: .*\n)?lql=> $/,
    );
    await leave();
  });

  test('what is pasted while a query runs is run after it', async () => {
    terminal.press('select 1 as a;\rselect 2 as b\r  from orders limit 1;\rselect 3 as c;\r');
    await terminal.see(/ c\n---\n 3\n\(1 row\)\nlql=> $/);
    await leave();
  });

  test('backslash commands', async () => {
    terminal.press('\\?\r');
    await terminal.see(/\\dialect \[name\] +.*\n[\s\S]*\\q +leave\nlql=> $/);
    terminal.press('\\d\r');
    await terminal.see(
      / Table +\| Rows \| Columns\n-+\+-+\+-+\n http_requests_total \| +1928 .*\n notes .*\n orders .*\nlql=> $/,
    );
    terminal.press('\\d notes\r');
    await terminal.see(
      /Table "notes"\n Column \| Type +\| Role +\| Nullable\n.*\n id .*\n topic +\| TEXT +\| tag .*\n body +\| TEXT +\| field/,
    );
    terminal.press('\\d note\r');
    await terminal.see(/error\[42P01\] table "note" does not exist\nhint: Did you mean "notes"\?/);
    terminal.press('\\timing\r');
    await terminal.see('Timing is on.');
    terminal.press('select 1;\r');
    await terminal.see(/Time: \d+\.\d ms\nlql=> $/);
    terminal.press('\\format csv\r');
    await terminal.see(/\* csv\n/);
    terminal.press("select 'x' as a;\r");
    await terminal.see(/;\na\nx\nTime/);
    terminal.press('\\format parquet\r');
    await terminal.see('error[22023] parquet is binary');
    terminal.press('\\dialect promql\r');
    await terminal.see(/\* promql\n[\s\S]*promql=> $/);
    terminal.press('count(http_requests_total)\r');
    await terminal.see(/time,value\n.*,8\n/);
    terminal.press('\\tming\r');
    await terminal.see(/error\[42601\] there is no command \\tming\nhint: Did you mean "\\timing"\?/);
    await leave();
  });

  test('a series expression goes on while it is not whole, and ends with an empty line', async () => {
    terminal.press('\\dialect promql\r');
    await terminal.see('promql=> ');
    terminal.press('sum by (job) (\r');
    await terminal.see('      -> ');
    terminal.press('http_requests_total)\r');
    await terminal.see(/api +\|[\s\S]*\(2 rows\)/);
    terminal.press('sum(\r');
    await terminal.see('      -> ');
    terminal.press('\r');
    await terminal.see(/error\[42601\]/);
    await leave();
  });

  test('a language that finds out itself: each text ends as its own language has it', async () => {
    terminal.press('\\dialect auto\r');
    await terminal.see('auto=> ');
    terminal.press('sum by (job) (\r');
    await terminal.see('    -> ');
    terminal.press('http_requests_total)\r');
    await terminal.see(/api +\|[\s\S]*\(2 rows\)/);
    terminal.press('select\r');
    await terminal.see('    -> ');
    terminal.press('41 + 1 as answer;\r');
    await terminal.see(/42\n/);
    await leave();
  });

  test('Ctrl-C throws away what is typed, cancels what runs, and keeps the shell and its block', async () => {
    terminal.press('select this is not\r');
    await terminal.see('   -> ');
    terminal.press('finished\x03');
    await terminal.see(/\^C\nlql=> $/);
    terminal.press('begin;\r');
    await terminal.see('lql*=> ');
    terminal.press('rollback; begin;\r');
    await terminal.see(/ROLLBACK\nBEGIN\nlql\*=> $/);
    terminal.press('select count(*) from generate_series(1, 400000) a(x), generate_series(1, 400000) b(y) where x + y = 7;\r');
    await terminal.see(/\d+ %, Ctrl-C cancels/);
    terminal.press('\x03');
    await terminal.see(/error\[57014\] canceling statement due to user request\nlql!=> $/);
    terminal.press('rollback;\r');
    await terminal.see(/ROLLBACK\nlql=> $/);
    await leave();
  });

  test('Ctrl-D leaves', async () => {
    terminal.press('\x04');
    expect(await terminal.end()).toBe(0);
  });

  test('Tab completes tables, columns and commands', async () => {
    // A tab amid other keys is pasted text; a person presses it by itself.
    terminal.press('select quan\t');
    await terminal.see('quantity');
    terminal.press(' from ord\t');
    await terminal.see('order');
    terminal.press('s limit 1;\r');
    await terminal.see(/quantity\n-+\n/);
    terminal.press('\\ti\t');
    await terminal.see('\\timing');
    terminal.press(' of\t');
    await terminal.see('off');
    terminal.press('\r');
    await terminal.see('Timing is off.');
    terminal.press('\\d no\t');
    await terminal.see('notes');
    terminal.press('\r');
    await terminal.see('Table "notes"');
    await leave();
  });

  test('the history lasts, and holds whole statements', async () => {
    terminal.kill();
    await start('kept');
    terminal.press('select 40\r');
    await terminal.see('   -> ');
    terminal.press('  + 2 as answer;\r');
    await terminal.see(/42\n/);
    await leave();
    expect(await readFile(join(folder, 'kept'), 'utf8')).toBe('"select 40\\n  + 2 as answer;"\n"\\\\q"\n');
    await start('kept');
    terminal.press('\x1b[A\x1b[A');
    await terminal.see('select 40 + 2 as answer;');
    terminal.press('\r');
    await terminal.see(/42\n/);
    terminal.press('\x1b[A');
    await terminal.see('select 40 + 2 as answer;');
    terminal.press('\x03');
    await leave();
  });

  test('the history keeps the lines of a quoted text', async () => {
    terminal.press("select length('a\r");
    await terminal.see('   -> ');
    terminal.press("b   c') as n;\r");
    await terminal.see(/ 7\n/);
    terminal.press('\x1b[A');
    await terminal.see("c') as n;");
    terminal.press('\r');
    await terminal.see(/ 7\n/);
    await leave();
  });
});
