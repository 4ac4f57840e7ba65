import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeParquet } from '../../io/parquet.ts';
import type { RowFormat } from './format.ts';

/** A Parquet file; it is written to a temporary file first, because its footer comes last and its writer wants a path. */
export const writeParquetRows: RowFormat = async ({ schema, batches }, write) => {
  const folder = await mkdtemp(join(tmpdir(), 'lumadb-'));
  try {
    const file = join(folder, 'result.parquet');
    const rows = await writeParquet(file, schema, batches);
    await write(await readFile(file));
    return rows;
  } finally {
    await rm(folder, { recursive: true });
  }
};
