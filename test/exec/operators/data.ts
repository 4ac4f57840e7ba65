import { BOOLEAN, DATE, decimal, FLOAT64, INT32, INT64, INTERVAL, TEXT, TIMESTAMP } from '../../../src/types/data-type.ts';
import type { TestColumn } from './peer.ts';

/** A column of every type; all but `id` have NULLs. */
export const COLUMNS: readonly TestColumn[] = [
  { name: 'id', type: INT32 },
  { name: 'b', type: BOOLEAN },
  { name: 'i', type: INT32 },
  { name: 'l', type: INT64 },
  { name: 'f', type: FLOAT64 },
  { name: 'd', type: decimal(12, 2) },
  { name: 'w', type: decimal(30, 4) },
  { name: 's', type: TEXT },
  { name: 'u', type: TEXT },
  { name: 'dt', type: DATE },
  { name: 'ts', type: TIMESTAMP },
  { name: 'iv', type: INTERVAL },
];

export const KEY_NAMES: readonly string[] = COLUMNS.map(({ name }) => name).filter((name) => name !== 'id');

/**
 * Rows of COLUMNS as a query for DuckDB, the same for equal arguments. `distinct` is about how many values a column has;
 * `s` has 7 texts, `u` is longer and has more.
 */
export function randomRows(rows: number, distinct: number, seed: number): string {
  let column = seed * 100;
  const random = (): string => `(hash(r * 1000 + ${++column}) % 1000000007)::bigint`;
  const orNull = (value: string): string => `case when ${random()} % 9 = 0 then null else ${value} end`;
  const some = (): string => `(${random()} % ${distinct})`;
  return `select r::integer as id,
    ${orNull(`${random()} % 2 = 0`)} as b,
    ${orNull(`(${some()} - ${distinct >> 1})::integer`)} as i,
    ${orNull(`${some()} * 4000000007 - 7`)} as l,
    ${orNull(`case ${random()} % 11 when 0 then 'nan'::double when 1 then '-0'::double when 2 then 'inf'::double
      when 3 then 0::double else ${some()} / 7.0 - 3 end`)} as f,
    ${orNull(`(${some()} / 8.0 - 5)::decimal(12, 2)`)} as d,
    ${orNull(`${some()}::decimal(30, 4) * 1000000000000000000000 - 17`)} as w,
    ${orNull(`['ash', 'beech', 'cedar', 'elm', '', 'ä', 'elms'][(${random()} % 7)::integer + 1]`)} as s,
    ${orNull(`'text number ' || ${some()} || ['', 'x'][(${random()} % 2)::integer + 1]`)} as u,
    ${orNull(`date '1999-12-25' + ${some()}::integer`)} as dt,
    ${orNull(`timestamp '2001-02-28 23:59:59.123456' + to_seconds(${some()} * 3571)`)} as ts,
    ${orNull(`to_months((${random()} % 3)::integer) + to_days((${random()} % 61)::integer) + to_hours(${random()} % 3 * 12)`)} as iv
    from range(${rows}) t(r)`;
}
