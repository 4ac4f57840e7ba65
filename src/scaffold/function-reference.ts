import { ALIASES } from '../../grammars/lql/functions.ts';
import { aggregateDefinitions } from '../functions/aggregate/all.ts';
import type { TypePattern } from '../functions/definition.ts';
import { OPERATOR } from '../functions/resolve/errors.ts';
import { scalarDefinitions } from '../functions/scalar/all.ts';
import { seriesFunctions } from '../functions/series/all.ts';
import { tableDefinitions } from '../functions/table/all.ts';
import { windowDefinitions } from '../functions/window/all.ts';
import type { TypeKind } from '../types/data-type.ts';

/** docs/functions.md, made of the registrations. */

interface Described {
  readonly name: string;
  readonly summary: string;
  readonly overloads?: readonly { readonly arguments: readonly TypePattern[]; readonly variadic?: boolean }[];
}

const TYPES: Readonly<Record<TypeKind | 'any' | 'textual', string>> = {
  boolean: 'boolean',
  int32: 'integer',
  int64: 'bigint',
  float64: 'double precision',
  decimal: 'numeric',
  text: 'text',
  date: 'date',
  timestamp: 'timestamp',
  interval: 'interval',
  null: 'unknown',
  any: 'any',
  textual: 'any',
};

/** Markdown's table cells end at a bar. */
const cell = (text: string): string => text.replaceAll('|', '\\|');

function argumentText(pattern: TypePattern, patterns: readonly TypePattern[]): string {
  if (typeof pattern === 'string') return TYPES[pattern];
  const leader = patterns[pattern.sameAs];
  return leader === undefined ? TYPES.any : argumentText(leader, patterns);
}

function argumentLists({ overloads = [] }: Described): string {
  const lists = overloads.map(({ arguments: patterns, variadic = false }) => {
    const types = patterns.map((pattern) => argumentText(pattern, patterns)).join(', ');
    return `(${types}${variadic ? ', …' : ''})`;
  });
  return [...new Set(lists)].map((list) => `\`${list}\``).join(' ');
}

function names(name: string): string {
  const others = [...ALIASES].filter(([, luma]) => luma === name).map(([other]) => other);
  return [name, ...others].map((each) => `\`${each}\``).join(', ');
}

const byName = (a: Described, b: Described): number => (a.name < b.name ? -1 : 1);

function table(definitions: Iterable<Described>): string {
  const lines = [...definitions].sort(byName).map((definition) => {
    return `| ${names(definition.name)} | ${cell(argumentLists(definition))} | ${cell(definition.summary)} |`;
  });
  return ['| name | arguments | |', '| --- | --- | --- |', ...lines].join('\n');
}

function plainTable(definitions: Iterable<Described>): string {
  const lines = [...definitions].sort(byName).map(({ name, summary }) => `| \`${name}\` | ${cell(summary)} |`);
  return ['| name | |', '| --- | --- |', ...lines].join('\n');
}

/** The whole page. Of the operators' functions, power is the one that is also written as a call. */
export function functionReference(): string {
  const scalar = [...scalarDefinitions.values()].filter(({ name }) => name === 'power' || !Object.hasOwn(OPERATOR, name));
  return `# Functions

Made by \`npm run docs:functions\` from the registrations in \`src/functions\`; names and arguments are LQL's. COALESCE, NULLIF and CASE are
syntax, as are CURRENT_DATE, LOCALTIMESTAMP and CURRENT_TIMESTAMP (\`now()\`): the time at which the transaction began. Operators are
functions too, with PostgreSQL's rules.

## Scalar functions

${table(scalar)}

## Aggregates

Each also works over a window.

${table(aggregateDefinitions.values())}

## Window functions

${plainTable(windowDefinitions.values())}

## Functions in FROM

${plainTable(tableDefinitions.values())}

## Series functions

As Prometheus documents them: ${[...seriesFunctions.keys()]
    .sort()
    .map((name) => `\`${name}\``)
    .join(', ')}.
`;
}
