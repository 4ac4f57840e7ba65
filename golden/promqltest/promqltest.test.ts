import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Database } from '../../src/engine/database.ts';
import { filesIn, suite } from '../shared.ts';
import { runPromqlTest } from './run.ts';

const folder = suite('promql');
const MEMORY = 512 << 20;

/** Prometheus' own scripts: no evaluation may be wrong; what is refused (native histograms) is counted and printed. */
describe.skipIf(folder === undefined)("Prometheus' promqltest scripts", () => {
  const files = folder === undefined ? [] : filesIn(folder, '.test');
  test.each(files.map((file) => [basename(file), file]))('%s', { timeout: 120_000 }, async (name, file) => {
    const reports = await runPromqlTest(readFileSync(file, 'utf8'), () => Database.open(undefined, { memoryLimit: MEMORY }));
    const count = (status: string): number => reports.filter((report) => report.status === status).length;
    process.stdout.write(`${name}: ${count('passed')} passed, ${count('refused')} refused, ${count('wrong')} wrong\n`);
    expect(reports.filter((report) => report.status === 'wrong')).toEqual([]);
    expect(count('passed')).toBeGreaterThan(0);
  });
});
