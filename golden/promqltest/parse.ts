import { durationMs } from '../../src/engine/series/grid.ts';

/** A point of a series: a value, a staleness marker, nothing, or something this engine has no type for. */
export type Point = number | 'stale' | 'none' | 'histogram';

export interface SeriesLine {
  /** `__name__` included. */
  readonly labels: Readonly<Record<string, string>>;
  readonly points: readonly Point[];
}

export interface Evaluation {
  readonly kind: 'eval';
  readonly line: number;
  readonly query: string;
  /** ms; step 0: instant. */
  readonly grid: { readonly start: number; readonly end: number; readonly step: number };
  readonly fails: boolean;
  readonly ordered: boolean;
  readonly text: string | undefined;
  /** Times of an expected range vector. */
  readonly range: { readonly start: number; readonly end: number; readonly step: number } | undefined;
  readonly expected: readonly SeriesLine[];
}

export type PromqlCommand =
  | { readonly kind: 'clear' }
  | { readonly kind: 'load'; readonly line: number; readonly step: number; readonly series: readonly SeriesLine[] }
  | Evaluation;

/** Commands of a promqltest script, in order; the language is described in Prometheus' promql/promqltest/README.md. */
export function parsePromqlTest(text: string): readonly PromqlCommand[] {
  const lines = text.split('\n').map((line) => line.replace(/^\s*#.*$/, ''));
  const commands: PromqlCommand[] = [];
  let at = 0;
  /** The lines after a command that belong to it: up to an empty line or the next command. */
  const block = (): readonly string[] => {
    const found: string[] = [];
    while (at < lines.length && lines[at]?.trim() !== '' && !/^(load|clear|eval)/.test(lines[at] ?? '')) {
      found.push((lines[at++] ?? '').trim());
    }
    return found;
  };
  while (at < lines.length) {
    const number = at + 1;
    const line = (lines[at++] ?? '').trim();
    if (line === '') continue;
    if (line === 'clear') {
      commands.push({ kind: 'clear' });
      continue;
    }
    const load = /^load(_with_nhcb)?\s+(\S+)$/.exec(line);
    if (load !== null) {
      const series = block().map(parseSeries);
      const converted = load[1] === undefined ? [] : series.map(asHistogram);
      commands.push({
        kind: 'load',
        line: number,
        step: durationMs(load[2] ?? ''),
        series: [...lastOfEach(series), ...converted],
      });
      continue;
    }
    commands.push(parseEvaluation(line, number, block()));
  }
  return commands;
}

/** Of series that a load names twice the later line counts. */
function lastOfEach(series: readonly SeriesLine[]): readonly SeriesLine[] {
  return [...new Map(series.map((line) => [JSON.stringify(Object.entries(line.labels).sort()), line])).values()];
}

/** `load_with_nhcb` also makes a native histogram of the classic one. */
function asHistogram({ labels }: SeriesLine): SeriesLine {
  return { labels: { __name__: (labels.__name__ ?? '').replace(/_bucket$/, '') }, points: ['histogram'] };
}

function parseEvaluation(line: string, number: number, block: readonly string[]): Evaluation {
  const instant = /^eval(_fail|_ordered|_warn|_info)?\s+instant\s+(?:at\s+(\S+)\s+)?(.+)$/.exec(line);
  const range = /^eval(_fail|_ordered|_warn|_info)?\s+range\s+from\s+(\S+)\s+to\s+(\S+)\s+step\s+(\S+)\s+(.+)$/.exec(line);
  const suffix = instant?.[1] ?? range?.[1];
  const expectations = block.filter((each) => each.startsWith('expect '));
  const text = expectations.find((each) => each.startsWith('expect string '))?.slice('expect string '.length);
  const times = /^expect range vector from (\S+) to (\S+) step (\S+)$/.exec(
    expectations.find((each) => each.includes('range vector')) ?? '',
  );
  const common = {
    kind: 'eval',
    line: number,
    fails: suffix === '_fail' || expectations.some((each) => each.startsWith('expect fail')),
    ordered: suffix === '_ordered' || expectations.some((each) => each === 'expect ordered'),
    text: text === undefined ? undefined : unquote(text),
    range: times === null ? undefined : { start: signed(times[1]), end: signed(times[2]), step: signed(times[3]) },
    expected: block.filter((each) => !/^expect(ed_fail\S*)? /.test(each)).map(parseSeries),
  } as const;
  if (instant !== null) {
    const time = signed(instant[2] ?? '0');
    return { ...common, query: instant[3] ?? '', grid: { start: time, end: time, step: 0 } };
  }
  if (range !== null) {
    return { ...common, query: range[5] ?? '', grid: { start: signed(range[2]), end: signed(range[3]), step: signed(range[4]) } };
  }
  throw new Error(`line ${number}: unknown command "${line}"`);
}

function signed(text = '0'): number {
  return text.startsWith('-') ? -durationMs(text.slice(1)) : durationMs(text);
}

/** `name{label="value"} 1 2+3x4 _ stale`; a bare number is a scalar. */
function parseSeries(line: string): SeriesLine {
  const labels: Record<string, string> = {};
  let at = 0;
  const name = /^[a-zA-Z_:][\w:.]*(?=\s|\{)/.exec(line)?.[0];
  if (name !== undefined && !/^(NaN|Inf|stale)$/i.test(name)) {
    labels.__name__ = name;
    at = name.length;
  }
  if (line[at] === '{' && line[at + 1] !== '{') {
    at++;
    const label = /\s*(?:([\w.]+)|("(?:\\.|[^"\\])*"))\s*(?:=\s*("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`))?\s*,?\s*/y;
    while (line[at] !== '}') {
      label.lastIndex = at;
      const match = label.exec(line);
      if (match === null || match[0] === '') throw new Error(`not a series: ${line}`);
      const [all, bare, quoted, value] = match;
      if (value === undefined) labels.__name__ = unquote(quoted ?? bare ?? '');
      else labels[bare ?? unquote(quoted ?? '')] = unquote(value);
      at += all.length;
    }
    at++;
  }
  return { labels, points: parsePoints(line.slice(at).trim()) };
}

function parsePoints(text: string): readonly Point[] {
  if (text.includes('{{')) return ['histogram'];
  return text === '' ? [] : text.split(/\s+/).flatMap(expand);
}

/** `2+3x4`: 2 and four more, each 3 larger; `2x4`: five times 2; `_x3`: three times nothing (promtool's series notation). */
function expand(text: string): readonly Point[] {
  const gap = /^_(?:x(\d+))?$/.exec(text);
  if (gap !== null) return new Array<Point>(Number(gap[1] ?? 1)).fill('none');
  if (text === 'stale') return ['stale'];
  const match = /^([+-]?(?:[\d.]+(?:e[+-]?\d+)?|Inf|NaN))(?:([+-](?:[\d.]+(?:e[+-]?\d+)?|Inf|NaN))?x(\d+))?$/i.exec(text);
  if (match === null) throw new Error(`not a point: ${text}`);
  const [, first = '', difference = '0', times] = match;
  const start = numberOf(first);
  if (times === undefined) return [start];
  const step = numberOf(difference);
  // Added up one by one, as promtool does, so that rounding agrees.
  const points = [start];
  for (let i = 0; i < Number(times); i++) points.push((points[i] ?? 0) + step);
  return points;
}

function numberOf(text: string): number {
  const match = /^([+-]?)(inf|nan)$/i.exec(text);
  if (match === null) return Number(text);
  return match[2]?.toLowerCase() === 'nan' ? Number.NaN : match[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

function unquote(text: string): string {
  if (!/^["'`]/.test(text)) return text;
  const inner = text.slice(1, -1);
  if (text.startsWith('`')) return inner;
  return JSON.parse(`"${inner.replaceAll(/\\'/g, "'").replaceAll(/(?<!\\)"/g, '\\"')}"`);
}
