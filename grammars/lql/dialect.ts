import type { Span } from '../../src/types/span.ts';
import type { Expression } from '../ast/expression.ts';
import { printSeriesExpression } from '../promql/printer.ts';
import { call, textLiteral, unary } from '../sql/build.ts';
import { type Dialect, STANDARD } from '../sql/dialect.ts';
import { lumaFunction } from './functions.ts';
import { CLASSES, NEED_AS } from './keywords.ts';

/** What each regular-expression operator adds to `regexp_like(text, pattern)`. */
const MATCHES: ReadonlyMap<string, { readonly flags: string; readonly negated: boolean }> = new Map([
  ['~', { flags: '', negated: false }],
  ['~*', { flags: 'i', negated: false }],
  ['!~', { flags: '', negated: true }],
  ['!~*', { flags: 'i', negated: true }],
]);

function match(symbol: string, left: Expression, right: Expression, span: Span): Expression | undefined {
  const kind = MATCHES.get(symbol);
  if (kind === undefined) return undefined;
  const flags = kind.flags === '' ? [] : [textLiteral(kind.flags, span)];
  const matched = call('regexp_like', { arguments: [left, right, ...flags] }, span);
  return kind.negated ? unary('not', matched, span) : matched;
}

/** PostgreSQL's answers. */
export const LQL: Dialect = {
  ...STANDARD,
  name: 'LQL',
  words: ['TAG', 'FIELD', ...CLASSES.keys(), ...NEED_AS],
  keywordClass: (word) => CLASSES.get(word) ?? 'unreserved',
  needsAs: (word) => NEED_AS.has(word),
  operatorCall: match,
  systemSchema: 'pg_catalog',
  defaultSchema: 'public',
  functionName: lumaFunction,
  printSeries: printSeriesExpression,
};
