/** How LQL statements begin. */
const STARTS = new Set(
  (
    'select with values table insert create drop copy explain analyze begin start commit end rollback abort set reset show ' +
    'alter delete update truncate grant prepare'
  ).split(' '),
);

const COMMENTS = /^(?:\s|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/|;|\()+/;
const FIRST_WORD = /^([a-z_]+)\b\s*(\S?)/i;

/**
 * How sure the text is LQL, by its first word and what follows: `select` is a statement's beginning, but a metric of
 * that name in PromQL goes on with a brace, a bracket or an operator.
 */
export function recognize(text: string): number {
  const [, word = '', next = ''] = FIRST_WORD.exec(text.replace(COMMENTS, '')) ?? [];
  if (!STARTS.has(word.toLowerCase())) return 0;
  if (/[{[=<>!+\-/%^]/.test(next)) return 0.2;
  return /^(?:select|insert|create|drop|values|with|copy|explain)$/i.test(word) ? 0.9 : 0.7;
}
