import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Database } from '../engine/database.ts';
import { createDemo } from '../engine/demo.ts';
import { asLumaError, formatError, LumaError, SQLSTATE } from '../types/error.ts';
import { editDistance } from '../types/nearest.ts';
import { decodeUtf8 } from '../types/utf8.ts';
import { printError } from './print.ts';
import { COMMAND_NAMES, type RunOptions } from './run-options.ts';
import { runScript } from './script.ts';
import { standardInput } from './standard-input.ts';
import { initialState } from './state.ts';

/**
 * `lumadb [DATABASE] [-c …] [-f …]`: the given queries, then the file; without either standard input, or on a terminal the
 * interactive shell.
 */
export async function run(path: string | undefined, options: RunOptions): Promise<void> {
  try {
    if (path !== undefined) checkNoMisspeltCommand(path);
    await using database = await Database.open(path);
    if (options.demo === true) await createDemo(database);
    const scripts = await scriptsOf(options);
    if (scripts !== undefined) await runScripts(database, scripts, options);
    else await (await import('./interactive/repl.ts')).repl(database, options);
  } catch (thrown) {
    printError(formatError(asLumaError(thrown)));
    process.exitCode = 1;
  }
}

/** `lumadb servee` must not leave a database of that name behind. Throws 22023. */
function checkNoMisspeltCommand(path: string): void {
  const meant = COMMAND_NAMES.find((name) => editDistance(path, name) === 1);
  if (meant === undefined || existsSync(path)) return;
  throw new LumaError(SQLSTATE.invalidParameterValue, `there is no database "${path}"`, {
    hint: `Did you mean "${meant}"? To make a database of that name, write ./${path}.`,
  });
}

/** Undefined: nothing to run, a person is at the terminal. */
async function scriptsOf({ command, file }: RunOptions): Promise<readonly string[] | undefined> {
  if (file !== undefined) return [...command, file === '-' ? await standardInput() : await readScript(file)];
  if (command.length > 0) return command;
  return process.stdin.isTTY ? undefined : [await standardInput()];
}

/** Throws 58P01, and 22021 where it is not UTF-8. */
async function readScript(file: string): Promise<string> {
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new LumaError('58P01', `could not read "${file}": ${asLumaError(cause).message}`, { cause });
  });
  return decodeUtf8(bytes);
}

async function runScripts(database: Database, scripts: readonly string[], options: RunOptions): Promise<void> {
  const session = database.session();
  const controller = new AbortController();
  const cancel = (): void => controller.abort();
  process.on('SIGINT', cancel);
  try {
    const state = initialState(session, options);
    const { signal } = controller;
    const data = options.command.length > 0 && options.file !== '-' ? { data: process.stdin } : {};
    for (const text of scripts) {
      const ok = await runScript(state, text, { tags: options.format === 'table', signal, ...data });
      if (!ok) process.exitCode = 1;
      if (!ok || state.done) return;
    }
  } finally {
    process.off('SIGINT', cancel);
    session.close();
  }
}
