import { homedir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline/promises';
import { languageNamed } from '../../grammars/registry.ts';
import type { Database } from '../engine/database.ts';
import { asLumaError, formatError } from '../types/error.ts';
import { runMeta, type ShellState } from './commands.ts';
import { formatNamed } from './format/format.ts';
import { appendHistory, readHistory } from './history.ts';
import { isComplete } from './input.ts';
import { printError, standardOutput } from './print.ts';
import { progressLine } from './progress.ts';
import type { RunOptions } from './run-options.ts';
import { runScript } from './script.ts';

const GREETING = 'LumaDB. Statements end with ;  \\? lists the commands, \\q leaves.\n';

/** The interactive shell: statements over several lines, history, backslash commands; Ctrl-C cancels what runs. */
export async function repl(database: Database, options: RunOptions): Promise<void> {
  const historyFile = process.env.LUMADB_HISTORY ?? join(homedir(), '.lumadb_history');
  const session = database.session();
  const state: ShellState = { session, dialect: options.dialect, format: options.format, timing: false, done: false };
  const lines = createInterface({
    input: process.stdin,
    output: process.stdout,
    history: await readHistory(historyFile),
    historySize: 1000,
    removeHistoryDuplicates: true,
    completer: (line: string) => complete(line, state),
  });
  await standardOutput(GREETING);
  try {
    while (!state.done) {
      const text = await readStatement(lines, state);
      if (text === undefined) break;
      if (text.trim() === '') continue;
      await appendHistory(historyFile, text);
      await runInput(text, state, lines);
    }
  } finally {
    lines.close();
    session.close();
  }
}

/** Reads lines until they are a whole input; undefined at the end of input. Ctrl-C throws away what was typed. */
async function readStatement(lines: Interface, state: ShellState): Promise<string | undefined> {
  let text = '';
  for (;;) {
    const line = await question(lines, prompt(state, text !== ''));
    if (line === 'end') return undefined;
    if (line === 'cancelled') {
      text = '';
      continue;
    }
    text = text === '' ? line.text : `${text}\n${line.text}`;
    if (isComplete(text, languageNamed(state.dialect === 'auto' ? 'lql' : state.dialect))) return text;
  }
}

function question(lines: Interface, shown: string): Promise<{ readonly text: string } | 'end' | 'cancelled'> {
  return new Promise((resolve) => {
    const controller = new AbortController();
    const done = (answer: { readonly text: string } | 'end' | 'cancelled'): void => {
      lines.off('SIGINT', cancelled);
      lines.off('close', ended);
      resolve(answer);
    };
    const cancelled = (): void => {
      controller.abort();
      process.stdout.write('^C\n');
      done('cancelled');
    };
    const ended = (): void => done('end');
    lines.once('SIGINT', cancelled);
    lines.once('close', ended);
    lines.question(shown, { signal: controller.signal }).then(
      (text) => done({ text }),
      () => done('cancelled'),
    );
  });
}

function prompt(state: ShellState, continued: boolean): string {
  const status = { idle: '', active: '*', failed: '!' }[state.session.transactionStatus];
  return continued ? `${' '.repeat(state.dialect.length)}${status}-> ` : `${state.dialect}${status}=> `;
}

async function runInput(text: string, state: ShellState, lines: Interface): Promise<void> {
  const controller = new AbortController();
  const cancel = (): void => controller.abort();
  lines.on('SIGINT', cancel);
  const started = performance.now();
  const progress = progressLine();
  try {
    if (text.startsWith('\\')) {
      await runMeta(text.trim(), state, standardOutput);
      return;
    }
    await runScript(state.session, text, {
      dialect: state.dialect,
      format: await formatNamed(state.format),
      tags: true,
      write: async (chunk) => {
        progress.clear();
        await standardOutput(chunk);
      },
      writeError: (message) => {
        progress.clear();
        printError(message);
      },
      signal: controller.signal,
      onProgress: progress.show,
    });
    if (state.timing) await standardOutput(`Time: ${(performance.now() - started).toFixed(1)} ms\n`);
  } catch (thrown) {
    printError(formatError(asLumaError(thrown)));
  } finally {
    progress.clear();
    lines.off('SIGINT', cancel);
  }
}

/** Names of tables and of backslash commands. */
async function complete(line: string, state: ShellState): Promise<[string[], string]> {
  const word = /[\\\w."]*$/.exec(line)?.[0] ?? '';
  const snapshot = state.session.snapshot();
  try {
    const names = snapshot.tables().map((table) => table.name);
    return [names.filter((name) => word !== '' && name.startsWith(word)), word];
  } finally {
    snapshot.release();
  }
}
