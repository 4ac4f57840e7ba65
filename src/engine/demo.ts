import type { Database } from './database.ts';
import type { SampleSeries } from './series/samples.ts';

const HOUR_MS = 3_600_000;
const INTERVAL_MS = 15_000;

/**
 * Fills a database with the three small tables that the README's tour uses: `http_requests_total` (a metric with labels,
 * the last hour), `orders` and `notes`. Values are the same every time, times end at the present.
 */
export async function createDemo(database: Database, now = Date.now()): Promise<void> {
  const end = Math.floor(now / INTERVAL_MS) * INTERVAL_MS;
  await database.writeSamples(requestCounters(end));
  await database.query(ORDERS);
  await database.query(NOTES);
}

/** Counters of two jobs on two instances each; one instance restarts half-way, so that `rate` has a reset to handle. */
function requestCounters(end: number): SampleSeries[] {
  const series: SampleSeries[] = [];
  for (const [job, perStep] of [
    ['api', 30],
    ['web', 75],
  ] as const) {
    for (const [i, instance] of ['a:9100', 'b:9100'].entries()) {
      for (const [code, share] of [
        ['200', 1],
        ['500', 0.02],
      ] as const) {
        const times: number[] = [];
        const values: number[] = [];
        let count = 0;
        for (let time = end - HOUR_MS, step = 0; time <= end; time += INTERVAL_MS, step++) {
          if (job === 'web' && i === 1 && step === 120) count = 0;
          count += Math.round(perStep * share * (1 + 0.4 * Math.sin(step / 19 + i)));
          times.push(time);
          values.push(count);
        }
        series.push({
          metric: 'http_requests_total',
          labels: [
            { name: 'job', value: job },
            { name: 'instance', value: instance },
            { name: 'code', value: code },
          ],
          times,
          values,
        });
      }
    }
  }
  return series;
}

const ORDERS = `
CREATE TABLE orders (
  id BIGINT NOT NULL, customer TEXT, product TEXT, quantity INTEGER, price DECIMAL(10, 2), ordered DATE
);
INSERT INTO orders
SELECT n,
       CASE n % 5 WHEN 0 THEN 'Ada' WHEN 1 THEN 'Grace' WHEN 2 THEN 'Edsger' WHEN 3 THEN 'Barbara' ELSE 'Tony' END,
       CASE n % 3 WHEN 0 THEN 'lamp' WHEN 1 THEN 'desk' ELSE 'chair' END,
       1 + n % 4,
       CASE n % 3 WHEN 0 THEN 19.90 WHEN 1 THEN 249.00 ELSE 89.50 END,
       DATE '2026-01-01' + CAST(n % 90 AS INTEGER)
FROM generate_series(1, 500) AS g(n);
`;

const NOTES = `
CREATE TABLE notes (id INTEGER, topic TEXT, body TEXT FIELD);
INSERT INTO notes VALUES
  (1, 'engine', 'One plan, whatever the language.'),
  (2, 'engine', 'A query becomes WebAssembly before it touches a row.'),
  (3, 'store', 'An acknowledged commit survives kill -9.'),
  (4, 'store', 'Columns lie in memory as Arrow describes them.'),
  (5, 'shell', NULL);
`;
