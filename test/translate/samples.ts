/*
 * A small world of samples: counters with resets, lost scrapes and a gap; gauges with NaN, a staleness marker and a label
 * that only one series has; an info metric. Times lie off the edges of the windows that the queries use, so that it does
 * not matter whether a window holds its left end.
 */

export interface Sample {
  readonly metric: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Milliseconds. */
  readonly time: number;
  readonly value: number | 'stale';
}

export const START = Date.parse('2024-01-01T00:00:00Z');
const MINUTE = 60_000;
const END = START + 40 * MINUTE;

/** The evaluation times of the recorded answers. */
export const RANGE = { start: START + 10 * MINUTE + 7, end: START + 36 * MINUTE + 507, step: 437_000 };
export const INSTANT = START + 25 * MINUTE + 7;

export const METRICS: Readonly<Record<string, readonly string[]>> = {
  http_requests_total: ['job', 'instance', 'code'],
  load: ['instance', 'zone'],
  info: ['job', 'instance', 'version'],
};

/** A linear congruential generator: the same numbers in every run and engine. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state / 2147483648;
  };
}

function counters(random: () => number): Sample[] {
  const found: Sample[] = [];
  for (const job of ['api', 'web']) {
    for (const instance of ['a', 'b']) {
      for (const code of ['200', '500']) {
        let value = Math.floor(random() * 50);
        const shift = instance === 'a' ? 1000 : 4000;
        for (let time = START + shift; time < END; time += 15_000) {
          const lost = random() < 0.05 || (instance === 'b' && time > START + 15 * MINUTE && time < START + 22 * MINUTE);
          if (lost) continue;
          value = random() < 0.01 ? 0 : value + Math.floor(random() * 10);
          found.push({ metric: 'http_requests_total', labels: { job, instance, code }, time, value });
        }
      }
    }
  }
  return found;
}

function gauges(random: () => number): Sample[] {
  const found: Sample[] = [];
  for (const instance of ['a', 'b', 'd']) {
    const labels: Record<string, string> = instance === 'd' ? { instance, zone: 'x' } : { instance };
    for (let time = START + 2000; time < END; time += 30_000) {
      const value = random() < 0.03 ? Number.NaN : Math.round((random() - 0.3) * 1000) / 8;
      const ends = instance === 'b' && time > START + 20 * MINUTE && time < START + 20 * MINUTE + 30_000;
      found.push({ metric: 'load', labels, time, value: ends ? 'stale' : value });
      if (ends) time += 6 * MINUTE;
    }
  }
  return found;
}

function infos(): Sample[] {
  const found: Sample[] = [];
  for (const [job, instance, version] of [
    ['api', 'a', 'v1'],
    ['api', 'b', 'v2'],
    ['web', 'a', 'v1'],
  ] as const) {
    for (let time = START + 1000; time < END; time += MINUTE) {
      found.push({ metric: 'info', labels: { job, instance, version }, time, value: 1 });
    }
  }
  return found;
}

const random = generator(42);
export const SAMPLES: readonly Sample[] = [...counters(random), ...gauges(random), ...infos()];
