import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readParquet, writeParquet } from '../../src/io/parquet.ts';
import {
  BOOLEAN,
  DATE,
  type DataType,
  decimal,
  FLOAT64,
  INT32,
  INT64,
  INTERVAL,
  TEXT,
  TIMESTAMP,
  TIMESTAMPTZ,
  timestamp,
} from '../../src/types/data-type.ts';
import { formatReader } from '../../src/types/format.ts';
import type { Batch, Schema } from '../../src/types/vector.ts';
import { batchOf, dictionaryVector } from '../../src/types/vector-build.ts';
import { readValues, type VectorValue } from '../../src/types/vector-read.ts';

let folder: string;
let instance: DuckDBInstance;
let duckdb: DuckDBConnection;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lumadb-test-'));
  instance = await DuckDBInstance.create();
  duckdb = await instance.connect();
});

afterAll(async () => {
  duckdb.closeSync();
  instance.closeSync();
  await rm(folder, { recursive: true });
});

async function collect(batches: AsyncIterable<Batch>): Promise<VectorValue[][]> {
  const rows: VectorValue[][] = [];
  for await (const batch of batches) {
    const columns = batch.columns.map(readValues);
    for (let row = 0; row < batch.length; row++) rows.push(columns.map((values) => values[row] ?? null));
  }
  return rows;
}

function schemaOf(types: readonly DataType[]): Schema {
  return types.map((type, i) => ({ name: `c${i}`, type, nullable: true }));
}

const TYPES: readonly DataType[] = [
  BOOLEAN,
  INT32,
  INT64,
  FLOAT64,
  decimal(4, 1),
  decimal(18, 2),
  decimal(38, 5),
  TEXT,
  DATE,
  TIMESTAMP,
  TIMESTAMPTZ,
  timestamp('ms'),
  timestamp('ns'),
];

function sampleRow(i: number): VectorValue[] {
  const n = BigInt(i);
  return [
    i % 2 === 0,
    i - 50,
    n * -(2n ** 40n),
    i / 7,
    n - 20n,
    n * 10n ** 13n,
    n * -(10n ** 30n),
    'x'.repeat(i % 30),
    i - 30,
    n - 9n,
    n,
    n * 7n,
    n * 11n,
  ];
}

/** Row i has NULL in column i modulo the width, and a row of NULLs now and then. */
const rows = Array.from({ length: 5000 }, (_, i) =>
  sampleRow(i).map((value, column) => (i % 17 === column || i % 97 === 0 ? null : value)),
);

describe('Parquet', () => {
  test('every type comes back', async () => {
    const path = join(folder, 'all.parquet');
    const halves = [batchOf(TYPES, rows.slice(0, 2500)), batchOf(TYPES, rows.slice(2500))];
    expect(await writeParquet(path, schemaOf(TYPES), halves)).toBe(5000);
    const file = await readParquet(path);
    // Parquet has no seconds; milliseconds come back from DuckDB as microseconds.
    const types = TYPES.map((type) => (type.kind === 'timestamp' && type.unit === 'ms' ? TIMESTAMP : type));
    expect(file.schema).toEqual(schemaOf(types));
    const expected = rows.map((row) => row.map((value, i) => (i === 11 && typeof value === 'bigint' ? value * 1000n : value)));
    expect(await collect(file.batches())).toEqual(expected);
    expect(await collect(file.batches())).toHaveLength(5000);
  });

  test('DuckDB reads the same values from what is written', async () => {
    const path = join(folder, 'text.parquet');
    const types = TYPES.slice(0, 10);
    const batch = batchOf(
      types,
      rows.slice(0, 100).map((row) => row.slice(0, 10)),
    );
    await writeParquet(path, schemaOf(types), [batch]);
    const list = types.map((type, i) => (type.kind === 'boolean' ? `left(c${i}::varchar, 1)` : `c${i}::varchar`)).join(', ');
    const result = await duckdb.runAndReadAll(`select ${list} from '${path}'`);
    const values = batch.columns.map(readValues);
    const texts = batch.columns.map(formatReader);
    const ours = Array.from({ length: 100 }, (_, row) =>
      texts.map((text, column) => {
        if (values[column]?.[row] === null) return null;
        return types[column]?.kind === 'float64' ? String(Number(text(row))) : text(row);
      }),
    );
    const theirs = result
      .getRows()
      .map((row) =>
        row.map((value, column) => (types[column]?.kind === 'float64' && value !== null ? String(Number(value)) : value)),
      );
    expect(ours).toEqual(theirs);
  });

  test('files of DuckDB read here, with their types', async () => {
    const path = join(folder, 'duckdb.parquet');
    await duckdb.run(`copy (select
      (range - 2)::tinyint a, range::usmallint b, range::uinteger c, 18446744073709551615::ubigint d,
      170141183460469231731687303715884105727::hugeint e, 1.5::float f, (range / 4)::decimal(3, 1) g,
      date '2024-02-29' h, timestamp_ns '2024-01-01 00:00:00.123456789' i, timestamptz '2024-01-01 00:00:00+02' j,
      interval '1 month 2 days 3 seconds' k, 'ein langer Text über zwölf Byte ' || range l, uuid '00000000-0000-0000-0000-000000000001' m,
      case when range > 0 then 'kurz' end n, null o, time '12:34:56' p
      from range(3)) to '${path}' (format parquet)`);
    const file = await readParquet(path);
    expect(file.schema.map(({ name, type }) => [name, type.kind])).toEqual([
      ['a', 'int32'],
      ['b', 'int32'],
      ['c', 'int64'],
      ['d', 'decimal'],
      ['e', 'float64'],
      ['f', 'float64'],
      ['g', 'decimal'],
      ['h', 'date'],
      ['i', 'timestamp'],
      ['j', 'timestamp'],
      ['k', 'interval'],
      ['l', 'text'],
      ['m', 'text'],
      ['n', 'text'],
      ['o', 'int32'],
      ['p', 'text'],
    ]);
    const [first, second] = await collect(file.batches());
    expect(first).toEqual([
      -2,
      0,
      0n,
      18446744073709551615n,
      2 ** 127,
      1.5,
      0n,
      19782,
      1704067200123456789n,
      1704060000000000n,
      { months: 1, days: 2, nanoseconds: 3_000_000_000n },
      'ein langer Text über zwölf Byte 0',
      '00000000-0000-0000-0000-000000000001',
      null,
      null,
      '12:34:56',
    ]);
    expect(second?.slice(-4)).toEqual(['00000000-0000-0000-0000-000000000001', 'kurz', null, '12:34:56']);
  });

  test('dictionary-coded text and views of shared memory are written', async () => {
    const path = join(folder, 'coded.parquet');
    const coded = dictionaryVector(['aa', 'a text longer than twelve bytes'], [1, null, 0, 1]);
    const shared = new BigInt64Array(new SharedArrayBuffer(64), 16, 4);
    shared.set([1n, 2n, 3n, 4n]);
    const numbers = { type: INT64, length: 4, validity: null, values: shared, offsets: null, dictionary: null };
    await writeParquet(path, schemaOf([TEXT, INT64]), [{ length: 4, columns: [coded, numbers] }]);
    expect(await collect((await readParquet(path)).batches())).toEqual([
      ['a text longer than twelve bytes', 1n],
      [null, 2n],
      ['aa', 3n],
      ['a text longer than twelve bytes', 4n],
    ]);
  });

  test.each(['uncompressed', 'zstd'])(
    "texts of every length, %s: by the file's dictionary, in order, turned around",
    async (codec) => {
      const path = join(folder, `texts-${codec}.parquet`);
      const query = `SELECT repeat(chr(97 + (i % 26)::INTEGER), (hash(i) % 90)::INTEGER) AS plain, ['in the dictionary', 'also in it', NULL,
        'the longest of the values in the dictionary of the file'][(hash(i) % 4)::INTEGER + 1] AS coded,
        CASE WHEN i % 7 = 0 THEN repeat('long ' || i, (i % 1000)::INTEGER) END AS large FROM range(9000) t(i)`;
      await duckdb.run(`COPY (${query}) TO '${path}' (FORMAT parquet, COMPRESSION ${codec}, ROW_GROUP_SIZE 3000)`);
      const expected = await duckdb.runAndReadAll(query);
      expect(await collect((await readParquet(path)).batches())).toEqual(expected.getRows());
      const turned = join(folder, `turned-${codec}.parquet`);
      await duckdb.run(`COPY (SELECT * FROM '${path}' ORDER BY hash(plain), large) TO '${turned}' (FORMAT parquet)`);
      const sorted = await duckdb.runAndReadAll(`SELECT * FROM '${turned}'`);
      expect(await collect((await readParquet(turned)).batches())).toEqual(sorted.getRows());
    },
  );

  test('a reader may stop early', async () => {
    const path = join(folder, 'early.parquet');
    await duckdb.run(`COPY (SELECT i::INTEGER AS i FROM range(100000) t(i)) TO '${path}' (FORMAT parquet)`);
    for await (const batch of (await readParquet(path)).batches()) {
      expect(batch.length).toBeGreaterThan(0);
      break;
    }
  });

  test('no rows, and names that need quoting', async () => {
    const path = join(folder, 'empty.parquet');
    await writeParquet(path, [{ name: 'a "b"', type: INT32, nullable: true }], []);
    const file = await readParquet(path);
    expect(file.schema[0]?.name).toBe('a "b"');
    expect(await collect(file.batches())).toEqual([]);
  });

  test('a path is one file, whatever characters it has (PostgreSQL, COPY: filename)', async () => {
    await mkdir(join(folder, 'c9=7'));
    const names = ['a1.parquet', 'a?.parquet', 'a*.parquet', '[a]1.parquet', 'c9=7/a.parquet'];
    for (const name of names) await writeParquet(join(folder, name), schemaOf([TEXT]), [batchOf([TEXT], [[name]])]);
    for (const name of names) {
      const file = await readParquet(join(folder, name));
      expect(file.schema).toHaveLength(1);
      expect(await collect(file.batches())).toEqual([[name]]);
    }
    await expect(readParquet('https://localhost/a.parquet')).rejects.toThrow('No files found');
  });

  test('what cannot be read or written is said', async () => {
    await expect(readParquet(join(folder, 'missing.parquet'))).rejects.toMatchObject({ code: '58030' });
    const nested = join(folder, 'nested.parquet');
    await duckdb.run(`copy (select [1, 2] as l) to '${nested}' (format parquet)`);
    await expect(readParquet(nested)).rejects.toMatchObject({ code: '0A000', message: expect.stringContaining('"l"') });
    const path = join(folder, 'never.parquet');
    const twice = [
      { name: 'a', type: INT32, nullable: true },
      { name: 'A', type: INT32, nullable: true },
    ];
    await expect(writeParquet(path, twice, [])).rejects.toMatchObject({ code: '42701' });
    await expect(writeParquet(path, schemaOf([INTERVAL]), [])).rejects.toMatchObject({ code: '0A000' });
    await expect(writeParquet(join(folder, 'no', 'such', 'x.parquet'), schemaOf([INT32]), [])).rejects.toMatchObject({
      code: '58030',
    });
  });
});
