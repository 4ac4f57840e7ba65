import { durationMs, milliseconds } from '../engine/series/grid.ts';
import { translate } from '../translate/translate.ts';
import { asLumaError, formatError } from '../types/error.ts';
import { positionOf } from '../types/span.ts';
import type { TranslateOptions } from './command-line.ts';
import { queryText } from './detect.ts';
import { printError, standardOutput } from './print.ts';

/** Prints the translated query; losses go to standard error, one per line with their place. */
export async function translateCommand(query: string | undefined, options: TranslateOptions): Promise<void> {
  const text = await queryText(query);
  try {
    const { from, to, start, end, step } = options;
    const result = translate(text, {
      from,
      to,
      strict: options.lossy !== true,
      ...(start === undefined ? {} : { start: milliseconds('start', start) }),
      ...(end === undefined ? {} : { end: milliseconds('end', end) }),
      ...(step === undefined ? {} : { step: durationMs(step) }),
    });
    for (const loss of result.losses) {
      const { line, column } = positionOf(text, loss.span.start);
      printError(`loss[${loss.code}] ${line}:${column}: ${loss.reason}`);
    }
    await standardOutput(`${result.text}\n`);
  } catch (thrown) {
    printError(formatError(asLumaError(thrown), text));
    process.exitCode = 1;
  }
}
