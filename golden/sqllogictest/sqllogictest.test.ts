import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Database } from '../../src/engine/database.ts';
import { filesIn, suite } from '../shared.ts';
import { runSlt } from './run.ts';

let database: Database;
beforeEach(async () => {
  database = await Database.open();
});
afterEach(() => database.close());

async function passes(file: string): Promise<void> {
  const { passed, failures } = await runSlt(readFileSync(file, 'utf8'), database.session());
  expect(failures).toEqual([]);
  expect(passed).toBeGreaterThan(0);
}

// Each file names the engine that its answers come from.
describe('our files', () => {
  test.each(filesIn(`${import.meta.dirname}/files`, '.slt').map((file) => [basename(file), file]))('%s', (_, file) =>
    passes(file),
  );
});

describe("SQLite's sqllogictest", () => {
  for (const name of ['select1.test', 'select2.test', 'select3.test']) {
    const file = suite(`sqllogictest/${name}`);
    test.skipIf(file === undefined)(name, { timeout: 120_000 }, () => passes(file ?? ''));
  }
});
