import type { Scalar } from '../api.ts';

export type Present = Exclude<Scalar, null>;

const MOST_COMMON = 20;
const HISTOGRAM_BOUNDS = 100;
/** A value is common when it is this much more frequent than the average value (PostgreSQL's analyze.c before 11). */
const ABOVE_AVERAGE = 1.25;

export interface Run {
  readonly value: Present;
  readonly count: number;
}

/** Picks one row at random of every `step` rows, over segments one after the other; the same rows every time. */
export class Sampler {
  readonly #step: number;
  #seed = 0x2545f491;
  /** Rows of later segments from which the next window begins; its pick lies in it. */
  #window = 0;

  constructor(step: number) {
    this.#step = step;
  }

  /** The picks among the next segment's rows. A window that reaches into the segment after ends with this one. */
  *rows(count: number): Generator<number, void> {
    for (; this.#window < count; this.#window += this.#step) {
      const row = this.#window + (this.#next() % this.#step);
      if (row < count) yield row;
    }
    this.#window -= count;
  }

  /** Marsaglia's xorshift32. */
  #next(): number {
    let seed = this.#seed;
    seed ^= seed << 13;
    seed ^= seed >>> 17;
    seed ^= seed << 5;
    this.#seed = seed;
    return seed >>> 0;
  }
}

/** Sorts `sample` and counts its distinct values, in order. */
export function runsOf(sample: Present[]): Run[] {
  sample.sort(compare);
  const runs: Run[] = [];
  let start = 0;
  for (let i = 1; i <= sample.length; i++) {
    const value = sample[start];
    const next = sample[i];
    if (value === undefined || (next !== undefined && compare(value, next) === 0)) continue;
    runs.push({ value, count: i - start });
    start = i;
  }
  return runs;
}

/**
 * The values that stand out, most frequent first, with their share of all rows. All values when there are few and the
 * sample was `complete`. `present` is the share of rows that are not NULL.
 */
export function mostCommonOf(
  runs: readonly Run[],
  sampled: number,
  present: number,
  complete: boolean,
): { value: Scalar; frequency: number }[] {
  // Values that all came up more than once in a sample are most likely all there are (analyze.c, compute_distinct_stats).
  const all = runs.length <= MOST_COMMON && (complete || runs.every(({ count }) => count > 1));
  const least = all ? 1 : Math.max(2, (ABOVE_AVERAGE * sampled) / Math.max(1, runs.length));
  return runs
    .filter(({ count }) => count >= least)
    .sort((a, b) => b.count - a.count)
    .slice(0, MOST_COMMON)
    .map(({ value, count }) => ({ value, frequency: (count / sampled) * present }));
}

/** Bounds that cut the sorted sample into parts of equal size; none for fewer than two values. */
export function histogramOf(sorted: readonly Present[]): Scalar[] {
  if (sorted.length < 2) return [];
  const bounds = Math.min(HISTOGRAM_BOUNDS, sorted.length);
  return Array.from({ length: bounds }, (_, i) => sorted[Math.round((i * (sorted.length - 1)) / (bounds - 1))] ?? null);
}

/** NaN above every number, text by code point. */
function compare(a: Present, b: Present): number {
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b);
  if (a < b) return -1;
  if (a > b) return 1;
  return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
}

/** UTF-16 puts U+E000…U+FFFF above the surrogates of higher code points; code point order does not. */
function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const left = a.charCodeAt(i);
    const right = b.charCodeAt(i);
    if (left !== right) return rank(left) - rank(right);
  }
  return a.length - b.length;
}

function rank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x10000 : unit;
}
