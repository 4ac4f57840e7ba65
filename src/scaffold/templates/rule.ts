import { RULES } from '../../../planner/rules/order.ts';
import { addImport, edit, replacing } from '../edits.ts';
import { checkName, kebab } from '../names.ts';
import { Refusal, type Unit } from '../unit.ts';

/** Where rules are whose name has the word. */
const FOLDERS: readonly (readonly [word: RegExp, folder: string])[] = [
  [/Subquer|Correlat/, 'subqueries'],
  [/Filter|Predicate/, 'filters'],
  [/Join/, 'joins'],
  [/Aggregate|Distinct|Group/, 'aggregates'],
  [/Constant|Cast|Expression/, 'expressions'],
];

/** An optimizer rule: one file, one line in the order, one test. */
export function rule(name: string, in_: string | undefined): Unit {
  checkName(name, /^([A-Z][a-z0-9]+){2,}$/, 'a rule is called by a verb and what it does it to, like PushFilterIntoJoin');
  if (RULES.some((each) => each.name === name)) throw new Refusal(`There is a rule ${name}.`);
  const folder = in_ ?? FOLDERS.find(([word]) => word.test(name))?.[1] ?? 'shape';
  checkName(folder, /^[a-z-]+$/, 'the folder is one of planner/rules');
  const file = `${folder}/${kebab(name)}.ts`;
  const test = `test/planner/rules/${kebab(name)}.test.ts`;
  return {
    files: [
      { path: `planner/rules/${file}`, text: ruleText(name) },
      { path: test, text: testText(name, file) },
    ],
    edits: [
      edit(
        'planner/rules/order.ts',
        (text) => addImport(text, `import { ${name} } from './${file}';`),
        replacing(/\n\];\n$/, () => `\n  ${name},\n];\n`),
      ),
    ],
    next: [
      `Write in planner/rules/${file} what the rule looks for, when it must not fire, and the rewrite.`,
      'Move it to its place in planner/rules/order.ts: it runs last now.',
      `Fill ${test}: npx vitest run ${test}`,
      'Random queries keep their answers with it: npx vitest run test/planner/rules',
    ],
  };
}

function ruleText(name: string): string {
  return `import type { LogicalPlan } from '../../logical/plan.ts';
import { mapInputs } from '../../logical/visit.ts';
import type { Rule } from '../rule.ts';

/**
 * Pattern: the operators that it looks for.
 * Guard: what must hold besides.
 * Replacement: what comes instead, and why that is better.
 *
 * It must not fire where … : a counter-example in SQL.
 */
export const ${name}: Rule = {
  name: '${name}',
  apply: (plan) => rewrite(plan),
};

/** The same object where nothing changed. */
function rewrite(plan: LogicalPlan): LogicalPlan {
  return mapInputs(plan, rewrite);
}
`;
}

function testText(name: string, file: string): string {
  return `import { describe, expect, test } from 'vitest';
import { ${name} } from '../../../planner/rules/${file}';
import { lastFires, planAfter } from './plan-lines.ts';

describe('${name}', () => {
  test('rewrites what it is for', () => {
    // over the tables of oracle/small-tables.ts
    const sql = 'SELECT k FROM l';
    expect(lastFires(sql, ${name}), 'Put a query here that ${name} rewrites, then write the rule in planner/rules/${file}').toBe(true);
    expect(\`\\n\${planAfter(sql, ${name})}\`).toBe(\`
the plan that it makes, as EXPLAIN VERBOSE prints it\`);
  });

  test('leaves alone what it must not touch', () => {
    const sql = 'SELECT k FROM l';
    expect(lastFires(sql, ${name})).toBe(false);
  });
});
`;
}
