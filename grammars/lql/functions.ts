/** Functions that LumaDB calls otherwise, and why. */
const RENAMED: ReadonlyMap<string, string> = new Map([
  // The function concat() skips NULLs; `concat` is the operator ||, which does not.
  ['concat', 'concat_all'],
]);

const PRINTED: ReadonlyMap<string, string> = new Map([...RENAMED].map(([name, luma]) => [luma, name]));

/**
 * Other spellings of one function. LumaDB takes PostgreSQL's name where PostgreSQL has the function, so these are
 * PostgreSQL's own aliases; the canonical text has the name on the right.
 */
const ALIASES: ReadonlyMap<string, string> = new Map([
  ['ceiling', 'ceil'],
  ['char_length', 'length'],
  ['character_length', 'length'],
  ['every', 'bool_and'],
  ['pow', 'power'],
  ['stddev_samp', 'stddev'],
  ['substr', 'substring'],
  ['transaction_timestamp', 'now'],
  ['var_samp', 'variance'],
]);

/** LumaDB's name of what LQL calls `name` (folded). */
export function lumaFunction(name: string): string {
  return RENAMED.get(name) ?? ALIASES.get(name) ?? name;
}

/** What LQL calls LumaDB's function `name`. */
export function printedFunction(name: string): string {
  return PRINTED.get(name) ?? name;
}
