import { Database } from '../engine/database.ts';
import { createDemo } from '../engine/demo.ts';
import { durationMs, milliseconds } from '../engine/series/grid.ts';
import { locateMetrics, type MetricLocation } from '../engine/series/locate.ts';
import { translate } from '../translate/translate.ts';
import { asLumaError, formatError } from '../types/error.ts';
import { positionOf } from '../types/span.ts';
import type { TranslateOptions } from './command-line.ts';
import { queryText } from './detect.ts';
import { printError, standardOutput } from './print.ts';

/** Prints the translated query; losses go to standard error, one per line with their place. */
export async function translateCommand(query: string | undefined, options: TranslateOptions): Promise<void> {
  let text = '';
  try {
    text = await queryText(query);
    const { from, to, start, end, step } = options;
    const metrics = await knownMetrics(options);
    const result = translate(text, {
      from,
      to,
      strict: options.lossy !== true,
      schema: (metric) => metrics?.get(metric),
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

/** Undefined without a database: then nothing is known of labels. */
async function knownMetrics({
  database: path,
  demo,
}: TranslateOptions): Promise<ReadonlyMap<string, MetricLocation> | undefined> {
  if (path === undefined && demo !== true) return undefined;
  await using database = await Database.open(path);
  if (demo === true) await createDemo(database);
  const session = database.session();
  try {
    return locateMetrics(session);
  } finally {
    session.close();
  }
}
