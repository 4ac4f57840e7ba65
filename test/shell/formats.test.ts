import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { tableFromIPC } from 'apache-arrow';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lumadb } from './run.ts';

/** Each format is read back by a program that knows it: DuckDB, apache-arrow, JSON.parse. */

const TABLE = `
create table every_type (i integer, l bigint, x double precision, d decimal(12, 3), t text, b boolean, day date, ts timestamp, tz timestamptz);
insert into every_type values
  (1, 9007199254740993, 1.5, 1234.500, 'plain', true, '2026-01-02', '2026-01-02 03:04:05.678901', '2026-01-02 03:04:05+02'),
  (-2, -1, 1e300, -0.001, 'quo"te, comma
line | pipe', false, '1960-02-29', '1969-12-31 23:59:59.999999', '1970-01-01 00:00:00+00'),
  (null, null, null, null, null, null, null, null, null),
  (0, 0, 0, 0, '', false, '0001-01-01', '2000-01-01', '2000-01-01 00:00:00+00');
`;
const SELECT = 'select * from every_type order by i nulls last';

/** As DuckDB shows the rows above. */
const ROWS = [
  [
    '-2',
    '-1',
    '1e+300',
    '-0.001',
    'quo"te, comma\nline | pipe',
    'false',
    '1960-02-29',
    '1969-12-31 23:59:59.999999',
    '1970-01-01 00:00:00+00',
  ],
  ['0', '0', '0.0', '0.000', '', 'false', '0001-01-01', '2000-01-01 00:00:00', '2000-01-01 00:00:00+00'],
  [
    '1',
    '9007199254740993',
    '1.5',
    '1234.500',
    'plain',
    'true',
    '2026-01-02',
    '2026-01-02 03:04:05.678901',
    '2026-01-02 01:04:05+00',
  ],
  [null, null, null, null, null, null, null, null, null],
];
const COLUMNS = ['i', 'l', 'x', 'd', 't', 'b', 'day', 'ts', 'tz'];

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lumadb-formats-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function written(format: string, query = SELECT): Promise<Buffer> {
  const { status, out, err } = await lumadb(['-c', TABLE, '-c', query, '--format', format]);
  expect([status, err]).toEqual([0, '']);
  return out;
}

/** What DuckDB reads from a file, every value as text. */
async function read(file: string, from: string): Promise<{ readonly columns: string[]; readonly rows: unknown[][] }> {
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  try {
    await connection.run("set timezone = 'UTC'");
    const reader = await connection.runAndReadAll(`select columns(*)::varchar from ${from.replace('FILE', `'${file}'`)}`);
    return { columns: reader.columnNames(), rows: reader.getRows() };
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

async function file(name: string, content: Buffer): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

describe('DuckDB reads', () => {
  test('csv: NULL and the empty text stay apart', async () => {
    const types =
      "types = {'i': 'int', 'l': 'bigint', 'x': 'double', 'd': 'decimal(12,3)', 't': 'text', 'b': 'bool', 'day': 'date', 'ts': 'timestamp', 'tz': 'timestamptz'}";
    const found = await read(
      await file('t.csv', await written('csv')),
      `read_csv(FILE, header = true, allow_quoted_nulls = false, ${types})`,
    );
    expect(found).toEqual({ columns: COLUMNS, rows: ROWS });
  });

  test('parquet', async () => {
    expect(await read(await file('t.parquet', await written('parquet')), 'read_parquet(FILE)')).toEqual({
      columns: COLUMNS,
      rows: ROWS,
    });
    const empty = await written('parquet', `${SELECT.replace('order', 'where false order')}`);
    expect(await read(await file('empty.parquet', empty), 'read_parquet(FILE)')).toEqual({ columns: COLUMNS, rows: [] });
  });

  test.each(['json', 'jsonl'])('%s', async (format) => {
    const types =
      "columns = {'i': 'int', 'l': 'bigint', 'x': 'double', 'd': 'decimal(12,3)', 't': 'text', 'b': 'bool', 'day': 'date', 'ts': 'timestamp', 'tz': 'timestamptz'}";
    const how = format === 'json' ? 'array' : 'newline_delimited';
    const found = await read(await file(`t.${format}`, await written(format)), `read_json(FILE, format = '${how}', ${types})`);
    expect(found).toEqual({ columns: COLUMNS, rows: ROWS });
  });
});

describe('JSON', () => {
  test('numbers are numbers with all their digits; NaN and infinities are text', async () => {
    const out = await written(
      'jsonl',
      "select 9007199254740993 as l, 0.10 as d, cast('NaN' as double precision) as n, cast('-Infinity' as double precision) as i, null as o, true as b",
    );
    expect(out.toString()).toBe('{"l":9007199254740993,"d":0.10,"n":"NaN","i":"-Infinity","o":null,"b":true}\n');
  });

  test('an empty result is an empty array', async () => {
    expect((await written('json', 'select 1 as x where false')).toString()).toBe('[]\n');
    expect((await written('jsonl', 'select 1 as x where false')).toString()).toBe('');
  });
});

test('apache-arrow reads arrow, also over many batches', async () => {
  const table = tableFromIPC(await written('arrow'));
  expect(table.schema.fields.map((field) => `${field.name} ${field.type}`)).toEqual([
    'i Int32',
    'l Int64',
    'x Float64',
    'd Decimal[12e+3]',
    't Utf8',
    'b Bool',
    'day Date32<DAY>',
    'ts Timestamp<MICROSECOND>',
    'tz Timestamp<MICROSECOND, UTC>',
  ]);
  expect([...(table.getChild('t') ?? [])]).toEqual([ROWS[0]?.[4], '', 'plain', null]);
  expect([...(table.getChild('l') ?? [])]).toEqual([-1n, 0n, 9007199254740993n, null]);
  expect(tableFromIPC(await written('arrow', 'select * from every_type where false')).numRows).toBe(0);
  const long = tableFromIPC(await written('arrow', "select x, 'text ' || x % 100 as t from generate_series(1, 200000) g(x)"));
  expect([long.numRows, long.batches.length > 1, long.getChild('t')?.get(123_456)]).toEqual([200_000, true, 'text 57']);
});

test('a table is aligned as psql 15 aligns it, without spaces at line ends and empty lines between tables', async () => {
  const out = await written(
    'table',
    "select i, x, t from every_type where i is not null order by i; select 'ü' as \"n\", 'x' as wide_name; select '漢字' as t, 1 as n",
  );
  expect(out.toString().slice(out.toString().indexOf(' i'))).toBe(
    [
      ' i  |   x    |       t',
      '----+--------+---------------',
      ' -2 | 1e+300 | quo"te, comma+',
      '    |        | line | pipe',
      '  0 |      0 |',
      '  1 |    1.5 | plain',
      '(3 rows)',
      ' n | wide_name',
      '---+-----------',
      ' ü | x',
      '(1 row)',
      '  t   | n',
      '------+---',
      ' 漢字 | 1',
      '(1 row)',
      '',
    ].join('\n'),
  );
});

test('a table writes control characters out, and lines of names below each other, as psql 15 does', async () => {
  const out = await lumadb(['-c', "select e'c\\t\\x1b[31mr\\r' as ctl, e'\\u0085' as c1, 'x' as \"a\nbc\""]);
  expect(out.out.toString()).toBe(
    [
      '         ctl         |   c1   | a +',
      '                     |        | bc',
      '---------------------+--------+----',
      ' c       \\x1B[31mr\\r | \\u0085 | x',
      '(1 row)',
      '',
    ].join('\n'),
  );
});

test('markdown: pipes and line ends stay inside their cell', async () => {
  expect((await written('markdown', 'select i, t from every_type where i < 1 order by i')).toString()).toBe(
    '| i | t |\n| ---: | --- |\n| -2 | quo"te, comma<br>line \\| pipe |\n| 0 |  |\n',
  );
});
