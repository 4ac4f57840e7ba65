import type { ArgumentInfo } from '../../../planner/catalog.ts';
import { typeName } from '../../types/data-type.ts';
import { LumaError, SQLSTATE } from '../../types/error.ts';
import type { Span } from '../../types/span.ts';
import { isUntyped } from './coerce.ts';

/** How a person writes the operators that are functions inside. */
const OPERATOR: Readonly<Record<string, string>> = {
  add: '+',
  subtract: '-',
  multiply: '*',
  divide: '/',
  modulo: '%',
  power: '^',
  concat: '||',
  equal: '=',
  not_equal: '<>',
  less: '<',
  less_equal: '<=',
  greater: '>',
  greater_equal: '>=',
  is_distinct: 'IS DISTINCT FROM',
  is_not_distinct: 'IS NOT DISTINCT FROM',
  negate: '-',
  like: 'LIKE',
  ilike: 'ILIKE',
};

function typeOf(argument: ArgumentInfo): string {
  return isUntyped(argument) ? 'unknown' : typeName(argument.type).toLowerCase();
}

/** As PostgreSQL writes it: `integer + text`, `abs(text)`. */
function signature(name: string, arguments_: readonly ArgumentInfo[]): { readonly what: string; readonly text: string } {
  const operator = OPERATOR[name];
  const types = arguments_.map(typeOf);
  if (operator === undefined) return { what: 'function', text: `${name}(${types.join(', ')})` };
  if (types.length === 1) return { what: 'operator', text: `${operator} ${types[0]}` };
  return { what: 'operator', text: `${types[0]} ${operator} ${types.slice(1).join(', ')}` };
}

/** 42883, for a name that does not exist or takes other arguments. */
export function undefinedFunction(
  name: string,
  arguments_: readonly ArgumentInfo[],
  span: Span,
  known: Iterable<string>,
  exists: boolean,
): LumaError {
  const { what, text } = signature(name, arguments_);
  const message = what === 'operator' ? `operator does not exist: ${text}` : `function ${text} does not exist`;
  const near = nearest(name, known);
  const hint = exists
    ? `no ${what} of that name takes these types; a cast may be needed`
    : near.length > 0
      ? `did you mean ${near.join(' or ')}?`
      : undefined;
  return new LumaError(SQLSTATE.undefinedFunction, message, { span, hint });
}

/** 42725 */
export function ambiguousFunction(name: string, arguments_: readonly ArgumentInfo[], span: Span): LumaError {
  const { what, text } = signature(name, arguments_);
  const message = what === 'operator' ? `operator is not unique: ${text}` : `function ${text} is not unique`;
  return new LumaError(SQLSTATE.ambiguousFunction, message, { span, hint: 'a cast says which types are meant' });
}

/** Up to three known names within a third of the name's length of edits. */
export function nearest(name: string, known: Iterable<string>): readonly string[] {
  const limit = Math.max(1, Math.floor(name.length / 3));
  const scored: { name: string; distance: number }[] = [];
  for (const each of known) {
    if (Math.abs(each.length - name.length) > limit || each in OPERATOR) continue;
    const distance = editDistance(name, each);
    if (distance <= limit) scored.push({ name: each, distance });
  }
  return scored
    .sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
    .slice(0, 3)
    .map((each) => each.name);
}

/** Levenshtein's distance. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
