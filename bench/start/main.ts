import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { printReport, type QueryTime, reportOf } from '../harness/report.ts';

/** Wall time of whole processes, taken in turn, with a warm compile cache. */

const ROOT = join(import.meta.dirname, '../..');
const ROUNDS = 15;

const QUERIES: Readonly<Record<string, readonly string[]>> = {
  'select 1': ['-c', 'select 1'],
  'demo, one series query': ['--demo', '--dialect', 'promql', '-c', 'sum(rate(http_requests_total[5m]))'],
  'two million rows, threads': [
    '-c',
    'create table t as select x from generate_series(1, 2000000) g(x); select sum(x) from t where x % 3 = 0',
  ],
};

export async function start(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: { json: { type: 'boolean', default: false } } });
  const cache = mkdtempSync(join(tmpdir(), 'lumadb-start-'));
  try {
    const times = Object.entries(QUERIES).map(([name, query]) => measure(name, query, cache));
    printReport(reportOf('start', null, availableParallelism(), times), values.json);
  } finally {
    rmSync(cache, { recursive: true });
  }
}

function measure(name: string, query: readonly string[], cache: string): QueryTime {
  const contenders: Readonly<Record<string, readonly string[]>> = {
    LumaDB: [join(ROOT, 'bin/lumadb'), ...query],
    'Node alone': [process.execPath, '-e', '0'],
    'from its sources': [process.execPath, '--disable-warning=ExperimentalWarning', join(ROOT, 'src/cli.ts'), ...query],
  };
  const taken = new Map(Object.keys(contenders).map((each) => [each, [] as number[]]));
  for (let round = 0; round < ROUNDS + 2; round++) {
    for (const [each, command] of Object.entries(contenders)) {
      const ms = run(command, cache);
      if (round >= 2) taken.get(each)?.push(ms);
    }
  }
  const median = (each: string): number => taken.get(each)?.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? Number.NaN;
  const [ours, alone, sources] = [median('LumaDB'), median('Node alone'), median('from its sources')];
  return {
    name,
    lumadb_ms: ours,
    peer: 'Node alone',
    peer_ms: alone,
    ratio: alone / ours,
    others: { 'from its sources': sources },
  };
}

function run([program = '', ...args]: readonly string[], cache: string): number {
  const started = performance.now();
  const { status, stderr } = spawnSync(program, args, { env: { ...process.env, NODE_COMPILE_CACHE: cache } });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}`);
  return performance.now() - started;
}
