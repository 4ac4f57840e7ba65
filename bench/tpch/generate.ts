import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { TABLES } from './schema.ts';
import {
  COLORS,
  CONTAINER_SYLLABLES,
  INSTRUCTIONS,
  MODES,
  NATIONS,
  PRIORITIES,
  REGIONS,
  SEGMENTS,
  sentences,
  TYPE_SYLLABLES,
} from './words.ts';

/** Changes whenever the data does, so that cached files are made anew. */
const VERSION = 1;
const FRAGMENTS = 2000;

/**
 * TPC-H's tables with the specification's distributions (4.2.3), at any scale, as Parquet files; DuckDB computes them.
 * Every value is a function of table, column and row, so the same scale gives the same data on every machine. The random
 * streams are not dbgen's: answers differ from the published ones, and are compared between engines instead.
 * Gives the folder; a finished folder is used again.
 */
export async function generateTpch(scale: number, cache: string): Promise<string> {
  const folder = join(cache, `tpch-${VERSION}-sf${scale}`);
  if (existsSync(folder)) return folder;
  const building = `${folder}.${process.pid}`;
  await mkdir(building, { recursive: true });
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    for (const statement of [...macros(), ...tables(scale)]) await connection.run(statement);
    for (const table of Object.keys(TABLES)) {
      const file = join(building, `${table}.parquet`);
      await connection.run(`COPY ${table} TO '${file}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 65536)`);
    }
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
  await rename(building, folder).catch(() => rm(building, { recursive: true }));
  return folder;
}

const quoted = (words: readonly string[]): string => `[${words.map((word) => `'${word.replaceAll("'", "''")}'`).join(', ')}]`;

/** rnd(row, stream, low, high): uniform integers; the streams are numbered so that no two columns share one. */
function macros(): readonly string[] {
  return [
    'CREATE MACRO rnd(i, stream, low, high) AS (low + (hash(i * 1000 + stream) % (high - low + 1)::UBIGINT)::BIGINT)',
    'CREATE MACRO pick(i, stream, words) AS words[rnd(i, stream, 1, len(words))]',
    `SET VARIABLE heads = ${quoted(sentences(FRAGMENTS, 1))}`,
    `SET VARIABLE tails = ${quoted(sentences(FRAGMENTS, 2))}`,
    `CREATE MACRO phrase(i, stream, low, high) AS
       rtrim(left(pick(i, stream, getvariable('heads')) || ' ' || pick(i, stream + 1, getvariable('tails')) || ' ' ||
         pick(i, stream + 2, getvariable('heads')), rnd(i, stream + 3, low, high)::INTEGER))`,
    // Random strings of 10 to 40 characters (4.2.2.7).
    `CREATE MACRO address(i, stream) AS left(
       md5((i * 1000 + stream)::VARCHAR) || md5((i * 1000 + stream + 1)::VARCHAR), rnd(i, stream + 2, 10, 40)::INTEGER)`,
    `CREATE MACRO phone(i, stream, nation) AS (nation + 10)::VARCHAR || '-' || rnd(i, stream, 100, 999) || '-' ||
       rnd(i, stream + 1, 100, 999) || '-' || rnd(i, stream + 2, 1000, 9999)`,
    'CREATE MACRO money(cents) AS (cents / 100.0)::DECIMAL(15, 2)',
    'CREATE MACRO retail(part) AS (90000 + ((part // 10) % 20001) + 100 * (part % 1000))',
  ];
}

/** Rows of a table that grows with the scale; at least one. */
function tables(scale: number): readonly string[] {
  const rows = (base: number): number => Math.max(1, Math.round(base * scale));
  const suppliers = rows(10_000);
  const customers = Math.max(3, rows(150_000));
  const parts = rows(200_000);
  const orders = rows(1_500_000);
  const clerks = rows(1000);
  const supplierOf = (part: string, i: string): string =>
    `((${part} + ${i} * (${suppliers} // 4 + (${part} - 1) // ${suppliers})) % ${suppliers} + 1)`;
  const insert = (table: string, select: string): string => `INSERT INTO ${table} ${select}`;
  return [
    ...Object.entries(TABLES).map(([table, columns]) => `CREATE TABLE ${table} (${columns})`),
    insert('region', `SELECT i, (${quoted(REGIONS)})[i + 1], phrase(i, 1, 31, 115) FROM range(${REGIONS.length}) t(i)`),
    insert(
      'nation',
      `SELECT i, (${quoted(NATIONS.map((nation) => nation.name))})[i + 1], ([${NATIONS.map((nation) => nation.region).join()}])[i + 1],
         phrase(i, 11, 31, 114) FROM range(${NATIONS.length}) t(i)`,
    ),
    // Five suppliers in 10 000 have a complaint in their comment, five a recommendation (4.2.3).
    insert(
      'supplier',
      `SELECT k, 'Supplier#' || lpad(k::VARCHAR, 9, '0'), address(k, 21), n, phone(k, 25, n), money(rnd(k, 29, -99999, 999999)),
         CASE WHEN k % 2000 = 7 THEN 'Customer ' || phrase(k, 30, 20, 40) || 'Complaints'
              WHEN k % 2000 = 11 THEN 'Customer ' || phrase(k, 30, 20, 40) || 'Recommends' ELSE phrase(k, 30, 25, 100) END
       FROM (SELECT i + 1 AS k, rnd(i + 1, 24, 0, 24) AS n FROM range(${suppliers}) t(i))`,
    ),
    insert(
      'customer',
      `SELECT k, 'Customer#' || lpad(k::VARCHAR, 9, '0'), address(k, 41), n, phone(k, 45, n), money(rnd(k, 49, -99999, 999999)),
         pick(k, 50, ${quoted(SEGMENTS)}), phrase(k, 51, 29, 116)
       FROM (SELECT i + 1 AS k, rnd(i + 1, 44, 0, 24) AS n FROM range(${customers}) t(i))`,
    ),
    insert(
      'part',
      `SELECT k, array_to_string([pick(k, 61, colors), pick(k, 62, colors), pick(k, 63, colors), pick(k, 64, colors), pick(k, 65, colors)], ' '),
         'Manufacturer#' || m, 'Brand#' || m || rnd(k, 67, 1, 5),
         pick(k, 68, ${quoted(TYPE_SYLLABLES[0])}) || ' ' || pick(k, 69, ${quoted(TYPE_SYLLABLES[1])}) || ' ' || pick(k, 70, ${quoted(TYPE_SYLLABLES[2])}),
         rnd(k, 71, 1, 50), pick(k, 72, ${quoted(CONTAINER_SYLLABLES[0])}) || ' ' || pick(k, 73, ${quoted(CONTAINER_SYLLABLES[1])}),
         money(retail(k)), phrase(k, 74, 5, 22)
       FROM (SELECT i + 1 AS k, rnd(i + 1, 66, 1, 5) AS m, ${quoted(COLORS)} AS colors FROM range(${parts}) t(i))`,
    ),
    insert(
      'partsupp',
      `SELECT p, ${supplierOf('p', 'j')}, rnd(p * 4 + j, 81, 1, 9999), money(rnd(p * 4 + j, 82, 100, 100000)), phrase(p * 4 + j, 83, 49, 198)
       FROM (SELECT i // 4 + 1 AS p, i % 4 AS j FROM range(${parts * 4}) t(i))`,
    ),
    // Only the first eight of every 32 order keys are used, and a third of the customers has no order (4.2.3).
    `CREATE TABLE drawn AS
       SELECT i, (i // 8) * 32 + i % 8 + 1 AS orderkey, (c // 2) * 3 + c % 2 + 1 AS custkey,
         DATE '1992-01-01' + rnd(i, 92, 0, 2405)::INTEGER AS orderdate, rnd(i, 93, 1, 7) AS lines
       FROM (SELECT i, rnd(i, 91, 0, ${Math.floor(customers / 3) * 2 - 1}) AS c FROM range(${orders}) t(i))`,
    insert(
      'lineitem',
      `SELECT orderkey, part, ${supplierOf('part', 'rnd(r, 102, 0, 3)')}, line, quantity, money(quantity * retail(part)),
         money(rnd(r, 104, 0, 10)), money(rnd(r, 105, 0, 8)),
         CASE WHEN receipt <= DATE '1995-06-17' THEN pick(r, 106, ['R', 'A']) ELSE 'N' END,
         CASE WHEN ship > DATE '1995-06-17' THEN 'O' ELSE 'F' END,
         ship, orderdate + rnd(r, 107, 30, 90)::INTEGER, receipt, pick(r, 108, ${quoted(INSTRUCTIONS)}), pick(r, 109, ${quoted(MODES)}),
         phrase(r, 110, 10, 43)
       FROM (SELECT *, ship + rnd(r, 114, 1, 30)::INTEGER AS receipt
         FROM (SELECT *, rnd(r, 101, 1, ${parts}) AS part, rnd(r, 103, 1, 50) AS quantity, orderdate + rnd(r, 115, 1, 121)::INTEGER AS ship
           FROM (SELECT orderkey, orderdate, unnest(range(1, lines + 1)) AS line, i * 8 + line AS r FROM drawn)))
       ORDER BY orderkey, line`,
    ),
    insert(
      'orders',
      `SELECT d.orderkey, custkey, status, total, orderdate, pick(i, 121, ${quoted(PRIORITIES)}),
         'Clerk#' || lpad(rnd(i, 122, 1, ${clerks})::VARCHAR, 9, '0'), 0, phrase(i, 123, 19, 78)
       FROM drawn d JOIN (
         SELECT l_orderkey AS orderkey, sum(l_extendedprice * (1 + l_tax) * (1 - l_discount))::DECIMAL(15, 2) AS total,
           CASE WHEN min(l_linestatus) = max(l_linestatus) THEN min(l_linestatus) ELSE 'P' END AS status
         FROM lineitem GROUP BY l_orderkey) USING (orderkey)
       ORDER BY d.orderkey`,
    ),
  ];
}
