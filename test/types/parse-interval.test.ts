import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatInterval } from '../../src/types/format.ts';
import { type IntervalFields, parseInterval } from '../../src/types/parse-interval.ts';

const read = (text: string, fields: IntervalFields | null = null): string => formatInterval(parseInterval(text, fields));

describe('interval input', () => {
  // PostgreSQL 16: section 8.5.4 (table 8.18 and text) and the regression tests' expected/interval.out.
  it.each([
    ['1-2', '1 year 2 mons'],
    ['3 4:05:06', '3 days 04:05:06'],
    ['1 year 2 months 3 days 4 hours 5 minutes 6 seconds', '1 year 2 mons 3 days 04:05:06'],
    ['P1Y2M3DT4H5M6S', '1 year 2 mons 3 days 04:05:06'],
    ['P0001-02-03T04:05:06', '1 year 2 mons 3 days 04:05:06'],
    ['1.5 weeks', '10 days 12:00:00'],
    ['1.5 months', '1 mon 15 days'],
    ['1.5 years', '1 year 6 mons'],
    ['@ 1 minute', '00:01:00'],
    ['@ 5 hour', '05:00:00'],
    ['@ 34 year', '34 years'],
    ['@ 3 months', '3 mons'],
    ['@ 14 seconds ago', '-00:00:14'],
    ['1 day 2 hours 3 minutes 4 seconds', '1 day 02:03:04'],
    ['6 years', '6 years'],
    ['5 months 12 hours', '5 mons 12:00:00'],
    ['-1 days +02:03', '-1 days +02:03:00'],
    ['-10 mons -3 days +03:55:06.7', '-10 mons -3 days +03:55:06.7'],
    ['1 millennium', '1000 years'],
    ['2.5 decades', '25 years'],
    ['30', '00:00:30'],
    ['0', '00:00:00'],
    ['-0.5 days', '-12:00:00'],
    ['1h30m', '01:30:00'],
    ['PT0.1S', '00:00:00.1'],
    ['P-1DT-2H', '-1 days -02:00:00'],
    ['1.123456789 s', '00:00:01.123456789'],
  ])('%s', (text, expected) => {
    expect(read(text)).toBe(expected);
  });

  const fields = (first: IntervalFields['first'], last = first): IntervalFields => ({ first, last });

  // expected/interval.out of PostgreSQL 16: "test inputting SQL standard syntax".
  it.each([
    ['1', fields('year'), '1 year'],
    ['1', fields('day'), '1 day'],
    ['2', fields('month'), '2 mons'],
    ['4', fields('hour'), '04:00:00'],
    ['1-2', fields('year', 'month'), '1 year 2 mons'],
    ['1 2:03', fields('day', 'hour'), '1 day 02:00:00'],
    ['1 2', fields('day', 'hour'), '1 day 02:00:00'],
    ['1 2:03:04', fields('day', 'minute'), '1 day 02:03:00'],
    ['1 2:03:04', fields('day', 'second'), '1 day 02:03:04'],
    ['1:02', fields('minute', 'second'), '00:01:02'],
    ['2:03:04', fields('hour', 'minute'), '02:03:00'],
    ['1 day 2 hours', fields('day'), '1 day'],
  ])('%s with fields', (text, each, expected) => {
    expect(read(text, each)).toBe(expected);
  });

  it.each(['', 'x', '1 2', '1 fortnight', 'P', 'P1', 'PT', '1 day ago ago', 'infinity'])('refuses %j', (text) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ code: '22007' }));
  });

  it.each(['2147483648 months', '178956971 years', '2147483648 days', '9223372037 s', '1-13', '1:60', '2562047788:00:54'])(
    'refuses %s as out of range',
    (text) => {
      expect(() => read(text)).toThrow(expect.objectContaining({ code: '22015' }));
    },
  );

  it('prints what it reads back', () => {
    const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
    const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
    fc.assert(
      fc.property(int32, int32, int64, (months, days, nanoseconds) => {
        const value = { months, days, nanoseconds };
        expect(parseInterval(formatInterval(value))).toEqual(value);
      }),
    );
  });
});
