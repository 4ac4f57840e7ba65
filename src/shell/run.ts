import { readFile } from 'node:fs/promises';
import { text as readAll } from 'node:stream/consumers';
import { Database } from '../engine/database.ts';
import { createDemo } from '../engine/demo.ts';
import { asLumaError, formatError } from '../types/error.ts';
import { formatNamed } from './format/format.ts';
import { printError, standardOutput } from './print.ts';
import type { RunOptions } from './run-options.ts';
import { runScript } from './script.ts';

/** `lumadb [DATABASE] [-c …] [-f …]`: the given queries, or standard input, or on a terminal the interactive shell. */
export async function run(path: string | undefined, options: RunOptions): Promise<void> {
  let database: Database;
  try {
    database = await Database.open(path);
  } catch (thrown) {
    printError(formatError(asLumaError(thrown)));
    process.exitCode = 1;
    return;
  }
  try {
    if (options.demo === true) await createDemo(database);
    const scripts = await scriptsOf(options);
    if (scripts === undefined) {
      await (await import('./repl.ts')).repl(database, options);
      return;
    }
    await runScripts(database, scripts, options);
  } finally {
    await database.close();
  }
}

/** Undefined: nothing to run, a person is at the terminal. */
async function scriptsOf(options: RunOptions): Promise<readonly string[] | undefined> {
  if (options.command.length > 0) return options.command;
  if (options.file !== undefined && options.file !== '-') return [await readFile(options.file, 'utf8')];
  if (options.file === '-' || !process.stdin.isTTY) return [await readAll(process.stdin)];
  return undefined;
}

async function runScripts(database: Database, scripts: readonly string[], options: RunOptions): Promise<void> {
  const session = database.session();
  const controller = new AbortController();
  const cancel = (): void => controller.abort();
  process.once('SIGINT', cancel);
  try {
    const format = await formatNamed(options.format);
    for (const text of scripts) {
      const ok = await runScript(session, text, {
        dialect: options.dialect,
        format,
        tags: options.format === 'table',
        write: standardOutput,
        writeError: printError,
        signal: controller.signal,
      });
      if (!ok) {
        process.exitCode = 1;
        return;
      }
    }
  } finally {
    process.off('SIGINT', cancel);
    session.close();
  }
}
