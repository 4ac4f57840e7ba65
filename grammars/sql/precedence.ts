/**
 * How tightly operators bind, loosest first (PostgreSQL 16, section 4.1.6 and gram.y). `is`, `comparison` and `like` do
 * not associate: `a = b = c` is an error. Postfix forms (`IS NULL`, `IN (…)`) may follow one another.
 */
export const LEVEL = {
  none: 0,
  or: 1,
  and: 2,
  not: 3,
  is: 4,
  comparison: 5,
  like: 6,
  other: 8,
  additive: 9,
  multiplicative: 10,
  power: 11,
  atTimeZone: 12,
  collate: 13,
  sign: 14,
  cast: 16,
  primary: 17,
} as const;

/** The level of each symbol where a dialect does not say otherwise; any other symbol is `other`. */
export const SYMBOL_LEVEL: Readonly<Record<string, number>> = {
  '+': LEVEL.additive,
  '-': LEVEL.additive,
  '*': LEVEL.multiplicative,
  '/': LEVEL.multiplicative,
  '%': LEVEL.multiplicative,
  '^': LEVEL.power,
  '=': LEVEL.comparison,
  '<>': LEVEL.comparison,
  '!=': LEVEL.comparison,
  '<': LEVEL.comparison,
  '<=': LEVEL.comparison,
  '>': LEVEL.comparison,
  '>=': LEVEL.comparison,
};

export function doesNotAssociate(level: number): boolean {
  return level === LEVEL.is || level === LEVEL.comparison || level === LEVEL.like;
}
