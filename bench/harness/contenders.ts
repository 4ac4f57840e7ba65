import { DuckDBInstance } from '@duckdb/node-api';
import { Database } from '../../src/engine/database.ts';
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
    run: async (query) => (await database.query(query)).rows().map((row) => Object.values(row)),
    execute: async (sql) => {
      await database.query(sql);
    },
    close: () => database.close(),
  };
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
