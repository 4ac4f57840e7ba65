import type { PhysicalPlan } from '../../../../planner/physical/plan.ts';
import type { SeriesRaw } from '../../../../planner/series-plan.ts';
import type { QueryRun } from '../../query-run.ts';
import { rangeSamples } from '../evaluate.ts';
import { rowMemory, type SeriesRows } from './rows.ts';

/** The samples of a range vector at its one instant, with the times they were taken. */
export async function rawRows(run: QueryRun, plan: SeriesRaw<PhysicalPlan>): Promise<SeriesRows> {
  const { input, grid } = plan;
  const samples = await rangeSamples(run, input);
  const until = BigInt((input.sampleTime.at ?? grid.start) - input.sampleTime.offset);
  const after = until - BigInt(input.range);
  const starts = run.memory.i32(samples.starts, samples.series.length);
  const ends = run.memory.i32(samples.ends, samples.series.length);
  const times = run.memory.i64(samples.times, samples.count);
  const ranges = samples.series.map((_, series) => {
    const end = ends[series] ?? 0;
    const low = firstAfter(times, starts[series] ?? 0, end, after);
    return { low, high: firstAfter(times, low, end, until) };
  });
  const rows = ranges.reduce((sum, { low, high }) => sum + high - low, 0);
  const result = {
    series: samples.series,
    rows,
    owners: rowMemory(run, rows, 4),
    times: rowMemory(run, rows, 8),
    values: rowMemory(run, rows, 8),
  };
  const owners = run.memory.i32(result.owners, rows);
  const bytes = run.memory.u8();
  let at = 0;
  ranges.forEach(({ low, high }, series) => {
    owners.fill(series, at, at + high - low);
    bytes.copyWithin(result.times + at * 8, samples.times + low * 8, samples.times + high * 8);
    bytes.copyWithin(result.values + at * 8, samples.values + low * 8, samples.values + high * 8);
    at += high - low;
  });
  return result;
}

/** The first sample in [low, high) that is after `time`. */
function firstAfter(times: BigInt64Array, low: number, high: number, time: bigint): number {
  let [from, to] = [low, high];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((times[middle] ?? 0n) > time) to = middle;
    else from = middle + 1;
  }
  return from;
}
