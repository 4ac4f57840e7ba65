export type ColumnKind = 'int' | 'text' | 'decimal' | 'float' | 'date' | 'timestamp' | 'boolean' | 'wide';

export const KINDS: readonly [ColumnKind, ...ColumnKind[]] = [
  'int',
  'text',
  'decimal',
  'float',
  'date',
  'timestamp',
  'boolean',
  'wide',
];

/** Columns of every table by what they can be used for. */
export const COLUMNS: Readonly<Record<ColumnKind, readonly string[]>> = {
  int: ['i', 'n', 'id'],
  text: ['s', 'r'],
  decimal: ['m'],
  float: ['x'],
  date: ['d'],
  timestamp: ['ts'],
  boolean: ['b'],
  wide: ['w'],
};

const TYPES = `(id BIGINT NOT NULL, i INTEGER, n BIGINT, x DOUBLE PRECISION, m DECIMAL(8, 2), w DECIMAL(30, 6), s TEXT, r TEXT, d DATE,
  ts TIMESTAMP, b BOOLEAN)`;

const unless = (divisor: number, value: string): string => `CASE WHEN k % ${divisor} = 0 THEN NULL ELSE ${value} END`;

/** Values that recur, each column in a rhythm of its own, with NULLs in all but id. */
const fewValues = (step: number): string => `
  ${unless(7, `CAST(k * ${step} % 11 - 5 AS INTEGER)`)}, ${unless(5, `k * ${step} * 1000003 % 97`)}, ${unless(6, `(k % 13) * 0.25 - 1`)},
  ${unless(8, `CAST(k % 17 AS DECIMAL(8, 2)) + 0.05`)},
  ${unless(6, `CAST(k % 5 AS DECIMAL(30, 6)) * 100000000000000000000.5 - CAST(200000000000000000001 AS DECIMAL(30, 6))`)},
  CASE WHEN k % 9 = 0 THEN NULL WHEN k % 9 = 1 THEN '' WHEN k % 9 < 4 THEN 'ab' WHEN k % 9 < 6 THEN 'Abc' WHEN k % 9 = 6 THEN 'naïve' ELSE 'b_%' END,
  ${unless(11, `CASE WHEN k % 3 = 0 THEN 'żółw' WHEN k % 3 = 1 THEN 'x y' ELSE 'a' END || CAST(k * ${step} % 23 AS TEXT)`)},
  ${unless(10, `DATE '2024-02-27' + CAST(k % 5 AS INTEGER)`)},
  ${unless(11, `TIMESTAMP '2024-12-31 22:30:00' + INTERVAL '37 minutes' * (k % 6)`)}, ${unless(4, `k % 4 = 1`)}`;

/** Columns with many values beside columns with few; every seventh block of rows has no NULLs at all, every eighth none but NULLs in m. */
const manyValues = (step: number): string => `
  CASE WHEN k % 7 = 0 AND k % 100000 > 15000 THEN NULL ELSE CAST(k * ${step} % 11 - 5 AS INTEGER) END, ${unless(5, `k * ${step} * 1000003 % 150001`)},
  ${unless(13, `(k * ${step} % 4001) * 0.25 - 500`)}, CASE WHEN k % 8 = 0 OR k % 80000 > 70000 THEN NULL ELSE CAST(k % 1700 AS DECIMAL(8, 2)) * 1.25 END,
  ${unless(6, `CAST(k % 1001 AS DECIMAL(30, 6)) * 100000000000000000000.5 - CAST(200000000000000000001 AS DECIMAL(30, 6))`)},
  CASE WHEN k % 9 = 0 THEN NULL WHEN k % 9 = 1 THEN '' WHEN k % 9 < 4 THEN 'ab' WHEN k % 9 < 6 THEN 'Abc' WHEN k % 9 = 6 THEN 'naïve' ELSE 'b_%' END,
  ${unless(11, `CASE WHEN k % 3 = 0 THEN 'żółw' WHEN k % 3 = 1 THEN 'x y' ELSE 'a' END || CAST(k * ${step} % 90001 AS TEXT)`)},
  ${unless(10, `DATE '2019-02-27' + CAST(k % 2000 AS INTEGER)`)},
  ${unless(11, `TIMESTAMP '2024-12-31 22:30:00' + INTERVAL '37 minutes' * (k % 6000)`)}, ${unless(4, `k % 4 = 1`)}`;

const rows = (table: string, values: string, from: number, to: number): string => `
CREATE TABLE ${table} ${TYPES};
INSERT INTO ${table} SELECT k, ${values} FROM (SELECT CAST(g AS BIGINT) AS k FROM generate_series(${from}, ${to}) AS s(g)) AS numbers;`;

/** t with 60 rows, u with 25, v with 9 */
export const SMALL_TABLES = `${rows('t', fewValues(1), 1, 60)}${rows('u', fewValues(3), 1, 25)}${rows('v', fewValues(5), 41, 49)}`;

/** bt with `count` rows, bu with a third of them */
export const bigTables = (count: number): string =>
  `${rows('bt', manyValues(1), 1, count)}${rows('bu', manyValues(7), 1, Math.floor(count / 3))}`;
