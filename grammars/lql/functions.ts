/**
 * Other spellings of one function. LumaDB takes PostgreSQL's name where PostgreSQL has the function, so these are
 * PostgreSQL's own aliases; the canonical text has the name on the right.
 */
export const ALIASES: ReadonlyMap<string, string> = new Map([
  ['ceiling', 'ceil'],
  ['char_length', 'length'],
  ['character_length', 'length'],
  ['date_part', 'extract'],
  ['every', 'bool_and'],
  ['pow', 'power'],
  ['stddev_samp', 'stddev'],
  ['substr', 'substring'],
  ['transaction_timestamp', 'now'],
  ['var_samp', 'variance'],
]);

/** LumaDB's name of what LQL calls `name` (folded). */
export function lumaFunction(name: string): string {
  return ALIASES.get(name) ?? name;
}
