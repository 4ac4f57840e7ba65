import { beforeAll, describe, expect, test } from 'vitest';
import { FoldConstants } from '../../../planner/rules/expressions/fold-constants.ts';
import { PushFilters } from '../../../planner/rules/filters/push-filters.ts';
import { RULES } from '../../../planner/rules/order.ts';
import { type Oracle, openOracle, rewrite, UNSUPPORTED } from './oracle/oracle.ts';
import { QUERIES } from './oracle/queries.ts';

/** Every expected answer is DuckDB's to the text as written. */
let oracle: Oracle;
beforeAll(async () => {
  oracle = await openOracle();
});

describe('rewritten plans give the answers of the text', () => {
  test.each(QUERIES)('%s', async (sql) => {
    const expected = await oracle.answer(sql);
    const { query, plan, trace } = rewrite(sql);
    expect(expected).not.toBe(UNSUPPORTED);
    const steps = [{ rule: 'binding', after: query.plan }, ...trace];
    for (const { rule, after } of steps) {
      if (after === undefined) continue;
      const answer = await oracle.planAnswer(after, query);
      // A dependent join may be beyond DuckDB; what is left at the end is not.
      if (answer !== UNSUPPORTED || after === plan) expect(answer, `after ${rule}`).toBe(expected);
    }
  });
});

const DISTINCT_RULES = RULES.filter((rule, at) => RULES.indexOf(rule) === at).map((rule) => [rule.name, rule] as const);

describe('each rule is sound alone, and after those that make room for it', () => {
  test.each(DISTINCT_RULES)('%s', async (_name, rule) => {
    let fired = 0;
    for (const sql of QUERIES) {
      for (const before of [[], [FoldConstants, PushFilters]]) {
        const { query, plan, trace } = rewrite(sql, [...before, rule]);
        if (trace.at(-1)?.changed !== true) continue;
        fired += 1;
        const answer = await oracle.planAnswer(plan, query);
        if (answer !== UNSUPPORTED) expect(answer, sql).toBe(await oracle.answer(sql));
      }
    }
    expect(fired).toBeGreaterThan(0);
  });
});

describe('any rule can be switched off', () => {
  test.each(DISTINCT_RULES)('%s', async (_name, rule) => {
    const others = RULES.filter((each) => each !== rule);
    // A third of the queries for each rule, another third for the next, to keep the test short.
    const turn = DISTINCT_RULES.findIndex(([name]) => name === rule.name);
    for (const sql of QUERIES.filter((_, at) => at % 3 === turn % 3)) {
      const complete = rewrite(sql);
      if (!complete.trace.some((step) => step.rule === rule.name && step.changed)) continue;
      const { query, plan } = rewrite(sql, others);
      const answer = await oracle.planAnswer(plan, query);
      if (answer !== UNSUPPORTED) expect(answer, sql).toBe(await oracle.answer(sql));
    }
  });
});
