import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readText, type TextOptions, writeText } from '../../src/io/text.ts';
import { type DataType, INT32, TEXT } from '../../src/types/data-type.ts';
import { batchOf } from '../../src/types/vector-build.ts';
import { readValues, type VectorValue } from '../../src/types/vector-read.ts';

/** COPY's text format. What is expected here is what PostgreSQL 15.14 answered to the same bytes. */

const SCHEMA = [
  { name: 'a', type: TEXT, nullable: true },
  { name: 'b', type: TEXT, nullable: true },
];

async function* pieces(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function read(text: string, types: readonly DataType[] = [TEXT, TEXT], options: TextOptions = {}, size = 1 << 20) {
  const columns = types.map((type, i) => ({ name: 'abc'.charAt(i), type }));
  const rows: VectorValue[][] = [];
  for await (const batch of readText(pieces(text, size), columns, options)) {
    const values = batch.columns.map(readValues);
    for (let row = 0; row < batch.length; row++) rows.push(values.map((column) => column[row] ?? null));
  }
  return rows;
}

async function write(rows: readonly (readonly (string | null)[])[], options: TextOptions = {}): Promise<string> {
  let text = '';
  for await (const piece of writeText([batchOf([TEXT, TEXT], rows)], SCHEMA, options)) text += new TextDecoder().decode(piece);
  return text;
}

const INPUT = [
  '\\\\N\tx',
  '\\N\t\\101\\x41\\x4a!',
  'tab\\tnl\\nbs\\\\ \tescaped\\\tdelimiter',
  'q\\q\\1018\\x4142\t',
  'line\\\nend\tz',
  '',
].join('\n');

const ROWS = [
  ['\\N', 'x'],
  [null, 'AAJ!'],
  ['tab\tnl\nbs\\ ', 'escaped\tdelimiter'],
  ['qqA8A42', ''],
  ['line\nend', 'z'],
];

describe('reading', () => {
  test.each([1, 2, 3, 7, 1000])('escapes and NULL, in pieces of %d bytes', async (size) => {
    expect(await read(INPUT, [TEXT, TEXT], {}, size)).toEqual(ROWS);
  });

  test('a line \\. ends the data; the last line may lack its end', async () => {
    expect(await read('1\t2\n\\.\n3\t4\n')).toEqual([['1', '2']]);
    expect(await read('1\t2\n3\t4')).toEqual([
      ['1', '2'],
      ['3', '4'],
    ]);
  });

  test('lines may end with CR LF', async () => {
    for (const size of [1, 1000])
      expect(await read('1\tx\r\n2\ty\r\n', [INT32, TEXT], {}, size)).toEqual([
        [1, 'x'],
        [2, 'y'],
      ]);
  });

  test('other delimiter, NULL text and header', async () => {
    expect(await read('a|b\nNIL|x\n', [INT32, TEXT], { delimiter: '|', null: 'NIL', header: true })).toEqual([[null, 'x']]);
  });

  test.each([
    ['a\tb\tc\n', 'line 1, column 3: extra data after last expected column'],
    ['a\n', 'line 1, column 2 (b): missing data for column "b"'],
    ['x\ty\na\rb\tz\n', 'line 2: literal carriage return found in data'],
  ])('%j is refused', async (text, message) => {
    await expect(read(text)).rejects.toMatchObject({ code: '22P04', message });
  });

  test('a value that does not fit names its line and column', async () => {
    await expect(read('1\tx\ntwo\ty\n', [INT32, TEXT])).rejects.toMatchObject({
      code: '22P02',
      message: 'line 2, column 1 (a): invalid input syntax for type integer: "two"',
    });
  });
});

describe('writing', () => {
  test('as PostgreSQL does', async () => {
    expect(await write(ROWS)).toBe(
      ['\\\\N\tx', '\\N\tAAJ!', 'tab\\tnl\\nbs\\\\ \tescaped\\tdelimiter', 'qqA8A42\t', 'line\\nend\tz', ''].join('\n'),
    );
    expect(await write(ROWS.slice(0, 3), { delimiter: '|', null: 'NIL', header: true })).toBe(
      ['a|b', '\\\\N|x', 'NIL|AAJ!', 'tab\\tnl\\nbs\\\\ |escaped\\tdelimiter', ''].join('\n'),
    );
  });

  test('what is written reads back the same', async () => {
    const cell = fc.option(fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0')));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(cell, cell), { minLength: 1 }), fc.integer({ min: 1, max: 40 }), async (rows, size) => {
        expect(await read(await write(rows), [TEXT, TEXT], {}, size)).toEqual(rows);
      }),
    );
  });
});

test('options that PostgreSQL refuses', async () => {
  for (const options of [{ delimiter: 'a' }, { delimiter: '||' }, { null: 'a\nb' }, { delimiter: '|', null: '|' }]) {
    await expect(read('x\n', [TEXT], options)).rejects.toMatchObject({ code: '22023' });
  }
});
