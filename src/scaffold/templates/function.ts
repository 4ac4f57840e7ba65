import { functionCatalog } from '../../functions/registry.ts';
import { addImport, edit, replacing } from '../edits.ts';
import { camel, checkName, kebab } from '../names.ts';
import { Refusal, type Unit } from '../unit.ts';

/** The kind of the first argument and the cases that a topic's functions belong to. */
const TOPICS: Readonly<Record<string, 'float64' | 'text' | 'timestamp'>> = {
  numeric: 'float64',
  text: 'text',
  time: 'timestamp',
};

/** A scalar function: its registration in a file of its own, a line among all, and a test that asks for recorded answers. */
export function scalarFunction(name: string, in_: string | undefined): Unit {
  checkName(name, /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/, 'a function is called as SQL folds it, like date_bin');
  if (functionCatalog.kinds(name).length > 0) throw new Refusal(`There is a function ${name}.`);
  const topic = in_ ?? 'numeric';
  const argument = Object.hasOwn(TOPICS, topic) ? TOPICS[topic] : undefined;
  if (argument === undefined) throw new Refusal(`"${topic}" is not among the topics ${Object.keys(TOPICS).join(', ')}.`);
  const file = `src/functions/scalar/${topic}/${kebab(name)}.ts`;
  const cases = `test/functions/cases/${topic}.ts`;
  const list = `${camel(name)}Functions`;
  const test = `test/functions/${kebab(name)}.test.ts`;
  return {
    files: [
      { path: file, text: functionText(name, list, argument) },
      { path: test, text: testText(name, file, cases) },
    ],
    edits: [
      edit(
        'src/functions/scalar/all.ts',
        (text) => addImport(text, `import { ${list} } from './${topic}/${kebab(name)}.ts';`),
        replacing(/\n {2}\]\.map\(/, (match) => `\n    ...${list},${match[0]}`),
      ),
    ],
    next: [
      `Write overloads and code in ${file}; docs/adding-a-function.md says what each part means.`,
      `List calls in ${cases}: usual ones, NULL, the edges, and what raises.`,
      'Record the real answers: node test/functions/record.ts, with PostgreSQL on port 55432.',
      `npx vitest run test/functions; then ${test} has done its duty and may go.`,
    ],
  };
}

function functionText(name: string, list: string, argument: string): string {
  return `import { SQLSTATE } from '../../../types/error.ts';
import type { Emitter, ScalarDefinition } from '../../definition.ts';
import { firstType } from '../emitters.ts';

/** Code over locals that hold the arguments, none of them NULL. */
const emit: Emitter = (context, _arguments, returns) => {
  context.raise(SQLSTATE.featureNotSupported, '${name}() has no code');
  return context.newValue(returns);
};

export const ${list}: readonly ScalarDefinition[] = [
  {
    name: '${name}',
    summary: 'what it gives, in a line',
    overloads: [{ arguments: ['${argument}'], returns: firstType, emit }],
  },
];
`;
}

function testText(name: string, file: string, cases: string): string {
  return `import { expect, test } from 'vitest';
import { cases } from './cases/all.ts';

test('${name} is compared with PostgreSQL', () => {
  const calls = Object.values(cases)
    .flat()
    .filter((text) => text.includes('${name}('));
  expect(calls.length, 'Write ${file}, list calls of ${name} in ${cases} and record their answers').toBeGreaterThan(0);
});
`;
}
