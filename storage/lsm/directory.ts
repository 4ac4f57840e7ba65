import { mkdir, open, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { asLumaError, LumaError, SQLSTATE } from '../../src/types/error.ts';
import { type KeyValueEngine, preferredEngine } from './key-value-store.ts';

const MARKER = 'lumadb.json';
const FORMAT = 1;

/**
 * Which store a database directory has; a new or empty directory becomes one. Throws 58030 for a directory that holds
 * other things or a newer format.
 */
export async function openDirectory(path: string): Promise<KeyValueEngine> {
  try {
    await mkdir(path, { recursive: true });
    const entries = await readdir(path);
    if (entries.includes(MARKER)) return readMarker(path, await readFile(join(path, MARKER), 'utf8'));
    if (entries.length > 0) throw notADatabase(path, 'it is not empty and has no lumadb.json');
    const engine = await preferredEngine();
    await writeSynced(path, `${JSON.stringify({ format: FORMAT, engine })}\n`);
    return engine;
  } catch (error) {
    if (error instanceof LumaError) throw error;
    throw new LumaError(SQLSTATE.ioError, `could not open the database directory "${path}": ${asLumaError(error).message}`, {
      cause: error,
    });
  }
}

function readMarker(path: string, text: string): KeyValueEngine {
  const marker: unknown = JSON.parse(text);
  if (typeof marker !== 'object' || marker === null || !('format' in marker) || !('engine' in marker)) {
    throw notADatabase(path, 'its lumadb.json says nothing about the format');
  }
  if (marker.format !== FORMAT) throw notADatabase(path, `its format is ${String(marker.format)}, this program knows ${FORMAT}`);
  if (marker.engine === 'rocksdb' || marker.engine === 'leveldb') return marker.engine;
  throw notADatabase(path, `its store is ${String(marker.engine)}`);
}

/** The marker must not be newer on disk than its content, or a crash would leave an empty one. */
async function writeSynced(path: string, text: string): Promise<void> {
  const file = await open(join(path, MARKER), 'w');
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

function notADatabase(path: string, why: string): LumaError {
  return new LumaError(SQLSTATE.ioError, `"${path}" is not a LumaDB database: ${why}`, {
    hint: 'name a directory that is empty or does not exist yet to make a new database',
  });
}
