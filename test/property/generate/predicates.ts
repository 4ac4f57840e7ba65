import { anyKind, expression, leaf } from './expressions.ts';
import { literal } from './literals.ts';
import type { QueryContext } from './query-context.ts';
import { subqueryPredicate } from './subqueries.ts';

const COMPARISONS = ['=', '<', '>=', '<>', '>', '<='] as const;
const PATTERNS = ["'a%'", "'%b'", "'_b%'", "'ab'", "'%'", "'Ab_'", "'%c%'", "'%ż%w_'", "'x %'", "'_'", "''", "'%a%b%'"] as const;

/** A condition: three-valued logic is what it is for. */
export function predicate(query: QueryContext, depth: number): string {
  const { choices } = query;
  if (depth <= 0) return simple(query, depth);
  return choices.make(
    () => simple(query, depth),
    () => simple(query, depth),
    () => `(${predicate(query, depth - 1)} ${choices.pick(['AND', 'OR'])} ${predicate(query, depth - 1)})`,
    () => `NOT (${predicate(query, depth - 1)})`,
    () => (query.nesting > 0 ? subqueryPredicate(query) : simple(query, depth)),
    () => `((${predicate(query, depth - 1)}) IS ${choices.pick(['TRUE', 'NOT TRUE', 'NOT FALSE', 'UNKNOWN', 'FALSE'])})`,
  );
}

function simple(query: QueryContext, depth: number): string {
  const { choices } = query;
  const kind = anyKind(choices);
  const of = (): string => expression(query, kind, depth - 1);
  const not = (): string => choices.pick(['', 'NOT ']);
  return choices.make(
    () => `${of()} ${choices.pick(COMPARISONS)} ${of()}`,
    () => `${of()} ${choices.pick(COMPARISONS)} ${literal(choices, kind)}`,
    () => `${of()} IS ${not()}NULL`,
    () => `${expression(query, 'text', depth - 1)} ${not()}${choices.pick(['LIKE', 'ILIKE'])} ${choices.pick(PATTERNS)}`,
    () => `${of()} ${not()}IN (${choices.some(1, 5, () => (choices.oneIn(9) ? 'NULL' : literal(choices, kind))).join(', ')})`,
    () => `${of()} ${not()}BETWEEN ${literal(choices, kind)} AND ${leaf(query, kind)}`,
    () => `${of()} IS ${not()}DISTINCT FROM ${of()}`,
    () => `starts_with(${expression(query, 'text', depth - 1)}, ${choices.pick(["'a'", "'żó'", "''"])})`,
    () =>
      `(${query.column('timestamp')} - ${query.column('timestamp')}) ${choices.pick(COMPARISONS)} INTERVAL '${choices.pick(['1 hour', '1 day', '-37 minutes'])}'`,
    () => `${expression(query, 'boolean', depth - 1)}`,
  );
}
