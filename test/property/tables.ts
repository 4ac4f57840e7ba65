/** Three small tables with every kind of column, NULLs in all that allow them, and few distinct values, so that joins and groups meet. */
export const SETUP = `
CREATE TABLE t (id INTEGER NOT NULL, i INTEGER, n BIGINT, x DOUBLE PRECISION, m DECIMAL(8, 2), s TEXT, d DATE, ts TIMESTAMP, b BOOLEAN);
CREATE TABLE u (id INTEGER NOT NULL, i INTEGER, n BIGINT, x DOUBLE PRECISION, m DECIMAL(8, 2), s TEXT, d DATE, ts TIMESTAMP, b BOOLEAN);
CREATE TABLE v (id INTEGER NOT NULL, i INTEGER NOT NULL, s TEXT NOT NULL);
INSERT INTO t SELECT k, CASE WHEN k % 7 = 0 THEN NULL ELSE k % 11 - 5 END, CASE WHEN k % 5 = 0 THEN NULL ELSE k * 1000003 % 97 END,
    CASE WHEN k % 6 = 0 THEN NULL ELSE (k % 13) * 0.25 - 1 END, CASE WHEN k % 8 = 0 THEN NULL ELSE CAST(k % 17 AS DECIMAL(8, 2)) + 0.05 END,
    CASE WHEN k % 9 = 0 THEN NULL WHEN k % 9 = 1 THEN '' WHEN k % 9 < 4 THEN 'ab' WHEN k % 9 < 6 THEN 'Abc' WHEN k % 9 = 6 THEN 'naïve' ELSE 'b_%' END,
    CASE WHEN k % 10 = 0 THEN NULL ELSE DATE '2024-02-27' + CAST(k % 5 AS INTEGER) END,
    CASE WHEN k % 11 = 0 THEN NULL ELSE TIMESTAMP '2024-12-31 22:30:00' + INTERVAL '37 minutes' * (k % 6) END,
    CASE WHEN k % 4 = 0 THEN NULL ELSE k % 4 = 1 END
  FROM generate_series(1, 60) AS g(k);
INSERT INTO u SELECT k, CASE WHEN k % 3 = 0 THEN NULL ELSE k % 7 - 3 END, k % 4, CASE WHEN k % 4 = 0 THEN NULL ELSE (k % 5) * 0.5 END,
    CASE WHEN k % 5 = 0 THEN NULL ELSE CAST(k % 6 AS DECIMAL(8, 2)) + 0.05 END, CASE WHEN k % 4 = 0 THEN NULL WHEN k % 4 = 1 THEN 'ab' ELSE 'Abc' END,
    DATE '2024-02-28' + CAST(k % 3 AS INTEGER), TIMESTAMP '2025-01-01 00:00:00' + INTERVAL '1 hour' * (k % 3), k % 2 = 0
  FROM generate_series(1, 25) AS g(k);
INSERT INTO v SELECT k, k % 5 - 2, CASE WHEN k % 2 = 0 THEN 'ab' ELSE 'zz' END FROM generate_series(1, 9) AS g(k);
`;

export type ColumnKind = 'int' | 'float' | 'decimal' | 'text' | 'date' | 'timestamp' | 'boolean';

/** Columns of t and u by what they can be used for. */
export const COLUMNS: Readonly<Record<ColumnKind, readonly string[]>> = {
  int: ['id', 'i', 'n'],
  float: ['x'],
  decimal: ['m'],
  text: ['s'],
  date: ['d'],
  timestamp: ['ts'],
  boolean: ['b'],
};
