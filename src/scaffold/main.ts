import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { dialect } from './templates/dialect.ts';
import { scalarFunction } from './templates/function.ts';
import { operator } from './templates/operator.ts';
import { rule } from './templates/rule.ts';
import { Refusal, type Template, type UnitKind } from './unit.ts';
import { writeUnit } from './write.ts';

/** `npm run new -- dialect|rule|operator|function NAME [--in FOLDER]`: the files of a new unit, with a test that fails. */

const TEMPLATES: Readonly<Record<UnitKind, Template>> = { dialect, rule, operator, function: scalarFunction };

const USAGE = `usage: npm run new -- KIND NAME [--in FOLDER]

  dialect   NAME as in --dialect: questdb
  rule      verb first: PushFilterIntoJoin; FOLDER of planner/rules, else by its name
  operator  MergeJoin
  function  its SQL name: date_bin; FOLDER of src/functions/scalar, numeric unless said
`;

const isKind = (text: string | undefined): text is UnitKind => text !== undefined && Object.hasOwn(TEMPLATES, text);

function main(arguments_: readonly string[], root: string): number {
  const parsed = parse(arguments_);
  const [kind, name, ...more] = parsed?.positionals ?? [];
  if (!isKind(kind) || name === undefined || more.length > 0) {
    process.stderr.write(USAGE);
    return 2;
  }
  try {
    const unit = TEMPLATES[kind](name, parsed?.values.in);
    const { written, changed } = writeUnit(unit, root);
    const lines = [...written.map((path) => `wrote    ${path}`), ...changed.map((path) => `changed  ${path}`)];
    const steps = unit.next.map((step, i) => `${i + 1}. ${step}`);
    process.stdout.write(`${lines.join('\n')}\n\nNext:\n${steps.join('\n')}\n`);
    return 0;
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown;
    process.stderr.write(`${thrown.message}\n`);
    return 1;
  }
}

function parse(arguments_: readonly string[]) {
  try {
    return parseArgs({ args: [...arguments_], options: { in: { type: 'string' } }, allowPositionals: true });
  } catch {
    return undefined;
  }
}

process.exitCode = main(process.argv.slice(2), fileURLToPath(new URL('../..', import.meta.url)));
