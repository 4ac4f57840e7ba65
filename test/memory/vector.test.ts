import { Schema as ArrowSchema, Field, makeData, RecordBatch, Struct, Table, Utf8 } from 'apache-arrow';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type DataType, decimal, TIMESTAMP } from '../../src/types/data-type.ts';
import { dictionaryVector, nullVector, VectorBuilder, vectorOf } from '../../src/types/vector-build.ts';
import { readValues, type VectorValue } from '../../src/types/vector-read.ts';

const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });

const cases: readonly { type: DataType; values: fc.Arbitrary<VectorValue> }[] = [
  { type: { kind: 'boolean' }, values: fc.boolean() },
  { type: { kind: 'int32' }, values: int32 },
  { type: { kind: 'date' }, values: int32 },
  { type: { kind: 'int64' }, values: int64 },
  { type: TIMESTAMP, values: int64 },
  { type: decimal(12, 2), values: int64 },
  { type: decimal(38, 4), values: fc.bigInt({ min: -(10n ** 38n) + 1n, max: 10n ** 38n - 1n }) },
  { type: { kind: 'float64' }, values: fc.double() },
  { type: { kind: 'text' }, values: fc.string({ unit: 'grapheme' }) },
  {
    type: { kind: 'interval' },
    values: fc.record({ months: int32, days: int32, nanoseconds: int64 }),
  },
];

describe('vectors from values and back', () => {
  test.each(cases)('$type.kind', ({ type, values }) => {
    fc.assert(
      fc.property(fc.array(fc.option(values), { maxLength: 200 }), (rows) => {
        expect(readValues(vectorOf(type, rows))).toEqual(rows);
      }),
      { numRuns: 50 },
    );
  });

  test('a finished builder starts anew and leaves the vector alone', () => {
    const builder = new VectorBuilder({ kind: 'text' });
    builder.append('first');
    builder.appendNull();
    const first = builder.finish();
    builder.append('second');
    const second = builder.finish();
    expect(readValues(first)).toEqual(['first', null]);
    expect(readValues(second)).toEqual(['second']);
    expect(second.validity).toBeNull();
  });

  test('a value of another type is refused', () => {
    expect(() => vectorOf({ kind: 'int64' }, [1])).toThrow(expect.objectContaining({ code: '42804' }));
  });

  test('dictionary codes read as their values', () => {
    expect(readValues(dictionaryVector(['a', 'b'], [1, null, 0, 1]))).toEqual(['b', null, 'a', 'b']);
    expect(readValues(nullVector({ kind: 'text' }, 3))).toEqual([null, null, null]);
  });

  // The layout is Arrow's: apache-arrow reads the same buffers.
  test('apache-arrow reads a text vector', () => {
    const vector = vectorOf({ kind: 'text' }, ['zwölf', null, '', 'x']);
    if (vector.validity === null || vector.offsets === null || !(vector.values instanceof Uint8Array)) throw new Error('layout');
    const data = makeData({
      type: new Utf8(),
      length: 4,
      nullBitmap: vector.validity,
      valueOffsets: vector.offsets,
      data: vector.values,
    });
    const schema = new ArrowSchema([new Field('t', new Utf8(), true)]);
    const table = new Table([
      new RecordBatch(schema, makeData({ type: new Struct(schema.fields), length: 4, children: [data] })),
    ]);
    expect(table.getChild('t')?.toArray()).toEqual(['zwölf', null, '', 'x']);
  });
});
