/** Samples that Prometheus and LumaDB are both asked about: the same every time. */

export interface TestSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly samples: readonly (readonly [seconds: number, value: number | 'stale'])[];
}

/** The first scrape; requests ask at times that no sample has, because versions differ in which end of a range they leave out. */
export const START = 1_700_000_000;
const SCRAPE = 15;
const SCRAPES = 120;

/** Gives numbers that look like chance. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function series(labels: Readonly<Record<string, string>>, value: (scrape: number) => number | 'stale' | undefined): TestSeries {
  const samples = Array.from({ length: SCRAPES }, (_, i) => [START + i * SCRAPE, value(i)] as const);
  return { labels, samples: samples.flatMap(([time, found]) => (found === undefined ? [] : [[time, found] as const])) };
}

/** A counter that falls back at `reset`; never near zero, where versions extrapolate differently. */
function counter(seed: number, most: number, reset = -1): (scrape: number) => number {
  const next = generator(seed);
  let count = 1000;
  return (scrape) => {
    count = scrape === reset ? 700 : count + Math.floor(next() * most);
    return count;
  };
}

function gauge(seed: number, middle: number, spread: number): (scrape: number) => number {
  const next = generator(seed);
  return (scrape) => middle + spread * Math.sin(scrape / 9) + (next() - 0.5) * spread;
}

function requests(): TestSeries[] {
  const found: TestSeries[] = [];
  for (const [j, job] of ['api', 'web', 'batch'].entries()) {
    for (const [i, instance] of ['a:9100', 'b:9100'].entries()) {
      for (const [c, code] of ['200', '404', '500'].entries()) {
        const seed = 100 * j + 10 * i + c;
        const most = [60, 5, 2][c] ?? 1;
        found.push(series({ __name__: 'lt_requests_total', job, instance, code }, counter(seed, most, i === 1 ? 50 + j : -1)));
      }
    }
  }
  return found;
}

const memory = gauge(3, 2e9, 5e8);
const cold = gauge(4, -2.5, 4);
const odd = gauge(5, 20, 1e-3);

export const SERIES: readonly TestSeries[] = [
  ...requests(),
  ...['api', 'web'].map((job, i) =>
    series({ __name__: 'lt_memory_bytes', job, instance: 'a:9100' }, (n) => Math.round(memory(n) * (i + 1))),
  ),
  series({ __name__: 'lt_temperature', room: 'north "wing"\\' }, cold),
  series({ __name__: 'lt_temperature', room: 'Küche' }, odd),
  series({ __name__: 'lt_temperature', room: 'attic', floor: '2' }, (n) => (n % 7 === 3 ? Number.NaN : 1e22 * (n - 60))),
  series({ __name__: 'lt_temperature', room: 'void', floor: '-1' }, (n) =>
    n % 5 === 0 ? Number.POSITIVE_INFINITY : n % 5 === 1 ? Number.NEGATIVE_INFINITY : -0,
  ),
  // Scraped until it goes, back later; and one that is only there now and then.
  series({ __name__: 'lt_up', job: 'api', instance: 'a:9100' }, (n) => (n === 40 ? 'stale' : n > 40 && n < 70 ? undefined : 1)),
  series({ __name__: 'lt_up', job: 'api', instance: 'b:9100' }, (n) => (n > 80 ? undefined : n % 2)),
  series({ __name__: 'lt_up', job: 'web', instance: 'a:9100' }, () => 1),
  series({ __name__: 'lt_sparse', kind: 'rare' }, (n) => (n % 29 === 0 ? n / 8 : undefined)),
  series({ __name__: 'lt_tiny' }, (n) => 1.5e-9 * n),
];
