import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Database } from '../../engine/database.ts';
import { standardOutput } from '../print.ts';
import type { RunOptions } from '../run-options.ts';
import { runScript } from '../script.ts';
import { initialState, languageAtPrompt, type ShellState } from '../state.ts';
import { complete } from './completion.ts';
import { appendHistory, onOneLine, readHistory } from './history.ts';
import { isComplete } from './input.ts';
import { LineReader } from './line-reader.ts';

const GREETING = 'LumaDB. Statements end with ;  \\? lists the commands, \\q leaves.\n';

/** The interactive shell: statements over several lines, history, backslash commands; Ctrl-C cancels what runs. */
export async function repl(database: Database, options: RunOptions): Promise<void> {
  const historyFile = process.env.LUMADB_HISTORY ?? join(homedir(), '.lumadb_history');
  const session = database.session();
  const state = initialState(session, options);
  const lines = new LineReader({
    history: await readHistory(historyFile),
    complete: (line) => complete(line, session),
  });
  await standardOutput(GREETING);
  try {
    while (!state.done) {
      const text = await readStatement(lines, state);
      if (text === undefined) break;
      if (text.trim() === '') continue;
      lines.remember(onOneLine(text));
      await appendHistory(historyFile, text);
      await lines.interruptible((signal) => runScript(state, text, { tags: true, signal }));
    }
  } finally {
    lines.close();
    session.close();
  }
}

/** Reads lines until they are a whole input; undefined at the end of input. Ctrl-C throws away what was typed. */
async function readStatement(lines: LineReader, state: ShellState): Promise<string | undefined> {
  let text = '';
  for (;;) {
    const input = await lines.next(prompt(state, text !== ''));
    if (input === 'ended') {
      process.stdout.write('\n');
      return undefined;
    }
    if (input === 'interrupted') {
      text = '';
      continue;
    }
    text = text === '' ? input.text : `${text}\n${input.text}`;
    if (isComplete(text, languageAtPrompt(state, text))) return text;
  }
}

function prompt(state: ShellState, continued: boolean): string {
  const status = { idle: '', active: '*', failed: '!' }[state.session.transactionStatus];
  return continued ? `${' '.repeat(state.dialect.length)}${status}-> ` : `${state.dialect}${status}=> `;
}
