import type { Outcome } from '../engine/results/outcome.ts';
import type { Session } from '../engine/session.ts';
import { asLumaError, formatError, notSupported } from '../types/error.ts';
import type { RowFormat, Write } from './format/format.ts';
import { printError, standardOutput } from './print.ts';
import { progressLine } from './progress.ts';

export interface ScriptOptions {
  readonly dialect: string;
  readonly format: RowFormat;
  /** Whether commands print their tag (`CREATE TABLE`). */
  readonly tags: boolean;
  /** What COPY FROM STDIN reads; absent: it is refused. */
  readonly data?: AsyncIterable<Uint8Array>;
  readonly signal: AbortSignal;
}

/** Runs the statements of a text and prints what they give; stops at the first error. Gives whether all went well. */
export async function runScript(session: Session, text: string, options: ScriptOptions): Promise<boolean> {
  const { dialect, signal } = options;
  const progress = progressLine();
  const write: Write = async (chunk) => {
    progress.clear();
    await standardOutput(chunk);
  };
  try {
    for await (const outcome of session.run(text, { dialect, signal, onProgress: progress.show })) {
      await print(outcome, options, write);
    }
    return true;
  } catch (thrown) {
    progress.clear();
    printError(formatError(asLumaError(thrown), text));
    return false;
  } finally {
    progress.clear();
  }
}

async function print(outcome: Outcome, { format, tags, data }: ScriptOptions, write: Write): Promise<void> {
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
