import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dialect } from '../../src/scaffold/templates/dialect.ts';
import { scalarFunction } from '../../src/scaffold/templates/function.ts';
import { operator } from '../../src/scaffold/templates/operator.ts';
import { rule } from '../../src/scaffold/templates/rule.ts';
import type { Template } from '../../src/scaffold/unit.ts';

/** `npm run new` in a copy of the tree: what it writes compiles and lints, and its tests fail saying what to do. */

const project = fileURLToPath(new URL('../..', import.meta.url));

/** The name of each kind, the test it writes, and how that test fails. */
const UNITS = [
  ['dialect', 'newsql', 'test/grammars/newsql/dialect.test.ts', 'List in DIFFERENCES what Newsql writes otherwise'],
  ['rule', 'PushNewThing', 'test/planner/rules/push-new-thing.test.ts', 'Put a query here that PushNewThing rewrites'],
  [
    'operator',
    'NewJoin',
    'test/exec/operators/new-join.test.ts',
    'Lower the operator in src/exec/operators/new-join/new-join.ts',
  ],
  ['function', 'new_thing', 'test/functions/new-thing.test.ts', 'Write src/functions/scalar/numeric/new-thing.ts'],
] as const;

interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

describe('npm run new', () => {
  const copy = mkdtempSync(join(tmpdir(), 'lumadb-new-'));
  const touched: string[] = [];

  const tool = (name: string, ...arguments_: string[]) =>
    spawnSync(join(project, 'node_modules/.bin', name), arguments_, { cwd: copy, encoding: 'utf8' });
  const make = (...arguments_: string[]) =>
    spawnSync(process.execPath, ['src/scaffold/main.ts', ...arguments_], { cwd: copy, encoding: 'utf8' });

  beforeAll(() => {
    const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { cwd: project, encoding: 'utf8' });
    for (const file of files.trim().split('\n')) {
      if (!existsSync(join(project, file))) continue;
      mkdirSync(join(copy, dirname(file)), { recursive: true });
      cpSync(join(project, file), join(copy, file));
    }
    symlinkSync(join(project, 'node_modules'), join(copy, 'node_modules'));
    for (const [kind, name] of UNITS) {
      const { status, stdout, stderr } = make(kind, name);
      expect(stderr).toBe('');
      expect(status).toBe(0);
      expect(stdout).toContain('\nNext:\n1. ');
      touched.push(...[...stdout.matchAll(/^(?:wrote|changed) +(\S+)$/gm)].map(([, path = '']) => path));
    }
  });

  afterAll(() => rmSync(copy, { recursive: true, force: true }));

  test('writes files and adds lines', () => {
    expect(touched).toEqual(expect.arrayContaining(UNITS.map(([, , path]) => path)));
    const has = (path: string, text: string) => expect(readFileSync(join(copy, path), 'utf8')).toContain(text);
    has('grammars/registry.ts', 'lql, promql, newsql]');
    has('planner/rules/order.ts', '  PushNewThing,\n];');
    has('planner/physical/plan.ts', '  | NewJoinOperator;');
    has('src/exec/lower.ts', '  new_join: ');
    has('src/functions/scalar/all.ts', '    ...newThingFunctions,\n');
  });

  test('what it writes compiles and lints', () => {
    const errors = tool('tsc', '--noEmit').stdout.split('\n');
    expect(errors.filter((line) => touched.some((path) => line.startsWith(path)))).toEqual([]);
    const lint = tool('biome', 'check', '--error-on-warnings', ...touched);
    expect(lint.stderr + lint.stdout).not.toContain('━━');
    expect(lint.status).toBe(0);
  });

  test('its tests fail saying what to do, the rest of them passes', () => {
    tool('vitest', 'run', '--reporter=json', '--outputFile=report.json', ...UNITS.map(([, , path]) => path));
    const report: Report = JSON.parse(readFileSync(join(copy, 'report.json'), 'utf8'));
    for (const [, , path, message] of UNITS) {
      const results = report.testResults.find((file) => file.name.endsWith(path))?.assertionResults ?? [];
      const failed = results.filter((each) => each.status === 'failed');
      expect(
        failed.map((each) => each.failureMessages.join()),
        path,
      ).toEqual([expect.stringContaining(message)]);
    }
    const passed = report.testResults.flatMap((file) => file.assertionResults).filter((each) => each.status === 'passed');
    expect(passed.map((each) => each.fullName)).toContain('Newsql reads and prints SQL');
  });

  test.each(UNITS)('refuses the %s %s, which exists', (kind, name) => {
    const { status, stderr } = make(kind, name);
    expect(stderr).toMatch(/^There is an? /);
    expect(status).toBe(1);
  });

  test.each([[['language', 'x']], [['rule', 'PushA', 'PushB']], [['rule', 'PushNewB', '--at', 'x']]])(
    'shows its usage for %j',
    (arguments_) => {
      const { status, stderr } = make(...arguments_);
      expect(stderr).toMatch(/^usage: npm run new/);
      expect(status).toBe(2);
    },
  );
});

const WRONG: readonly (readonly [template: Template, name: string, folder: string | undefined, message: string])[] = [
  [dialect, 'New-SQL', undefined, 'is no fit name'],
  [dialect, 'delete', undefined, 'is a word of TypeScript itself'],
  [rule, 'push', undefined, 'is no fit name'],
  [rule, 'PushNewOther', '../..', 'is no fit name'],
  [operator, 'new join', undefined, 'is no fit name'],
  [scalarFunction, 'NewThing', undefined, 'is no fit name'],
  [scalarFunction, 'other_thing', 'nowhere', 'is not among the topics numeric, text, time'],
];

test.each(WRONG)('%o refuses %s', (template, name, folder, message) => {
  expect(() => template(name, folder)).toThrow(message);
});
