import { Database } from '../engine/database.ts';
import { importFile } from '../engine/import.ts';
import { asLumaError, formatError } from '../types/error.ts';
import type { ImportOptions } from './command-line.ts';
import { printError, standardOutput } from './print.ts';

/** Loads the files one after the other, each in a commit of its own; stops at the first that fails. */
export async function importCommand(files: readonly string[], options: ImportOptions): Promise<void> {
  try {
    await using database = await Database.open(options.database);
    const session = database.session();
    for (const file of files) await standardOutput(`${file}: ${await importFile(session, file, options.into)}\n`);
  } catch (thrown) {
    printError(formatError(asLumaError(thrown)));
    process.exitCode = 1;
  }
}
