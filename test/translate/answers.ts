import { readFileSync } from 'node:fs';

/** An answer: rows by `label="value",…@milliseconds`. */
export type Answer = ReadonlyMap<string, number>;

/** As recorded: the engine, and for each query its rows at one time and over a range (null: not to be asked so). */
export interface Recording {
  readonly engine: string;
  readonly answers: Readonly<Record<string, { readonly instant: RecordedRows; readonly range: RecordedRows | null }>>;
}

/** Values as Prometheus writes them. */
export type RecordedRows = Readonly<Record<string, string>>;

export const RECORDING_FILE = new URL('prometheus.golden.json', import.meta.url);

export function recording(): Recording {
  return JSON.parse(readFileSync(RECORDING_FILE, 'utf8')) as Recording;
}

/** The key of a row; labels that are null or empty are absent. */
export function rowKey(labels: Readonly<Record<string, string | null>>, milliseconds: number): string {
  const present = Object.entries(labels).filter(([, value]) => value !== null && value !== '');
  const sorted = present.sort(([a], [b]) => (a < b ? -1 : 1));
  return `${sorted.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(',')}@${milliseconds}`;
}

export function answerOf(rows: RecordedRows): Answer {
  return new Map(Object.entries(rows).map(([key, value]) => [key, numberOf(value)]));
}

function numberOf(text: string): number {
  if (text === '+Inf') return Number.POSITIVE_INFINITY;
  return text === '-Inf' ? Number.NEGATIVE_INFINITY : Number(text);
}

/** What differs, a line each; sums may be taken in another order, so the last digits are free. */
export function differences(expected: Answer, actual: Answer): string[] {
  const lines: string[] = [];
  for (const [key, value] of expected) {
    const found = actual.get(key);
    if (found === undefined) lines.push(`missing ${key} ${value}`);
    else if (!close(value, found)) lines.push(`${key}: expected ${value}, got ${found}`);
  }
  for (const [key, value] of actual) if (!expected.has(key)) lines.push(`unexpected ${key} ${value}`);
  return lines;
}

function close(a: number, b: number): boolean {
  return Object.is(a, b) || a === b || Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b));
}
