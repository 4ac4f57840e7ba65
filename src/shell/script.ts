import type { Outcome } from '../engine/results/outcome.ts';
import type { Progress } from '../engine/results/rows.ts';
import type { Session } from '../engine/session.ts';
import { asLumaError, formatError, notSupported } from '../types/error.ts';
import type { RowFormat, Write } from './format/format.ts';

export interface ScriptOptions {
  readonly dialect: string;
  readonly format: RowFormat;
  /** Whether commands print their tag (`CREATE TABLE`). */
  readonly tags: boolean;
  readonly write: Write;
  readonly writeError: (text: string) => void;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

/** Runs the statements of a text; stops at the first error, which it prints. Gives whether all went well. */
export async function runScript(session: Session, text: string, options: ScriptOptions): Promise<boolean> {
  try {
    for await (const outcome of session.run(text, options)) await show(outcome, options);
    return true;
  } catch (thrown) {
    options.writeError(formatError(asLumaError(thrown), text));
    return false;
  }
}

async function show(outcome: Outcome, options: ScriptOptions): Promise<void> {
  switch (outcome.kind) {
    case 'rows':
      await options.format(outcome, options.write);
      return;
    case 'command':
      if (options.tags) await options.write(`${outcome.tag}\n`);
      return;
    case 'copy_out':
      for await (const chunk of outcome.data) await options.write(chunk);
      return;
    case 'copy_in':
      throw notSupported('COPY FROM STDIN in the shell', { hint: "Name a file: COPY t FROM 'file.csv'." });
  }
}
