/**
 * Functions whose LQL name is not LumaDB's. LumaDB takes PostgreSQL's names where PostgreSQL has the function, so these
 * are only the other spellings of the same function: PostgreSQL's own aliases and those of DuckDB and the standard.
 */
const ALIASES: Readonly<Record<string, string>> = {
  ceiling: 'ceil',
  char_length: 'length',
  character_length: 'length',
  // the operator || is the AST's concat
  concat: 'concat_all',
  current_timestamp: 'now',
  every: 'bool_and',
  mean: 'avg',
  pow: 'power',
  substr: 'substring',
  transaction_timestamp: 'now',
  var_samp: 'variance',
  stddev_samp: 'stddev',
};

/** LumaDB's name of what LQL calls `name` (folded). */
export function lumaFunction(name: string): string {
  return Object.hasOwn(ALIASES, name) ? (ALIASES[name] ?? name) : name;
}
