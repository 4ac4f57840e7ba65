/** What PostgreSQL's binary formats have in common (src/backend/utils/adt: date.c, timestamp.c, numeric.c). */

/** Days and microseconds are counted from 2000-01-01. */
export const EPOCH_DAYS = 10_957;
export const EPOCH_US = 946_684_800_000_000n;

/** numeric: a header of four int16, then digits of base 10 000. */
export const NUMERIC = {
  digits: 4,
  base: 10_000,
  negative: 0x4000,
  nan: 0xc000,
  infinity: 0xd000,
  minusInfinity: 0xf000,
} as const;

/** Dates and timestamps have an infinity at each end of their integers (DATEVAL_NOEND, DT_NOEND and their likes). */
export function infinityText(value: bigint, bits: 32 | 64): string | undefined {
  const limit = 1n << BigInt(bits - 1);
  if (value === limit - 1n) return 'infinity';
  return value === -limit ? '-infinity' : undefined;
}
