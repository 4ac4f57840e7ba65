import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { csvFormat } from '../../src/io/csv/options.ts';
import { CsvScanner } from '../../src/io/csv/scanner.ts';
import { type CsvOptions, type FileColumn, readCsv, writeCsv } from '../../src/io/csv.ts';
import { inferCsvSchema } from '../../src/io/csv-schema.ts';
import { RowReader, readRows } from '../../src/io/row-reader.ts';
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
} from '../../src/types/data-type.ts';
import { formatValue } from '../../src/types/format.ts';
import type { Batch } from '../../src/types/vector.ts';
import { batchOf } from '../../src/types/vector-build.ts';
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

function columns(...types: DataType[]): FileColumn[] {
  return types.map((type, i) => ({ name: `c${i + 1}`, type }));
}

/** The text in pieces of `size` bytes, so that rows and fields are cut anywhere. */
async function* pieces(text: string | Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function read(text: string | Uint8Array, wanted: readonly FileColumn[], options: CsvOptions = {}, size = 1 << 20) {
  const rows: VectorValue[][] = [];
  for await (const batch of readCsv(pieces(text, size), wanted, options)) {
    const values = batch.columns.map(readValues);
    for (let row = 0; row < batch.length; row++) rows.push(values.map((column) => column[row] ?? null));
  }
  return rows;
}

async function write(
  types: readonly DataType[],
  rows: readonly (readonly VectorValue[])[],
  options: CsvOptions = {},
): Promise<string> {
  const schema = types.map((type, i) => ({ name: `c${i + 1}`, type, nullable: true }));
  const parts: Uint8Array[] = [];
  for await (const part of writeCsv([batchOf(types, rows)], schema, options)) parts.push(part);
  return Buffer.concat(parts).toString();
}

// Checked with PostgreSQL 15.18: COPY t FROM STDIN (FORMAT csv), t of text columns.
describe('fields as PostgreSQL reads them', () => {
  test.each<[string, string, VectorValue[][]]>([
    [
      'an empty field is NULL, a quoted one is not',
      'a,\n"",b\n',
      [
        ['a', null],
        ['', 'b'],
      ],
    ],
    ['quotes inside quotes', '"a ""b""",c\n', [['a "b"', 'c']]],
    ['quotes in the middle of a field', 'a"b,c"d,e\n', [['ab,cd', 'e']]],
    [
      'line ends in quotes',
      '"a\nb",c\r\n"x\r\ny",z',
      [
        ['a\nb', 'c'],
        ['x\r\ny', 'z'],
      ],
    ],
    ['blanks belong to the field', ' a , b \n', [[' a ', ' b ']]],
    ['no line end at the end', 'a,b', [['a', 'b']]],
    [
      'a line with \\. ends the data, quoted or beside another field it is data',
      '\\.,b\n"\\.",c\n\\.\r\nd,e\n',
      [
        ['\\.', 'b'],
        ['\\.', 'c'],
      ],
    ],
    ['a byte order mark is not data', '\ufeffa,b\n', [['a', 'b']]],
  ])('%s', async (_, text, expected) => {
    for (const size of [1, 2, 3, 1000]) expect(await read(text, columns(TEXT, TEXT), {}, size)).toEqual(expected);
  });

  test('options', async () => {
    expect(await read('x;y\n1;NULL\n"NULL";2\n', columns(TEXT, TEXT), { delimiter: ';', null: 'NULL', header: true })).toEqual([
      ['1', null],
      ['NULL', '2'],
    ]);
    for (const size of [1, 2, 1000]) {
      const text = "'it\\'s','a\\\\b','c\\d'\n";
      expect(await read(text, columns(TEXT, TEXT, TEXT), { quote: "'", escape: '\\' }, size)).toEqual([["it's", 'a\\b', 'c\\d']]);
    }
    await expect(read('', columns(TEXT), { delimiter: '"' })).rejects.toMatchObject({ code: '22023' });
    await expect(read('', columns(TEXT), { delimiter: ',,' })).rejects.toMatchObject({ code: '22023' });
    await expect(read('', columns(TEXT), { null: 'a,b' })).rejects.toMatchObject({ code: '22023' });
  });

  test('one column: an empty line is a NULL', async () => {
    expect(await read('a\n\nb\n', columns(TEXT))).toEqual([['a'], [null], ['b']]);
  });
});

/** Codes as PostgreSQL 15's COPY gives them. */
describe('what is wrong is named with its place', () => {
  const wanted: FileColumn[] = [
    { name: 'id', type: INT32 },
    { name: 'price', type: FLOAT64 },
    { name: 'note', type: TEXT },
  ];

  test.each<[name: string, text: string, message: string, code?: string]>([
    [
      'a value that is none',
      '1,2,x\n2,abc,y\n',
      'line 2, column 2 (price): invalid input syntax for type double precision: "abc"',
      '22P02',
    ],
    [
      'the header counts as a line',
      'id,price,note\n1,2,x\n2x,3,y\n',
      'line 3, column 1 (id): invalid input syntax for type integer: "2x"',
      '22P02',
    ],
    [
      'quoted line ends count',
      '1,2,"a\nb"\n"2\n2",3,y\n',
      'line 3, column 1 (id): invalid input syntax for type integer: "2\n2"',
      '22P02',
    ],
    [
      'a value out of range',
      '99999999999,2,x\n',
      'line 1, column 1 (id): value "99999999999" is out of range for type integer',
      '22003',
    ],
    [
      'an empty quoted number',
      '1,"",x\n',
      'line 1, column 2 (price): invalid input syntax for type double precision: ""',
      '22P02',
    ],
    ['a missing column', '1,2,x\n1,2\n', 'line 2, column 3 (note): missing data for column "note"'],
    ['an empty line', '1,2,x\n\n', 'line 2, column 2 (price): missing data for column "price"'],
    ['an extra column', '1,2,x\n1,2,x,y,z\n', 'line 2, column 4: extra data after last expected column'],
    ['an open quote', '1,2,x\n1,2,"x\n3,4,y\n', 'line 2, column 3: unterminated CSV quoted field'],
    ['a lone carriage return', '1,2,a\rb\n', 'line 1, column 3: unquoted carriage return found in data'],
  ])('%s', async (_, text, message, code = '22P04') => {
    const header = text.startsWith('id,');
    for (const size of [1, 3, 1000]) {
      await expect(read(text, wanted, { header }, size)).rejects.toMatchObject({ code, message });
    }
  });

  test('bytes that are not UTF-8', async () => {
    const bytes = Uint8Array.from([49, 44, 50, 44, 0xff, 10]);
    await expect(read(bytes, wanted)).rejects.toMatchObject({ message: expect.stringContaining('line 1, column 3 (note)') });
  });

  test('a file that is not there', async () => {
    const rows = readCsv(join(folder, 'missing.csv'), wanted)[Symbol.asyncIterator]();
    await expect(rows.next()).rejects.toMatchObject({ code: '58030' });
  });
});

const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const VALUES: readonly (readonly [DataType, fc.Arbitrary<VectorValue>])[] = [
  [BOOLEAN, fc.boolean()],
  [INT32, fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })],
  [INT64, int64],
  [
    FLOAT64,
    fc.oneof(
      fc.double(),
      fc.integer().map((n) => n / 1000),
    ),
  ],
  [decimal(18, 4), fc.bigInt({ min: -(10n ** 17n), max: 10n ** 17n })],
  [decimal(30, 2), fc.bigInt({ min: -(10n ** 29n), max: 10n ** 29n })],
  [
    TEXT,
    fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', ';', 'x', '\\', "'") })),
  ],
  [DATE, fc.integer({ min: -800_000, max: 3_000_000 })],
  [TIMESTAMP, fc.bigInt({ min: -(2n ** 55n), max: 2n ** 55n })],
  [
    INTERVAL,
    fc.record({ months: fc.integer({ min: -9999, max: 9999 }), days: fc.integer({ min: -99, max: 99 }), nanoseconds: int64 }),
  ],
];

describe('out and in again', () => {
  // PostgreSQL 15, COPY, CSV Format
  test('a \\. alone on its line is quoted, so that it does not end the data', async () => {
    expect(await write([TEXT], [['\\.'], ['a']])).toBe('"\\."\na\n');
    expect(await write([TEXT, TEXT], [['\\.', 'a']])).toBe('\\.,a\n');
  });

  const types = VALUES.map(([type]) => type);
  const row = fc.tuple(...VALUES.map(([, value]) => fc.option(value, { freq: 5 })));

  test('random rows, cut anywhere, under several options', async () => {
    const options = fc.constantFrom<CsvOptions>(
      {},
      { header: true },
      { delimiter: ';', null: 'NULL' },
      { quote: "'", escape: '\\' },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { maxLength: 20 }),
        options,
        fc.integer({ min: 1, max: 200 }),
        async (rows, chosen, size) => {
          const text = await write(types, rows, chosen);
          expect(await read(text, columns(...types), chosen, size)).toEqual(rows);
        },
      ),
      { numRuns: 100 },
    );
  });

  test('a number read from bytes is the number JavaScript and bigints read', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.double({ noNaN: true, noDefaultInfinity: true }), int64), { minLength: 1 }),
        async (pairs) => {
          const fixed = pairs.map(([f]) => (Math.abs(f) < 1e20 && Math.abs(f) > 1e-20 ? f.toFixed(12) : '0.5'));
          const text = pairs.map(([, n], i) => `${fixed[i]},${n},${n}\n`).join('');
          const expected = pairs.map(([, n], i) => [Number(fixed[i]), n, n]);
          expect(await read(text, columns(FLOAT64, INT64, decimal(19, 0)))).toEqual(expected);
        },
      ),
      { numRuns: 50 },
    );
  });

  test('a field longer than many pieces is not read anew with each of them', async () => {
    const format = csvFormat();
    const scanner = new CsvScanner(format);
    const push = scanner.push.bind(scanner);
    let scanned = 0;
    scanner.push = (piece) => {
      push(piece);
      scanned += scanner.bytes.length;
    };
    const text = 'x,"\n'.repeat(1 << 18);
    const file = pieces(await write([TEXT], [[text]]), 4096);
    const batches: Batch[] = [];
    for await (const batch of readRows(new RowReader(columns(TEXT), scanner, format), file)) batches.push(batch);
    expect(batches.flatMap(({ columns: [vector] }) => (vector === undefined ? [] : readValues(vector)))).toEqual([text]);
    expect(scanned).toBeLessThan(4 * text.length);
  });

  test('more rows than a batch holds', async () => {
    const text = Array.from({ length: 40_000 }, (_, i) => `${i},text ${i}\n`).join('');
    const sizes: number[] = [];
    let sum = 0;
    for await (const batch of readCsv(pieces(text, 10_007), columns(INT32, TEXT))) {
      sizes.push(batch.length);
      for (const value of batch.columns[0]?.values ?? []) sum += Number(value);
    }
    expect(sizes).toEqual([16_384, 16_384, 7232]);
    expect(sum).toBe((40_000 * 39_999) / 2);
  });

  test('DuckDB reads what is written', async () => {
    const path = join(folder, 'ours.csv');
    const chosen = VALUES.filter(([type]) => type.kind !== 'interval' && type.kind !== 'boolean' && type.kind !== 'float64');
    const rows = fc.sample(fc.tuple(...chosen.map(([, value]) => fc.option(value, { freq: 5 }))), { numRuns: 200, seed: 1 });
    const kinds = chosen.map(([type]) => type);
    await writeFile(path, await write(kinds, rows));
    const result = await duckdb.runAndReadAll(
      `from read_csv('${path}', header = false, all_varchar = true, nullstr = '', allow_quoted_nulls = false, quote = '"', escape = '"', strict_mode = true, new_line = '\\n')`,
    );
    const expected = rows.map((values) =>
      values.map((value, i) => (value === null ? null : formatValue(value, kinds[i] ?? TEXT))),
    );
    expect(result.getRows()).toEqual(expected);
  });

  test('what DuckDB writes is read, with the types it has', async () => {
    const path = join(folder, 'theirs.csv');
    await duckdb.run(`copy (select range::integer id, range * 1.5 price, 'text ' || range note, date '2024-01-01' + range::integer as day,
      timestamp '2024-01-01' + interval (range) second as at, range % 2 = 0 as even, case when range > 1 then range end missing
      from range(5)) to '${path}' (header)`);
    const schema = await inferCsvSchema(path);
    expect(schema.options).toMatchObject({ delimiter: ',', header: true });
    expect(schema.columns.map(({ name, type }) => `${name} ${type.kind}`)).toEqual([
      'id int64',
      'price float64',
      'note text',
      'day date',
      'at timestamp',
      'even boolean',
      'missing int64',
    ]);
    const rows: VectorValue[][] = [];
    for await (const batch of readCsv(path, schema.columns, schema.options)) {
      const values = batch.columns.map(readValues);
      for (let at = 0; at < batch.length; at++) rows.push(values.map((column) => column[at] ?? null));
    }
    expect(rows[3]).toEqual([3n, 4.5, 'text 3', 19_726, 1_704_067_203_000_000n, false, 3n]);
    expect(rows[0]?.[6]).toBeNull();
  });
});

describe('guessing a schema', () => {
  test.each<[string, string, string, boolean, string]>([
    ['semicolons', 'a;b\n1;x\n2;y\n', ';', true, 'a int64, b text'],
    ['no header', '1,2.5\n2,3\n', ',', false, 'column1 int64, column2 float64'],
    ['all text', 'name,city\nann,bern\n', ',', true, 'name text, city text'],
    ['codes with leading zeros are text', 'zip\n01234\n99999\n', ',', true, 'zip text'],
    ['tabs', 'a\tb\n2024-01-01\t2024-01-01 00:00:00+01\n', '\t', true, 'a date, b timestamp'],
    ['large integers', 'n\n99999999999999999999\n1\n', ',', true, 'n decimal'],
    ['nothing', '', ',', false, ''],
  ])('%s', async (name, text, delimiter, header, expected) => {
    const path = join(folder, `${name}.csv`);
    await writeFile(path, text);
    const schema = await inferCsvSchema(path);
    expect(schema.options).toMatchObject({ delimiter, header });
    expect(schema.columns.map((column) => `${column.name} ${column.type.kind}`).join(', ')).toBe(expected);
  });
});
