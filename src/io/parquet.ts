import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DuckDBDataChunk, quotedIdentifier, quotedString } from '@duckdb/node-api';
import { LumaError, SQLSTATE } from '../types/error.ts';
import type { Batch, Schema } from '../types/vector.ts';
import { readColumn } from './parquet/chunk-read.ts';
import { writeColumn } from './parquet/chunk-write.ts';
import { fileError, openDuckDB } from './parquet/duckdb.ts';
import { incoming, outgoing } from './parquet/types.ts';

/** Rows of a DuckDB chunk. */
const CHUNK_ROWS = 2048;

export interface ParquetFile {
  readonly schema: Schema;
  /** All rows in the file's order, in batches of at most 2048; reads again with every call. */
  batches(): AsyncGenerator<Batch, void>;
}

/** A Parquet file's schema and rows. Throws 58030 for a file that cannot be read and 0A000 for column types without a counterpart. */
export async function readParquet(path: string): Promise<ParquetFile> {
  // A path is one file here: for DuckDB it may be a pattern or an address, and folders like `year=2026` are columns.
  const pattern = resolve(path).replace(/[*?[]/g, '[$&]');
  const source = `read_parquet(${quotedString(pattern)}, hive_partitioning = false)`;
  const { connection, close } = await openDuckDB();
  try {
    const probe = await connection.run(`SELECT * FROM ${source} LIMIT 0`);
    const columns = probe.columnNames().map((name, i) => ({ name, ...incoming(name, probe.columnType(i)) }));
    const schema = columns.map(({ name, type }) => ({ name, type, nullable: true }));
    const list = columns.map(({ name, read }) => `${quotedIdentifier(name)}::${read}`).join(', ');
    return { schema, batches: () => rowsOf(path, `SELECT ${list} FROM ${source}`, schema) };
  } catch (error) {
    throw fileError('read', path, error);
  } finally {
    close();
  }
}

async function* rowsOf(path: string, query: string, schema: Schema): AsyncGenerator<Batch, void> {
  const { connection, close } = await openDuckDB();
  let fetching: Promise<DuckDBDataChunk | null> = Promise.resolve(null);
  try {
    const result = await connection.stream(query);
    // DuckDB decodes the next rows while these are read; whoever stops early still waits for them.
    fetching = result.fetchChunk();
    for (;;) {
      const chunk = await fetching;
      if (chunk === null || chunk.rowCount === 0) return;
      fetching = result.fetchChunk();
      // should it fail before anyone waits for it: that is heard of when someone does
      fetching.catch(() => null);
      const length = chunk.rowCount;
      yield { length, columns: schema.map(({ type }, column) => readColumn(chunk.chunk, column, type, length)) };
    }
  } catch (error) {
    throw fileError('read', path, error);
  } finally {
    await fetching.catch(() => null);
    close();
  }
}

/**
 * Writes a Parquet file (Zstd) and returns how many rows it has. Throws 42701 for columns of the same name, 0A000 for types
 * that Parquet would round, 58030 when the file cannot be written.
 */
export async function writeParquet(
  path: string,
  schema: Schema,
  batches: AsyncIterable<Batch> | Iterable<Batch>,
): Promise<number> {
  checkNames(schema);
  const columns = schema.map(({ name, type }) => ({ name: quotedIdentifier(name), ...outgoing(name, type) }));
  const temporary = await mkdtemp(join(tmpdir(), 'lumadb-parquet-'));
  const { connection, close } = await openDuckDB(temporary);
  try {
    await connection.run(`CREATE TABLE result (${columns.map(({ name, write }) => `${name} ${write}`).join(', ')})`);
    const appender = await connection.createAppender('result');
    const types = columns.map((_, column) => appender.columnType(column));
    let rows = 0;
    for await (const batch of batches) {
      for (let from = 0; from < batch.length; from += CHUNK_ROWS) {
        const count = Math.min(CHUNK_ROWS, batch.length - from);
        const chunk = DuckDBDataChunk.create(types, count);
        batch.columns.forEach((vector, column) => {
          writeColumn(chunk.chunk, column, vector, from, count);
        });
        appender.appendDataChunk(chunk);
      }
      rows += batch.length;
    }
    appender.closeSync();
    const list = columns.map(({ name, file }) => `${name}::${file} AS ${name}`).join(', ');
    await connection.run(
      `COPY (SELECT ${list} FROM result) TO ${quotedString(resolve(path))} (FORMAT parquet, COMPRESSION zstd)`,
    );
    return rows;
  } catch (error) {
    throw fileError('write', path, error);
  } finally {
    close();
    await rm(temporary, { recursive: true, force: true });
  }
}

/** DuckDB, through which the file is written, does not tell names apart by case. */
function checkNames(schema: Schema): void {
  const names = new Set<string>();
  for (const { name } of schema) {
    const folded = name.toLowerCase();
    if (names.has(folded)) {
      throw new LumaError(SQLSTATE.duplicateColumn, `a Parquet file cannot have two columns named "${name}"`, {
        hint: 'give the columns different names with AS',
      });
    }
    names.add(folded);
  }
}
