import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { civilFromDays, daysFromCivil } from '../../src/types/calendar.ts';
import {
  DATE,
  type DataType,
  decimal,
  FLOAT64,
  INT32,
  INT64,
  INTERVAL,
  TIMESTAMP,
  TIMESTAMPTZ,
  timestamp,
} from '../../src/types/data-type.ts';
import { formatReader, formatValue } from '../../src/types/format.ts';
import { parseValue } from '../../src/types/parse.ts';
import { vectorOf } from '../../src/types/vector-build.ts';

/** Input and output as PostgreSQL 15.18 casts and prints them (TimeZone UTC): `select 'INPUT'::TYPE`. */
const POSTGRES: readonly (readonly [DataType, readonly (readonly [string, string])[]])[] = [
  [
    FLOAT64,
    [
      ['0', '0'],
      ['-0', '-0'],
      ['-1.5', '-1.5'],
      ['0.1', '0.1'],
      ['123456789012345', '123456789012345'],
      ['1234567890123456', '1.234567890123456e+15'],
      ['1e15', '1e+15'],
      ['1e14', '100000000000000'],
      ['999999999999999.9', '999999999999999.9'],
      ['0.0001', '0.0001'],
      ['0.00012345', '0.00012345'],
      ['0.00001', '1e-05'],
      ['123e300', '1.23e+302'],
      ['4.9e-324', '5e-324'],
      ['1.7976931348623157e308', '1.7976931348623157e+308'],
      ['NaN', 'NaN'],
      ['+nan', 'NaN'],
      ['inf', 'Infinity'],
      ['-Infinity', '-Infinity'],
      ['.5', '0.5'],
      ['5.', '5'],
    ],
  ],
  [
    DATE,
    [
      ['2024-02-29', '2024-02-29'],
      ['0001-01-01', '0001-01-01'],
      ['0044-03-15 BC', '0044-03-15 BC'],
      ['0001-12-31 BC', '0001-12-31 BC'],
      ['20240102', '2024-01-02'],
      ['2024/1/2', '2024-01-02'],
      ['10000-12-31', '10000-12-31'],
      ['2024-01-02 12:34:56', '2024-01-02'],
      ['epoch', '1970-01-01'],
    ],
  ],
  [
    TIMESTAMP,
    [
      ['2024-02-29 23:59:59.999999', '2024-02-29 23:59:59.999999'],
      ['2024-02-29T01:02:03.1234567', '2024-02-29 01:02:03.123457'],
      ['2024-02-29 24:00:00', '2024-03-01 00:00:00'],
      ['2024-01-01 00:00:60', '2024-01-01 00:01:00'],
      ['2024-01-01 12:34', '2024-01-01 12:34:00'],
      ['2024-01-01 12:34:56+05', '2024-01-01 12:34:56'],
      ['1969-12-31 23:59:59.5', '1969-12-31 23:59:59.5'],
      ['0044-03-15 01:02:03 BC', '0044-03-15 01:02:03 BC'],
      ['2024-01-01 12:34:56Z', '2024-01-01 12:34:56'],
      ['2024-01-01', '2024-01-01 00:00:00'],
    ],
  ],
  [
    TIMESTAMPTZ,
    [
      ['2024-01-01 12:34:56+05', '2024-01-01 07:34:56+00'],
      ['2024-01-01 12:34:56-03:30', '2024-01-01 16:04:56+00'],
      ['2024-01-01 12:34:56', '2024-01-01 12:34:56+00'],
      ['2024-01-01 00:00:00.1+0530', '2023-12-31 18:30:00.1+00'],
      ['0044-03-15 01:02:03 BC', '0044-03-15 01:02:03+00 BC'],
    ],
  ],
  [
    INTERVAL,
    [
      ['1 year 2 mons 3 days 04:05:06.789', '1 year 2 mons 3 days 04:05:06.789'],
      ['-1 day 2 hours', '-1 days +02:00:00'],
      ['1 day -2 hours', '1 day -02:00:00'],
      ['0', '00:00:00'],
      ['1.5 months', '1 mon 15 days'],
      ['1.5 days', '1 day 12:00:00'],
      ['1 week', '7 days'],
      ['-1 year 3 mons', '-9 mons'],
      ['@ 1 day 2 hours ago', '-1 days -02:00:00'],
      ['P1Y2M3DT4H5M6S', '1 year 2 mons 3 days 04:05:06'],
      ['PT1.5H', '01:30:00'],
      ['1 mon -1 day +2:03', '1 mon -1 days +02:03:00'],
      ['100:00:00', '100:00:00'],
      ['90 min', '01:30:00'],
      ['1h', '01:00:00'],
      ['5', '00:00:05'],
      ['1 decade', '10 years'],
      ['250 ms', '00:00:00.25'],
      ['-00:00:01.5', '-00:00:01.5'],
      ['1.1 years', '1 year 1 mon'],
      ['-1.5 days', '-1 days -12:00:00'],
    ],
  ],
  [
    decimal(10, 2),
    [
      ['1', '1.00'],
      ['-1.005', '-1.01'],
      ['1.005', '1.01'],
      ['.5', '0.50'],
      ['1e3', '1000.00'],
      ['-0.004', '0.00'],
      ['12345678.994', '12345678.99'],
      ['1.', '1.00'],
      ['  7 ', '7.00'],
    ],
  ],
  [{ kind: 'boolean' }, ['t', 'TRUE', 'tr', 'y', 'yes', 'on', '1', ' t '].map((text) => [text, 't'] as const)],
  [{ kind: 'boolean' }, ['f', 'fal', 'n', 'no', 'of', 'off', '0'].map((text) => [text, 'f'] as const)],
  [
    INT32,
    [
      ['-2147483648', '-2147483648'],
      ['+5', '5'],
      [' 7 ', '7'],
    ],
  ],
];

/** SQLSTATE of the same casts that PostgreSQL 15.18 refuses. */
const REFUSED: readonly (readonly [DataType, string, string])[] = [
  [INT32, 'x', '22P02'],
  [INT32, '3000000000', '22003'],
  [INT32, '1.5', '22P02'],
  [INT32, '', '22P02'],
  [INT64, '9223372036854775808', '22003'],
  [FLOAT64, '1e400', '22003'],
  [FLOAT64, '1e-400', '22003'],
  [FLOAT64, '1x', '22P02'],
  [decimal(10, 2), '100000000', '22003'],
  [decimal(10, 2), '1e999999', '22003'],
  [decimal(10, 2), '1,5', '22P02'],
  [{ kind: 'boolean' }, 'maybe', '22P02'],
  [{ kind: 'boolean' }, 'o', '22P02'],
  [DATE, '2024-13-01', '22008'],
  [DATE, '2023-02-29', '22008'],
  [DATE, 'hello', '22007'],
  [DATE, '0000-01-01', '22008'],
  [TIMESTAMP, '2024-01-01 25:00:00', '22008'],
  [TIMESTAMP, '2024-01-01 24:00:01', '22008'],
  [TIMESTAMP, '2024-01-01 00:60:00', '22008'],
  [TIMESTAMPTZ, '2024-01-01 00:00:00+16', '22009'],
  [INTERVAL, '1 fortnight', '22007'],
  [INTERVAL, 'P', '22007'],
  [INTERVAL, '-P1D', '22007'],
  [INTERVAL, '1 day 1 day', '22007'],
  [INTERVAL, '999999999999 years', '22015'],
  [INTERVAL, '1:60:00', '22015'],
];

describe('text of values, as PostgreSQL 15.18', () => {
  for (const [type, pairs] of POSTGRES) {
    test.each(pairs)(`${type.kind}: %s`, (input, output) => {
      expect(formatValue(parseValue(input, type), type)).toBe(output);
    });
  }

  test.each(REFUSED.map(([type, input, code]) => ({ type, input, code })))(
    '$type.kind refuses $input',
    ({ type, input, code }) => {
      expect(() => parseValue(input, type)).toThrow(expect.objectContaining({ code }));
    },
  );

  test('other timestamp units keep their digits', () => {
    expect(formatValue(parseValue('2024-01-01 00:00:00.123456789', timestamp('ns')), timestamp('ns'))).toBe(
      '2024-01-01 00:00:00.123456789',
    );
    expect(parseValue('1969-12-31 23:59:59.5', timestamp('s'))).toBe(0n);
    expect(formatValue(-1n, timestamp('ms'))).toBe('1969-12-31 23:59:59.999');
  });

  test('what is printed reads back', () => {
    const int64 = fc.bigInt({ min: -(2n ** 62n), max: 2n ** 62n });
    const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
    fc.assert(
      fc.property(
        fc.double(),
        fc.integer({ min: -700_000, max: 100_000_000 }),
        int64,
        fc.record({ months: int32, days: int32, nanoseconds: int64 }),
        (f, day, n, interval) => {
          expect(parseValue(formatValue(f, FLOAT64), FLOAT64)).toBe(f);
          expect(parseValue(formatValue(day, DATE), DATE)).toBe(day);
          expect(parseValue(formatValue(n, decimal(38, 7)), decimal(38, 7))).toBe(n);
          expect(parseValue(formatValue(interval, INTERVAL), INTERVAL)).toEqual(interval);
          const instant = n % 10n ** 17n;
          expect(parseValue(formatValue(instant, TIMESTAMPTZ), TIMESTAMPTZ)).toBe(instant);
        },
      ),
      { numRuns: 200 },
    );
  });

  test('days and civil dates agree with JavaScript', () => {
    fc.assert(
      fc.property(fc.integer({ min: -100_000_000, max: 100_000_000 }), (days) => {
        const date = new Date(days * 86_400_000);
        const civil = civilFromDays(days);
        expect(civil).toEqual({ year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() });
        expect(daysFromCivil(civil.year, civil.month, civil.day)).toBe(days);
      }),
      { numRuns: 200 },
    );
  });

  test('a reader of a column', () => {
    const text = formatReader(vectorOf(DATE, [0, null, 19_000]));
    expect([text(0), text(1), text(2)]).toEqual(['1970-01-01', '', '2022-01-08']);
  });
});
