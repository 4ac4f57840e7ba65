import { DuckDBInstance } from '@duckdb/node-api';
import { Database } from '../../src/engine/database.ts';
import { jsReader } from '../../src/engine/results/js-values.ts';
import type { Batch } from '../../src/types/vector.ts';
import type { Contender } from './measure.ts';

/** A contender with its life: `execute` for loading, `close` at the end. */
export interface SqlContender extends Contender {
  execute(sql: string): Promise<void>;
  close(): Promise<void>;
}

export async function openLumaDb(threads: number): Promise<SqlContender> {
  const database = await Database.open(undefined, { threads });
  return {
    name: 'LumaDB',
    run: async (query) => (await database.query(query)).batches.flatMap(rowsOf),
    execute: async (sql) => {
      await database.query(sql);
    },
    close: () => database.close(),
  };
}

/** By position: two columns may have one name. */
function rowsOf(batch: Batch): readonly (readonly unknown[])[] {
  const readers = batch.columns.map(jsReader);
  return Array.from({ length: batch.length }, (_, row) => readers.map((read) => read(row)));
}

/** DuckDB in this process, in memory. */
export async function openDuckDb(threads: number): Promise<SqlContender> {
  const instance = await DuckDBInstance.create(':memory:', { threads: String(threads) });
  const connection = await instance.connect();
  return {
    name: 'DuckDB',
    run: async (query) => (await connection.runAndReadAll(query)).getRows(),
    execute: async (sql) => {
      await connection.run(sql);
    },
    close: async () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}
