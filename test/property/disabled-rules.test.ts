import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RULES } from '../../planner/rules/order.ts';
import { Database } from '../../src/engine/database.ts';
import type { Session } from '../../src/engine/session.ts';
import { difference } from './compare.ts';
import { decisions } from './generate/choices.ts';
import { smallQuery } from './generate/queries.ts';
import { type Answer, askLumaDb } from './peers.ts';
import { runs } from './runs.ts';
import { SMALL_TABLES } from './tables.ts';

let database: Database;
let session: Session;
beforeAll(async () => {
  database = await Database.open();
  await database.query(SMALL_TABLES);
  session = database.session();
});
afterAll(() => database.close());

/** Rules without which the executor lacks an operator: it says so with 0A000 and the rule's name, or that of the query form. */
const NEEDED: ReadonlySet<string> = new Set([
  'DecorrelateSubqueries',
  'ExpandDistinctAggregates',
  'ExpandFullJoins',
  'RewriteSetOperations',
]);

async function answer(text: string, disabled: readonly string[]): Promise<Answer> {
  session.settings.set('disabled_rules', disabled.join(','));
  return askLumaDb(session, text);
}

test('a rule that is switched off changes no answer', { timeout: 3_600_000 }, async () => {
  const names = [...new Set(RULES.map((rule) => rule.name))];
  await fc.assert(
    fc.asyncProperty(decisions, fc.subarray(names, { minLength: 1, maxLength: 3 }), async (numbers, disabled) => {
      const { text, ordered } = smallQuery(numbers);
      const all = await answer(text, []);
      const fewer = await answer(text, disabled);
      if (fewer.kind === 'error' && fewer.code === '0A000') {
        if (all.kind === 'error') expect(all.code).toBe('0A000');
        else
          expect(
            disabled.some((name) => NEEDED.has(name)),
            `without ${disabled.join(', ')}: ${text}`,
          ).toBe(true);
        return;
      }
      // A rule may make the executor skip what would have failed, or the reverse.
      fc.pre(all.kind === 'rows' && fewer.kind === 'rows');
      expect(difference(all, fewer, ordered), `without ${disabled.join(', ')}: ${text}`).toBeUndefined();
    }),
    runs(200),
  );
});
