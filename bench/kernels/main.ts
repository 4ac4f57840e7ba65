import { existsSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { checkAnswers } from '../harness/answers.ts';
import { openDuckDb, openLumaDb } from '../harness/contenders.ts';
import { measure } from '../harness/measure.ts';
import { benchOptions, CACHE } from '../harness/options.ts';
import { printReport, type QueryTime, reportOf } from '../harness/report.ts';
import { HandWritten } from './hand-contender.ts';
import { GENERATORS, type KernelName, QUERIES, TABLES } from './queries.ts';

/**
 * Four kernels as SQL, beside DuckDB and beside the same work as hand-written WebAssembly, alternately in one process. The
 * hand-written column's ratio is below 1 where generated code is slower than a person's.
 */
export async function kernels(args: readonly string[]): Promise<void> {
  const options = benchOptions(args, 1);
  const folder = await generate();
  const sql = [await openLumaDb(options.threads), await openDuckDb(options.threads)];
  const hand = await HandWritten.open(folder, options.threads);
  try {
    for (const contender of sql) {
      for (const [table, columns] of Object.entries(TABLES)) {
        await contender.execute(`CREATE TABLE ${table} (${columns})`);
        await contender.execute(`COPY ${table} FROM '${join(folder, `${table}.parquet`)}' (FORMAT parquet)`);
      }
    }
    const times: QueryTime[] = [];
    for (const [name, query] of Object.entries(QUERIES) as [KernelName, string][]) {
      if (options.only.length > 0 && !options.only.includes(name)) continue;
      await checkAnswers(name, query, sql);
      const written = {
        name: 'hand-written',
        run: async () => {
          await hand.run(name);
          return [];
        },
      };
      const [ours = Number.NaN, theirs = Number.NaN, byHand = Number.NaN] = await measure(query, [...sql, written]);
      times.push({
        name,
        lumadb_ms: ours,
        peer: 'DuckDB',
        peer_ms: theirs,
        ratio: theirs / ours,
        others: { 'hand-written': byHand },
      });
    }
    printReport(reportOf('kernels', null, options.threads, times), options.json);
  } finally {
    await hand.close();
    for (const contender of sql) await contender.close();
  }
}

/** Writes the two tables once; gives their folder. */
async function generate(): Promise<string> {
  const folder = join(CACHE, 'kernels-1');
  if (existsSync(folder)) return folder;
  const building = `${folder}.${process.pid}`;
  await mkdir(building, { recursive: true });
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  for (const [table, columns] of Object.entries(TABLES)) {
    await connection.run(`CREATE TABLE ${table} (${columns})`);
    await connection.run(`INSERT INTO ${table} ${GENERATORS[table] ?? ''}`);
    await connection.run(`COPY ${table} TO '${join(building, `${table}.parquet`)}' (FORMAT parquet, ROW_GROUP_SIZE 65536)`);
  }
  connection.closeSync();
  instance.closeSync();
  await rename(building, folder);
  return folder;
}
