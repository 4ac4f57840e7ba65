import { detect } from '../../grammars/detect.ts';
import { asLumaError, formatError, LumaError, SQLSTATE } from '../types/error.ts';
import { printError, standardOutput } from './print.ts';
import { standardInput } from './standard-input.ts';

/** Prints the language, then how sure it is, best first. Exit status 1 when no language knows the text. */
export async function detectCommand(query: string | undefined): Promise<void> {
  try {
    const found = detect(await queryText(query)).filter(({ confidence }) => confidence > 0);
    if (found.length === 0) throw new LumaError(SQLSTATE.syntaxError, 'no language recognizes this text');
    await standardOutput(found.map(({ language, confidence }) => `${language}\t${confidence.toFixed(2)}\n`).join(''));
  } catch (thrown) {
    printError(formatError(asLumaError(thrown)));
    process.exitCode = 1;
  }
}

/** The query of the command line, or standard input. Throws 22021 where that is not UTF-8. */
export async function queryText(query: string | undefined): Promise<string> {
  return query === undefined || query === '-' ? standardInput() : query;
}
