import { basename } from 'node:path';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { languageNamed } from '../../grammars/registry.ts';
import { explainLogical } from '../../planner/explain/logical.ts';
import { Database } from '../../src/engine/database.ts';
import type { Session } from '../../src/engine/session.ts';
import { translate } from '../../src/translate/translate.ts';
import { asLumaError } from '../../src/types/error.ts';
import { expectSections, readSections, type Section } from '../sections.ts';
import { filesIn } from '../shared.ts';
import { GOLDEN_TABLES } from '../tables.ts';
import { astText } from './ast-text.ts';

/** Where the golden metric's samples lie. */
const schema = (metric: string) => ({ table: metric, time: 'ts', value: 'value', labels: ['code', 'job'] });
const GRID = { start: Date.UTC(2024, 0, 1, 0, 5), end: Date.UTC(2024, 0, 1, 0, 10), step: 60_000 };

let database: Database;
let session: Session;
beforeAll(async () => {
  database = await Database.open(undefined, { threads: 1 });
  await database.query(GOLDEN_TABLES);
  session = database.session();
});
afterAll(() => database.close());

/** One query through every stage: text, tree, plan as bound, plan as optimized, and text again, in its own language and another. */
function stages(language: string, other: string, query: string): readonly Section[] {
  const sections: Section[] = [{ name: 'query', text: query }];
  const stage = (name: string, run: () => string): void => {
    try {
      sections.push({ name, text: run() });
    } catch (thrown) {
      const { code, message } = asLumaError(thrown);
      sections.push({ name, text: `error ${code}: ${message}` });
    }
  };
  const [statement] = session.parse(query, { dialect: language });
  if (statement === undefined) return sections;
  stage('tree', () => astText(statement));
  const { compiled } = session.prepare(statement, { grid: GRID });
  if (compiled !== null) {
    stage('logical plan', () => explainLogical(compiled.logical.plan).join('\n'));
    stage('optimized plan', () => explainLogical(compiled.optimized).join('\n'));
  }
  stage(`printed as ${language}`, () => languageNamed(language).print(statement));
  stage(`translated to ${other}`, () => {
    const { text, losses } = translate(query, { from: language, to: other, strict: false, schema, ...GRID });
    return [text, ...losses.map((loss) => `loss ${loss.code}: ${loss.reason}`)].join('\n');
  });
  return sections;
}

describe.each([
  ['lql', 'promql'],
  ['promql', 'lql'],
])('%s', (language, other) => {
  const files = filesIn(`${import.meta.dirname}/${language}`, '.txt');
  test.each(files.map((file) => [basename(file, '.txt'), file]))('%s', (_, file) => {
    const [query] = readSections(file);
    expectSections(file, stages(language, other, query?.text ?? ''));
  });
});
