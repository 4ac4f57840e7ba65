import { loadModule, type ParseResult, parseSync } from 'libpg-query';

await loadModule();

/**
 * PostgreSQL 18's own parse tree of a text, without places and without the schema `pg_catalog`, which adds nothing;
 * throws what PostgreSQL refuses.
 */
export function postgresTree(text: string): ParseResult['stmts'] {
  const { stmts } = parseSync(text);
  return withoutPlaces(stmts);
}

const PLACES: ReadonlySet<string> = new Set([
  'location',
  'stmt_location',
  'stmt_len',
  'rexpr_list_start',
  'rexpr_list_end',
  'name_location',
]);

function withoutPlaces<T>(tree: T): T {
  if (Array.isArray(tree)) return tree.filter((item) => !isSystemSchema(item)).map(withoutPlaces) as T;
  if (tree === null || typeof tree !== 'object') return tree;
  const entries = Object.entries(tree).filter(([key]) => !PLACES.has(key) && !key.endsWith('_start') && !key.endsWith('_end'));
  return Object.fromEntries(entries.map(([key, value]) => [key, withoutPlaces(value as unknown)])) as T;
}

function isSystemSchema(item: unknown): boolean {
  return JSON.stringify(item) === '{"String":{"sval":"pg_catalog"}}';
}
