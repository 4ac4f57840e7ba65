import { checkAnswers } from './answers.ts';
import { openDuckDb, openLumaDb, type SqlContender } from './contenders.ts';
import { measure } from './measure.ts';
import type { BenchOptions } from './options.ts';
import { type BenchReport, type QueryTime, reportOf } from './report.ts';

export interface SqlBench {
  readonly name: string;
  readonly queries: readonly { readonly name: string; readonly sql: string }[];
  load(contender: SqlContender): Promise<void>;
}

/** LumaDB beside DuckDB: same data, same threads, same answers, alternating runs in one process. */
export async function compareWithDuckDb(bench: SqlBench, options: BenchOptions): Promise<BenchReport> {
  const contenders = [await openLumaDb(options.threads), await openDuckDb(options.threads)];
  try {
    for (const contender of contenders) {
      const started = performance.now();
      await bench.load(contender);
      if (!options.json) console.log(`${contender.name} loaded in ${((performance.now() - started) / 1000).toFixed(1)} s`);
    }
    const times: QueryTime[] = [];
    for (const { name, sql } of bench.queries) {
      if (options.only.length > 0 && !options.only.includes(name)) continue;
      await checkAnswers(name, sql, contenders);
      const [ours = Number.NaN, theirs = Number.NaN] = await measure(sql, contenders);
      times.push({ name, lumadb_ms: ours, peer: 'DuckDB', peer_ms: theirs, ratio: theirs / ours });
    }
    return reportOf(bench.name, options.scale, options.threads, times);
  } finally {
    for (const contender of contenders) await contender.close();
  }
}
