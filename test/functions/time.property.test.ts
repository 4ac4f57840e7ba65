import fc from 'fast-check';
import { expect, test } from 'vitest';
import { evaluateConstant } from '../../src/exec/expression/evaluate.ts';
import { DATE, INTERVAL, TEXT, TIMESTAMP } from '../../src/types/data-type.ts';
import { call, constant } from '../exec/expression/build.ts';

/** Calendar arithmetic against JavaScript's Date, which knows the years −271821 to 275760. */

const RUNS = { numRuns: 200 };
const DAY_MS = 86_400_000;
const days = fc.integer({ min: -2_400_000, max: 90_000_000 });
const text = (value: string) => constant(value, TEXT);

test('fields of a date are those of the calendar', () => {
  fc.assert(
    fc.property(days, (day) => {
      const date = new Date(day * DAY_MS);
      const part = (field: string) => evaluateConstant(call('extract', text(field), constant(day, DATE)));
      const year = date.getUTCFullYear();
      expect(part('year')).toBe(year > 0 ? year : year - 1);
      expect(part('month')).toBe(date.getUTCMonth() + 1);
      expect(part('day')).toBe(date.getUTCDate());
      expect(part('dow')).toBe(date.getUTCDay());
      const first = new Date(0);
      first.setUTCFullYear(year, 0, 1);
      expect(part('doy')).toBe((day * DAY_MS - first.getTime()) / DAY_MS + 1);
    }),
    RUNS,
  );
});

test('adding months keeps the day or takes the last of the month', () => {
  fc.assert(
    fc.property(days, fc.integer({ min: -5000, max: 5000 }), (day, months) => {
      const date = new Date(day * DAY_MS);
      const last = new Date(0);
      last.setUTCFullYear(date.getUTCFullYear(), date.getUTCMonth() + months + 1, 0);
      const expected = new Date(0);
      const month = date.getUTCMonth() + months;
      expected.setUTCFullYear(date.getUTCFullYear(), month, Math.min(date.getUTCDate(), last.getUTCDate()));
      const interval = constant({ months, days: 0, nanoseconds: 0n }, INTERVAL);
      const sum = evaluateConstant(call('add', constant(day, DATE), interval));
      expect(sum).toBe(BigInt(expected.getTime()) * 1000n);
    }),
    RUNS,
  );
});

test('truncating to a field gives the last beginning of one', () => {
  const micros = fc.bigInt({ min: -200n * 365n * 86_400_000_000n, max: 400n * 365n * 86_400_000_000n });
  fc.assert(
    fc.property(micros, (value) => {
      const trunc = (field: string) =>
        BigInt(String(evaluateConstant(call('date_trunc', text(field), constant(value, TIMESTAMP)))));
      const floor = (size: bigint) => value - (((value % size) + size) % size);
      expect(trunc('hour')).toBe(floor(3_600_000_000n));
      expect(trunc('day')).toBe(floor(86_400_000_000n));
      const day = Number(floor(86_400_000_000n) / 1000n);
      const monday = day - ((new Date(day).getUTCDay() + 6) % 7) * DAY_MS;
      expect(trunc('week')).toBe(BigInt(monday) * 1000n);
      const month = new Date(day);
      month.setUTCDate(1);
      expect(trunc('month')).toBe(BigInt(month.getTime()) * 1000n);
      month.setUTCMonth(Math.floor(month.getUTCMonth() / 3) * 3);
      expect(trunc('quarter')).toBe(BigInt(month.getTime()) * 1000n);
    }),
    RUNS,
  );
});
