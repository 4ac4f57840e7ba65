import { open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { asLumaError, LumaError, SQLSTATE } from '../../src/types/error.ts';

/*
 * A store ends the replay of a damaged write-ahead log or manifest where the damage is, and opens without what comes after:
 * neither binding has a setting against that. So the batches are counted in the store, in each batch, and closing writes the
 * count beside it. A store that has fewer when it is opened has lost some.
 */

const FILE = 'closed.json';

/** Batches in the store when the database was last closed; 0 where it never was. Throws XX001 when that cannot be told. */
export async function batchesAtClose(directory: string): Promise<number> {
  const path = join(directory, FILE);
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '{"batches":0}';
    throw new LumaError(SQLSTATE.ioError, `could not read "${path}": ${error.message}`, { cause: error });
  });
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'object' && parsed !== null && 'batches' in parsed && typeof parsed.batches === 'number') {
      return parsed.batches;
    }
  } catch {
    // Told below.
  }
  throw new LumaError(SQLSTATE.dataCorrupted, `the database is damaged: ${FILE} does not say how many batches there are`, {
    hint: `restore the directory from a backup; to go on without the check, delete ${FILE}`,
  });
}

/** Throws XX001 when the store has fewer batches than it was closed with. */
export function checkComplete(batches: number, atClose: number): void {
  if (batches >= atClose) return;
  throw new LumaError(
    SQLSTATE.dataCorrupted,
    `the database is damaged: of the ${atClose} batches it was closed with, the store has ${batches}`,
    { hint: `restore the directory from a backup; to go on with what is left, delete ${FILE}` },
  );
}

/** Leaves the old file or the new one, whole, whenever the machine fails. Throws 58030. */
export async function writeBatchesAtClose(directory: string, batches: number): Promise<void> {
  const path = join(directory, FILE);
  try {
    const file = await open(`${path}.new`, 'w');
    try {
      await file.writeFile(`${JSON.stringify({ batches })}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(`${path}.new`, path);
  } catch (error) {
    throw new LumaError(SQLSTATE.ioError, `could not write "${path}": ${asLumaError(error).message}`, { cause: error });
  }
}
