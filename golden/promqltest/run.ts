import type { Database } from '../../src/engine/database.ts';
import { querySeries, type ResultSeries } from '../../src/engine/series/query.ts';
import type { SampleSeries } from '../../src/engine/series/samples.ts';
import { asLumaError } from '../../src/types/error.ts';
import { STALE_BITS } from '../../src/types/series.ts';
import { type Evaluation, parsePromqlTest, type SeriesLine } from './parse.ts';

/** How one evaluation ended: `refused` is a clear error for what is not supported, anything else that differs is wrong. */
export interface EvaluationReport {
  readonly line: number;
  readonly query: string;
  readonly status: 'passed' | 'refused' | 'wrong';
  readonly message: string;
}

/** Errors that refuse: feature not supported, unknown function. */
const REFUSALS: ReadonlySet<string> = new Set(['0A000', '42883']);
/** promqltest's defaultEpsilon: values are compared relative to it. */
const EPSILON = 1e-6;

/** Runs a script; `open` gives an empty database, and is called again after each `clear`. */
export async function runPromqlTest(text: string, open: () => Promise<Database>): Promise<readonly EvaluationReport[]> {
  const reports: EvaluationReport[] = [];
  let database = await open();
  /** Metrics whose load had native histograms: what reads them is refused at the door. */
  let histograms = new Set<string>();
  try {
    for (const command of parsePromqlTest(text)) {
      switch (command.kind) {
        case 'clear':
          await database.close();
          database = await open();
          histograms = new Set();
          break;
        case 'load': {
          for (const series of command.series) {
            if (series.points.includes('histogram')) histograms.add(series.labels.__name__ ?? '');
          }
          await database.writeSamples(command.series.flatMap((series) => samplesOf(series, command.step)));
          break;
        }
        case 'eval':
          reports.push({ line: command.line, query: command.query, ...(await evaluate(command, database, histograms)) });
      }
    }
  } finally {
    await database.close();
  }
  return reports;
}

function samplesOf({ labels, points }: SeriesLine, step: number): readonly SampleSeries[] {
  if (points.includes('histogram')) return [];
  const kept = points.flatMap((value, i) => (value === 'none' || value === 'histogram' ? [] : [{ time: i * step, value }]));
  const values = new Float64Array(kept.length);
  const bits = new BigUint64Array(values.buffer);
  kept.forEach(({ value }, i) => {
    if (value === 'stale') bits[i] = STALE_BITS;
    else values[i] = value;
  });
  const { __name__: metric = '', ...rest } = labels;
  return [
    {
      metric,
      labels: Object.entries(rest).map(([name, value]) => ({ name, value })),
      times: kept.map((point) => point.time),
      values,
    },
  ];
}

async function evaluate(
  evaluation: Evaluation,
  database: Database,
  histograms: ReadonlySet<string>,
): Promise<Pick<EvaluationReport, 'status' | 'message'>> {
  const unsupported = [...histograms].find((metric) => new RegExp(`(?<![\\w:])${metric}(?![\\w:])`).test(evaluation.query));
  if (unsupported !== undefined) return { status: 'refused', message: `native histograms: ${unsupported} was not loaded` };
  const session = database.session();
  try {
    const result = await querySeries(session, evaluation.query, { dialect: 'promql', grid: evaluation.grid });
    if (evaluation.fails) return { status: 'wrong', message: 'succeeded, but an error is expected' };
    if (evaluation.text !== undefined) {
      return result.text === evaluation.text ? PASSED : { status: 'wrong', message: `gave ${JSON.stringify(result.text)}` };
    }
    const message = difference(evaluation, result.series);
    return message === undefined ? PASSED : { status: 'wrong', message };
  } catch (thrown) {
    const { code, message } = asLumaError(thrown);
    if (evaluation.fails && code !== 'XX000') return PASSED;
    return { status: REFUSALS.has(code) ? 'refused' : 'wrong', message: `[${code}] ${message}` };
  } finally {
    session.close();
  }
}

const PASSED = { status: 'passed', message: '' } as const;

function difference(evaluation: Evaluation, got: readonly ResultSeries[]): string | undefined {
  const { grid, range, expected, ordered } = evaluation;
  const times = range ?? grid;
  const wanted = expected.map(({ labels, points }) => ({
    key: keyOf(labels),
    points: points.flatMap((point, i) =>
      typeof point === 'number' ? [{ time: times.start + i * times.step, value: point }] : [],
    ),
  }));
  const found = got.map((series) => ({
    key: keyOf(series.labels),
    points: series.times.map((time, i) => ({ time, value: series.values[i] ?? Number.NaN })),
  }));
  if (!ordered) for (const list of [wanted, found]) list.sort((a, b) => (a.key < b.key ? -1 : 1));
  if (wanted.length !== found.length) return `expected ${describe(wanted)}, got ${describe(found)}`;
  const same = wanted.every((series, i) => {
    const other = found[i];
    return (
      other !== undefined &&
      other.key === series.key &&
      other.points.length === series.points.length &&
      series.points.every((point, j) => point.time === other.points[j]?.time && almostEqual(point.value, other.points[j]?.value))
    );
  });
  return same ? undefined : `expected ${describe(wanted)}, got ${describe(found)}`;
}

function describe(
  list: readonly { readonly key: string; readonly points: readonly { readonly time: number; readonly value: number }[] }[],
): string {
  if (list.length === 0) return 'nothing';
  return list
    .map(({ key, points }) => `${key} ${points.map(({ time, value }) => `${value}@${time / 1000}`).join(' ')}`)
    .join('; ');
}

function keyOf(labels: Readonly<Record<string, string>>): string {
  const entries = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(',')}}`;
}

/** As almost.Equal of Prometheus' util/almost. */
function almostEqual(a: number, b = Number.NaN): boolean {
  if (a === b || (Number.isNaN(a) && Number.isNaN(b))) return true;
  const scale = Math.abs(a) + Math.abs(b);
  const distance = Math.abs(a - b);
  if (a === 0 || b === 0 || scale < Number.MIN_VALUE / EPSILON) return distance < EPSILON * Number.MIN_VALUE;
  return distance / Math.min(scale, Number.MAX_VALUE) < EPSILON;
}
