import { basename } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Database } from '../../src/engine/database.ts';
import type { Session } from '../../src/engine/session.ts';
import { askLumaDb } from '../../test/property/peers.ts';
import { expectSections, readSections } from '../sections.ts';
import { filesIn } from '../shared.ts';
import { GOLDEN_TABLES } from '../tables.ts';

let database: Database;
let session: Session;
beforeAll(async () => {
  database = await Database.open(undefined, { threads: 1 });
  await database.query(GOLDEN_TABLES);
  session = database.session();
});
afterAll(() => database.close());

/** What EXPLAIN says, as one text. */
async function explained(query: string): Promise<string> {
  const answer = await askLumaDb(session, `EXPLAIN ${query}`);
  if (answer.kind === 'error') return `${answer.code}: ${answer.message}`;
  return answer.rows.map(([line]) => line).join('\n');
}

// A file has pairs of sections: a query, and its plan.
test.each(filesIn(`${import.meta.dirname}/files`, '.txt').map((file) => [basename(file), file]))('%s', async (_, file) => {
  const queries = readSections(file).filter(({ name }) => name !== 'plan');
  expect(queries.length).toBeGreaterThan(0);
  const sections = [];
  for (const query of queries) sections.push(query, { name: 'plan', text: await explained(query.text) });
  expectSections(file, sections);
});
