import { describe, expect, test } from 'vitest';
import { binaryParameter } from '../../../src/server/pgwire/values/binary-read.ts';
import { binaryWriter } from '../../../src/server/pgwire/values/binary-write.ts';
import { OID } from '../../../src/server/pgwire/values/types.ts';
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
} from '../../../src/types/data-type.ts';
import { parseValue } from '../../../src/types/parse.ts';
import { vectorOf } from '../../../src/types/vector-build.ts';

/** The bytes are those of PostgreSQL 15.14's send functions: `select encode(numeric_send('0.5'::numeric), 'hex')`. */

const NUMERIC = [
  ['0', 0, '0000000000000000'],
  ['0.00', 2, '0000000000000002'],
  ['1', 0, '00010000000000000001'],
  ['-1', 0, '00010000400000000001'],
  ['10000', 0, '00010001000000000001'],
  ['12345678', 0, '000200010000000004d2162e'],
  ['0.0001', 4, '0001ffff000000040001'],
  ['0.00001', 5, '0001fffe0000000503e8'],
  ['-12345.67800', 5, '0003000140000005000109291a7c'],
  ['99999999999999999999999999999999999999', 0, '000a0009000000000063270f270f270f270f270f270f270f270f270f'],
  ['0.5', 1, '0001ffff000000011388'],
  ['100000000.00000001', 8, '000500020000000800010000000000000001'],
  ['-0.07', 2, '0001ffff4000000202bc'],
] as const;

interface Value {
  readonly type: DataType;
  readonly oid: number;
  readonly text: string;
  readonly hex: string;
  readonly read: unknown;
}

/** A parameter of these bytes is read as the text, where nothing else is said. */
function value(type: DataType, oid: number, text: string, hex: string, read: unknown = text): Value {
  return { type, oid, text, hex, read };
}

const VALUES: readonly Value[] = [
  ...NUMERIC.map(([text, scale, hex]) => value(decimal(38, scale), OID.numeric, text, hex)),
  value(decimal(10, 5), OID.numeric, '-12345.67800', '0003000140000005000109291a7c'),
  value(
    INTERVAL,
    OID.interval,
    '1 year 2 months 3 days 04:05:06.789',
    '000000036c97ca88000000030000000e',
    '14 months 3 days 14706.789000 seconds',
  ),
  value(INTERVAL, OID.interval, '-1 day -00:00:01', 'fffffffffff0bdc0ffffffff00000000', '0 months -1 days -1.000000 seconds'),
  value(INTERVAL, OID.interval, '0', '00000000000000000000000000000000', '0 months 0 days 0.000000 seconds'),
  value(TIMESTAMP, OID.timestamp, '2000-01-01 00:00:00', '0000000000000000'),
  value(TIMESTAMP, OID.timestamp, '1969-12-31 23:59:59.999999', 'fffca2fec4c81fff'),
  value(TIMESTAMP, OID.timestamp, '2026-01-02 03:04:05.678', '0002ea5dbb1f6bb0'),
  value(timestamp('ms'), OID.timestamp, '2026-01-02 03:04:05.678', '0002ea5dbb1f6bb0'),
  value(timestamp('s'), OID.timestamp, '2000-01-01 00:00:01', '00000000000f4240'),
  value(TIMESTAMPTZ, OID.timestamptz, '2026-01-02 03:04:05.678+00', '0002ea5dbb1f6bb0'),
  value(DATE, OID.date, '2000-01-01', '00000000'),
  value(DATE, OID.date, '1960-02-29', 'ffffc729'),
  value(DATE, OID.date, '2026-01-02', '0000251a'),
  value(TEXT, OID.text, 'é', 'c3a9'),

  value(BOOLEAN, OID.bool, 't', '01', true),
  value(INT32, OID.int4, '-2', 'fffffffe', -2),
  value(INT64, OID.int8, '9007199254740993', '0020000000000001', 9007199254740993n),
  value(FLOAT64, OID.float8, '0', '0000000000000000', 0),
  value(FLOAT64, OID.float8, '-0', '8000000000000000', -0),
  value(FLOAT64, OID.float8, '1.5', '3ff8000000000000', 1.5),
  value(FLOAT64, OID.float8, 'NaN', '7ff8000000000000', Number.NaN),
  value(FLOAT64, OID.float8, 'Infinity', '7ff0000000000000', Number.POSITIVE_INFINITY),
  value(FLOAT64, OID.float8, '-1e300', 'fe37e43c8800759c', -1e300),
];

function written(type: DataType, text: string): string {
  return binaryWriter(vectorOf(type, [parseValue(text, type)]))(0).toString('hex');
}

test.each(VALUES)('$oid $text as a column', ({ type, text, hex }) => {
  expect(written(type, text)).toBe(hex);
});

describe('parameters', () => {
  test.each(VALUES)('$oid $text', ({ oid, hex, read }) => {
    expect(binaryParameter(Buffer.from(hex, 'hex'), oid)).toBe(read);
  });

  test('int2, float4, name and special numerics', () => {
    expect(binaryParameter(Buffer.from('fffe', 'hex'), OID.int2)).toBe(-2);
    expect(binaryParameter(Buffer.from('3fc00000', 'hex'), OID.float4)).toBe(1.5);
    expect(binaryParameter(Buffer.from('public'), OID.name)).toBe('public');
    expect(binaryParameter(Buffer.from('00000000c0000000', 'hex'), OID.numeric)).toBe('NaN');
    expect(binaryParameter(Buffer.from('00000000d0000020', 'hex'), OID.numeric)).toBe('Infinity');
  });

  test('the infinities of dates and timestamps, for their types to take or refuse', () => {
    expect(binaryParameter(Buffer.from('7fffffff', 'hex'), OID.date)).toBe('infinity');
    expect(binaryParameter(Buffer.from('80000000', 'hex'), OID.date)).toBe('-infinity');
    expect(binaryParameter(Buffer.from('7fffffffffffffff', 'hex'), OID.timestamp)).toBe('infinity');
    expect(binaryParameter(Buffer.from('8000000000000000', 'hex'), OID.timestamptz)).toBe('-infinity');
  });

  test.each([
    [OID.int4, '00000001ff'],
    [OID.bool, ''],
    [OID.numeric, '0001'],
    [OID.numeric, '00020000000000000001'],
    [OID.numeric, '00010000000000002710'],
    [OID.numeric, '00010000123400000001'],
  ])('bytes that are none of type %d', (oid, hex) => {
    expect(() => binaryParameter(Buffer.from(hex, 'hex'), oid)).toThrow(expect.objectContaining({ code: '22P03' }));
  });

  test('a type that is only read as text', () => {
    expect(() => binaryParameter(Buffer.alloc(16), 2950)).toThrow(expect.objectContaining({ code: '0A000' }));
  });
});
