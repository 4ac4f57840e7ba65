import type { Outcome } from '../engine/results/outcome.ts';
import { asLumaError, formatError, notSupported } from '../types/error.ts';
import { formatNamed, type RowFormat, type Write } from './format/format.ts';
import { type Part, partsOf } from './parts.ts';
import { printError, standardOutput } from './print.ts';
import { type ProgressLine, progressLine } from './progress.ts';
import { languageOf, type ShellState } from './state.ts';

export interface ScriptOptions {
  /** Whether commands print their tag (`CREATE TABLE`). */
  readonly tags: boolean;
  /** What COPY FROM STDIN reads; absent: it is refused. */
  readonly data?: AsyncIterable<Uint8Array>;
  readonly signal: AbortSignal;
}

/**
 * Runs the statements and backslash commands of a text and prints what they give; stops at the first error. Gives whether
 * all went well.
 */
export async function runScript(state: ShellState, text: string, options: ScriptOptions): Promise<boolean> {
  const progress = progressLine();
  const write: Write = async (chunk) => {
    progress.clear();
    await standardOutput(chunk);
  };
  for (const part of partsOf(text, () => languageOf(state))) {
    try {
      await runPart(part, state, { ...options, progress, write });
    } catch (thrown) {
      progress.clear();
      printError(formatError(asLumaError(thrown), part.text));
      return false;
    } finally {
      progress.clear();
    }
    if (state.done) break;
  }
  return true;
}

interface PartOptions extends ScriptOptions {
  readonly progress: ProgressLine;
  readonly write: Write;
}

async function runPart({ kind, text }: Part, state: ShellState, options: PartOptions): Promise<void> {
  const { signal, progress, write } = options;
  if (kind === 'command') {
    await (await import('./commands.ts')).runMeta(text, state, write);
    return;
  }
  const { session, dialect } = state;
  const format = await formatNamed(state.format);
  let started = performance.now();
  for await (const outcome of session.run(text, { dialect, signal, onProgress: progress.show })) {
    await print(outcome, format, options);
    if (state.timing) await write(`Time: ${(performance.now() - started).toFixed(1)} ms\n`);
    started = performance.now();
  }
}

async function print(outcome: Outcome, format: RowFormat, { tags, data, write }: PartOptions): Promise<void> {
  switch (outcome.kind) {
    case 'rows':
      await format(outcome, write);
      return;
    case 'command':
      if (tags) await write(`${outcome.tag}\n`);
      return;
    case 'copy_out':
      for await (const chunk of outcome.data) await write(chunk);
      return;
    case 'copy_in': {
      if (data === undefined) {
        throw notSupported('COPY FROM STDIN, where standard input is what you type', {
          hint: "Name a file: COPY t FROM 'file.csv'. With -c, standard input is the data.",
        });
      }
      const tag = await outcome.load(data);
      if (tags) await write(`${tag}\n`);
    }
  }
}
