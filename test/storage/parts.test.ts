import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Reclaimer } from '../../src/memory/reclaimer.ts';
import { SharedMemory } from '../../src/memory/shared-memory.ts';
import { FLOAT64, INT32, INT64, TEXT } from '../../src/types/data-type.ts';
import { vectorOf } from '../../src/types/vector-build.ts';
import { readValues } from '../../src/types/vector-read.ts';
import type { BoundOperator } from '../../storage/api.ts';
import { decodeColumn, encodeColumn } from '../../storage/lsm/column-codec.ts';
import { frame, unframe } from '../../storage/lsm/frame.ts';
import { keyOf, numbersOf, rangeOf } from '../../storage/lsm/keys.ts';
import { decodeRecord, encodeRecord } from '../../storage/lsm/record-codec.ts';
import { scalarFromText, scalarToText } from '../../storage/lsm/scalar-text.ts';
import { copyBits, countBits, fillBits, getBit } from '../../storage/segments/bits.ts';
import { Dictionary } from '../../storage/segments/dictionary.ts';
import { countDistinct } from '../../storage/segments/distinct.ts';
import { HyperLogLog } from '../../storage/segments/hyperloglog.ts';
import { boundsOf, excludes } from '../../storage/segments/zone-map.ts';
import { Sampler } from '../../storage/tables/sample.ts';
import { ALL_TYPES } from './model.ts';
import { arbitraryOf } from './model-suite.ts';

describe('bits', () => {
  test('copy, fill and count agree with arrays of booleans', () => {
    const bools = fc.array(fc.boolean(), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(bools, bools, fc.nat(), fc.nat(), fc.boolean(), (target, source, a, b, value) => {
        const pack = (bits: readonly boolean[]): Uint8Array => {
          const bytes = new Uint8Array((bits.length + 7) >> 3);
          bits.forEach((bit, i) => {
            if (bit) bytes[i >> 3] = (bytes[i >> 3] ?? 0) | (1 << (i & 7));
          });
          return bytes;
        };
        const to = a % target.length;
        const from = b % source.length;
        const count = Math.min(target.length - to, source.length - from);
        const bytes = pack(target);
        copyBits(bytes, to, pack(source), from, count);
        const copied = target.with(0, target[0] ?? false);
        copied.splice(to, count, ...source.slice(from, from + count));
        expect(copied.map((_, i) => getBit(bytes, i))).toEqual(copied);
        expect(countBits(bytes, to, count)).toBe(copied.slice(to, to + count).filter(Boolean).length);
        fillBits(bytes, to, count, value);
        copied.fill(value, to, to + count);
        expect(copied.map((_, i) => getBit(bytes, i))).toEqual(copied);
      }),
      { numRuns: 200 },
    );
  });
});

describe('distinct counts', () => {
  test.each([1, 100, 256, 257, 5000, 100_000, 1_000_000])('%i values', (count) => {
    const sketch = new HyperLogLog();
    const values = BigInt64Array.from({ length: count }, (_, i) => BigInt(i) * 1_000_003n);
    const vector = { type: INT64, length: count, validity: null, values, offsets: null, dictionary: null };
    countDistinct(sketch, vector, 0, count);
    countDistinct(sketch, vector, 0, count);
    // Four standard errors.
    const tolerance = count <= 64 ? 0 : 4 * 0.023;
    expect(Math.abs(sketch.estimate() / count - 1)).toBeLessThanOrEqual(tolerance);
    expect(HyperLogLog.fromBytes(sketch.toBytes()).estimate()).toBe(sketch.estimate());
  });

  test('merging is counting the union', () => {
    const all = new HyperLogLog();
    const parts = [new HyperLogLog(), new HyperLogLog()];
    const texts = vectorOf(
      TEXT,
      Array.from({ length: 3000 }, (_, i) => `text ${i}`),
    );
    countDistinct(all, texts, 0, 3000);
    parts.forEach((part, i) => {
      countDistinct(part, texts, i * 1000, 2000);
    });
    const [first = all, second = all] = parts;
    first.merge(second);
    expect(first.estimate()).toBe(all.estimate());
  });

  test('NULLs and booleans', () => {
    const sketch = new HyperLogLog();
    countDistinct(sketch, vectorOf({ kind: 'boolean' }, [true, null, false, true]), 0, 4);
    expect(sketch.estimate()).toBe(2);
    countDistinct(sketch, vectorOf(INT32, [null, null]), 0, 2);
    expect(sketch.estimate()).toBe(2);
  });
});

describe('zone maps', () => {
  const operators: readonly BoundOperator[] = ['equal', 'less', 'less_equal', 'greater', 'greater_equal'];
  const holds = (operator: BoundOperator, a: number | bigint, b: number | bigint): boolean => {
    switch (operator) {
      case 'equal':
        return a === b;
      case 'less':
        return a < b;
      case 'less_equal':
        return a <= b;
      case 'greater':
        return a > b;
      case 'greater_equal':
        return a >= b;
    }
  };

  test('a chunk is excluded exactly when no value within its bounds could meet the condition', () => {
    const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
    const near = fc.oneof(int64, fc.bigInt({ min: -3n, max: 3n }));
    fc.assert(
      fc.property(fc.array(fc.option(near), { minLength: 1, maxLength: 30 }), near, (rows, value) => {
        const vector = vectorOf(INT64, rows);
        const { min, max } = boundsOf(vector.values, vector.validity, 0, rows.length);
        const present = rows.filter((row) => row !== null);
        expect(min).toBe(present.reduce<bigint | null>((least, row) => (least === null || row < least ? row : least), null));
        expect(max).toBe(present.reduce<bigint | null>((most, row) => (most === null || row > most ? row : most), null));
        for (const operator of operators) {
          const excluded = excludes(
            { column: 0, operator, value },
            { min, max, nulls: rows.length - present.length },
            rows.length,
          );
          if (excluded) expect(present.some((row) => holds(operator, row, value))).toBe(false);
          else expect(present.length > 0 && min !== null && max !== null).toBe(true);
        }
      }),
      { numRuns: 200 },
    );
  });

  test('NaN and NULL', () => {
    const nan = vectorOf(FLOAT64, [1, Number.NaN]);
    const bounds = boundsOf(nan.values, null, 0, 2);
    expect(bounds).toEqual({ min: null, max: null, hasNaN: true });
    expect(excludes({ column: 0, operator: 'equal', value: 5 }, { ...bounds, nulls: 0 }, 2)).toBe(false);
    expect(excludes({ column: 0, operator: 'equal', value: null }, { ...bounds, nulls: 0 }, 2)).toBe(true);
    expect(excludes({ column: 0, operator: 'equal', value: 5 }, { min: null, max: null, nulls: 2 }, 2)).toBe(true);
  });
});

describe('dictionaries', () => {
  test('equal values have equal codes, and codes stay', () => {
    const memory = new SharedMemory(64 << 20);
    const dictionary = new Dictionary(memory, new Reclaimer(memory));
    const encoder = new TextEncoder();
    const codes = new Map<string, number>();
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 50 }), (values) => {
        for (const value of values) {
          const bytes = encoder.encode(value);
          const code = dictionary.intern(bytes, 0, bytes.length);
          expect(code).toBe(codes.get(value) ?? codes.size);
          codes.set(value, code);
        }
        expect(readValues(dictionary.vector())).toEqual([...codes.keys()]);
      }),
      { numRuns: 50 },
    );
    const version = dictionary.view().version;
    expect(dictionary.view().version).toBe(version);
    dictionary.intern(encoder.encode('certainly not yet there'), 0, 23);
    expect(dictionary.view().version).not.toBe(version);
    dictionary.release();
    expect(memory.used).toBe(0);
  });
});

describe('stored forms', () => {
  test('columns and records of every type come back', () => {
    for (const { name, type } of ALL_TYPES) {
      fc.assert(
        fc.property(fc.array(fc.option(arbitraryOf(type)), { maxLength: 40 }), fc.nat(), (values, at) => {
          const vector = vectorOf(type, values);
          const from = values.length === 0 ? 0 : at % values.length;
          const key = keyOf('c', 1, 2, 3);
          const stored = unframe(key, frame(key, encodeColumn(vector, from, values.length, false)));
          expect(readValues(decodeColumn(key, stored, type, null)), name).toEqual(values.slice(from));
          const record = decodeRecord(key, encodeRecord([vector, vector], from, values.length, 7), [type, type, type]);
          expect(record).toMatchObject({ numbers: 7, rows: values.length - from });
          expect(record.columns.map(readValues), name).toEqual([values.slice(from), values.slice(from)]);
        }),
        { numRuns: 30 },
      );
    }
  });

  test('a large value is compressed, and any changed byte is noticed', () => {
    const key = keyOf('l', 1, 2);
    const payload = new Uint8Array(100_000).map((_, i) => (i >> 8) & 255);
    const framed = frame(key, payload);
    expect(framed.length).toBeLessThan(payload.length / 10);
    expect(new Uint8Array(unframe(key, framed))).toEqual(payload);
    fc.assert(
      fc.property(fc.nat({ max: framed.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const damaged = framed.with(at, (framed[at] ?? 0) ^ change);
        expect(() => unframe(key, damaged)).toThrow(expect.objectContaining({ code: 'XX001' }));
      }),
      { numRuns: 100 },
    );
    expect(() => unframe(keyOf('l', 1, 3), framed)).toThrow(expect.objectContaining({ code: 'XX001' }));
    expect(() => unframe(key, framed.subarray(0, 5))).toThrow(expect.objectContaining({ code: 'XX001' }));
    expect(() => unframe(key, undefined)).toThrow(expect.objectContaining({ message: expect.stringContaining('l/1/2') }));
  });

  test('keys sort as their numbers, and a range holds exactly the keys that begin so', () => {
    const number = fc.integer({ min: 0, max: 2 ** 32 - 1 });
    fc.assert(
      fc.property(number, number, number, (a, b, c) => {
        expect(numbersOf(keyOf('c', a, b, c))).toEqual([a, b, c]);
        expect(Math.sign(Buffer.compare(keyOf('l', a, b), keyOf('l', a, c)))).toBe(Math.sign(b - c));
        const [from, to] = rangeOf('l', a);
        const inside = (key: Uint8Array): boolean => Buffer.compare(from, key) <= 0 && Buffer.compare(key, to) < 0;
        expect(inside(keyOf('l', a, b))).toBe(true);
        expect(inside(keyOf('l', b, c))).toBe(a === b);
        expect(inside(keyOf('s', a, b))).toBe(false);
      }),
      { numRuns: 200 },
    );
  });

  test('bounds as text', () => {
    const scalar = fc.oneof(fc.bigInt(), fc.double(), fc.boolean(), fc.string(), fc.constant(null));
    fc.assert(
      fc.property(scalar, (value) => {
        expect(scalarFromText(scalarToText(value))).toBe(value);
      }),
    );
  });
});

test('a sampler picks one row of every window, over segments', () => {
  const sampler = new Sampler(7);
  const picks = [...sampler.rows(70), ...[...sampler.rows(70)].map((row) => row + 70)];
  expect(picks).toHaveLength(20);
  expect(picks.map((row) => Math.floor(row / 7))).toEqual(Array.from({ length: 20 }, (_, i) => i));
});
