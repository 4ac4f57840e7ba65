import { text as readAll } from 'node:stream/consumers';
import { detect } from '../../grammars/detect.ts';
import { printError, standardOutput } from './print.ts';

/** Prints the language, then how sure it is, best first. Exit status 1 when no language knows the text. */
export async function detectCommand(query: string | undefined): Promise<void> {
  const found = detect(await queryText(query)).filter(({ confidence }) => confidence > 0);
  if (found.length === 0) {
    printError('no language recognizes this text');
    process.exitCode = 1;
    return;
  }
  await standardOutput(found.map(({ language, confidence }) => `${language}\t${confidence.toFixed(2)}\n`).join(''));
}

/** The query of the command line, or standard input. */
export async function queryText(query: string | undefined): Promise<string> {
  return query === undefined || query === '-' ? readAll(process.stdin) : query;
}
