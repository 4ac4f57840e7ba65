import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compareWithDuckDb } from '../harness/compare.ts';
import { benchOptions, CACHE } from '../harness/options.ts';
import { printReport } from '../harness/report.ts';
import { generateTpch } from './generate.ts';
import { TABLES } from './schema.ts';

const QUERIES = new URL('./queries', import.meta.url).pathname;

/** TPC-H beside DuckDB: the queries in `queries/`, with the specification's validation parameters. */
export async function tpch(args: readonly string[]): Promise<void> {
  const options = benchOptions(args, 0.1);
  const folder = await generateTpch(options.scale, CACHE);
  const report = await compareWithDuckDb(
    {
      name: 'tpch',
      queries: await tpchQueries(),
      load: async (contender) => {
        for (const [table, columns] of Object.entries(TABLES)) {
          await contender.execute(`CREATE TABLE ${table} (${columns})`);
          await contender.execute(`COPY ${table} FROM '${join(folder, `${table}.parquet`)}' (FORMAT parquet)`);
        }
      },
    },
    options,
  );
  printReport(report, options.json);
}

export async function tpchQueries(): Promise<readonly { readonly name: string; readonly sql: string }[]> {
  const files = (await readdir(QUERIES)).filter((file) => file.endsWith('.sql')).sort();
  return Promise.all(
    files.map(async (file) => ({
      name: file.slice(0, -'.sql'.length),
      sql: (await readFile(join(QUERIES, file), 'utf8')).trim().replace(/;$/, ''),
    })),
  );
}
