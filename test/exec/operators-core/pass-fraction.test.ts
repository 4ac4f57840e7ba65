import { describe, expect, test } from 'vitest';
import type { BlockFilter } from '../../../src/exec/operators/scan/block-filter.ts';
import { passFraction } from '../../../src/exec/operators/scan/pass-fraction.ts';
import { FLOAT64, INT32 } from '../../../src/types/data-type.ts';

/** Columns of values spread evenly: a over 0 … 100, x over −1 … 1, b unknown. */
const COLUMNS = [
  {
    column: { id: 1, name: 'a', type: INT32, nullable: false },
    dictionary: null,
    hasNulls: false,
    bounds: { min: 0n, max: 100n },
  },
  {
    column: { id: 2, name: 'x', type: FLOAT64, nullable: false },
    dictionary: null,
    hasNulls: false,
    bounds: null,
    range: { min: -1, max: 1 },
  },
  { column: { id: 3, name: 'b', type: INT32, nullable: true }, dictionary: null, hasNulls: true, bounds: { min: 0n, max: 9n } },
];

function filter(...comparisons: BlockFilter['comparisons']): BlockFilter {
  return { comparisons, flags: [], nulls: [], rest: [] };
}

describe('what part of the rows passes', () => {
  test.each([
    ['less', 90n, 0.9],
    ['less_equal', 250n, 1],
    ['greater', 90n, 0.1],
    ['greater_equal', -5n, 1],
    ['equal', 50n, 0],
    ['not_equal', 50n, 1],
  ] as const)('a %s %i', (comparison, constant, expected) => {
    const fraction = passFraction(filter({ column: 1, position: 0, lane: 'i32x4', comparison, constant }), COLUMNS);
    expect(fraction).toBeCloseTo(expected, 10);
  });

  test('conditions multiply; of what is not known, half', () => {
    const a = { column: 1, position: 0, lane: 'i32x4', comparison: 'less', constant: 50n } as const;
    const x = { column: 2, position: 1, lane: 'f64x2', comparison: 'greater', constant: 0.5 } as const;
    const b = { column: 3, position: 2, lane: 'i32x4', comparison: 'less', constant: 9n } as const;
    expect(passFraction(filter(a, x), COLUMNS)).toBeCloseTo(0.125, 10);
    expect(passFraction(filter(b), COLUMNS)).toBe(0.5);
    expect(passFraction({ ...filter(a), nulls: [{ position: 2, negated: true }] }, COLUMNS)).toBeCloseTo(0.25, 10);
  });
});
