import { NO_SPAN, type Span } from '../../src/types/span.ts';

/*
 * Every span of a tree is the value of a key `span`, in nodes and in the parts that are not nodes (matchers, columns,
 * options). What follows relies on it, so it needs no table over the kinds.
 */

/** The tree with every span mapped; shared structure is kept. */
export function mapSpans<T>(tree: T, map: (span: Span) => Span): T {
  if (Array.isArray(tree)) return tree.map((item) => mapSpans(item, map)) as T;
  if (tree === null || typeof tree !== 'object') return tree;
  const entries = Object.entries(tree);
  return Object.fromEntries(
    entries.map(([key, value]) => [key, key === 'span' ? map(value as Span) : mapSpans(value as unknown, map)]),
  ) as T;
}

/** The tree as if it stood `offset` further on in the text: for a language inside another's literal. */
export function shiftSpans<T>(tree: T, offset: number): T {
  return mapSpans(tree, (span) => ({ start: span.start + offset, end: span.end + offset }));
}

/** The tree without places: what tests and tools compare and print. */
export function stripSpans<T>(tree: T): T {
  return mapSpans(tree, () => NO_SPAN);
}

/** Same structure and values, spans apart; NaN equals itself, 0 and -0 differ. */
export function equalTrees(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return false;
  const aEntries = Object.entries(a).filter(([key]) => key !== 'span');
  const bEntries = new Map(Object.entries(b).filter(([key]) => key !== 'span'));
  if (aEntries.length !== bEntries.size) return false;
  return aEntries.every(([key, value]) => bEntries.has(key) && equalTrees(value, bEntries.get(key)));
}
