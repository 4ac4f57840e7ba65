import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { BoundExpression, Constant, ConstantValue } from '../../../planner/expression.ts';
import { constantOf } from '../../../planner/expression-build.ts';
import { BOOLEAN, type DataType, decimal, INT32, INT64, TEXT } from '../../../src/types/data-type.ts';
import { NO_SPAN } from '../../../src/types/span.ts';
import { column } from './build.ts';
import { runRows } from './row-harness.ts';

/** IN over sets of every size and spread: chains, bitmaps, searches. */

function in_(type: DataType, values: readonly ConstantValue[]): BoundExpression {
  const constants = values.map((value): Constant => constantOf(value, type));
  return { kind: 'in', operand: column(1, type), values: constants, type: BOOLEAN, nullable: true, span: NO_SPAN };
}

/** SQL's: NULL when the value is NULL, or is not found and a NULL is in the list. */
function expected(value: ConstantValue, values: readonly ConstantValue[]): ConstantValue {
  if (value === null) return null;
  if (values.includes(value)) return true;
  return values.includes(null) ? null : false;
}

const nullable = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(arbitrary, { freq: 8 });

const domains: readonly { readonly name: string; readonly type: DataType; readonly values: fc.Arbitrary<ConstantValue> }[] = [
  { name: 'near int32', type: INT32, values: nullable(fc.integer({ min: -40, max: 40 })) },
  { name: 'far int32', type: INT32, values: nullable(fc.oneof(fc.integer(), fc.integer({ min: 0, max: 9 }))) },
  {
    name: 'far int64',
    type: INT64,
    values: nullable(fc.oneof(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.bigInt({ min: 0n, max: 9n }))),
  },
  {
    name: 'wide decimals',
    type: decimal(30, 2),
    values: nullable(fc.oneof(fc.bigInt({ min: -(10n ** 29n), max: 10n ** 29n }), fc.bigInt({ min: 0n, max: 9n }))),
  },
  {
    name: 'texts',
    type: TEXT,
    values: nullable(fc.constantFrom('', 'a', 'b', 'ab', 'abc', 'ä', '日本', 'abcdefghi', 'abcdefghj')),
  },
  { name: 'booleans', type: BOOLEAN, values: nullable(fc.boolean()) },
];

test.each(domains)('$name', ({ type, values }) => {
  fc.assert(
    fc.property(
      fc.array(values, { minLength: 1, maxLength: 12 }),
      fc.array(values, { minLength: 1, maxLength: 6 }),
      (list, rows) => {
        for (const bounds of [false, true]) {
          const outcomes = runRows(
            in_(type, list),
            [{ id: 1, type }],
            rows.map((row) => [row]),
            { bounds },
          );
          expect(outcomes).toEqual(rows.map((row) => ({ value: expected(row, list) })));
        }
      },
    ),
    { numRuns: 60 },
  );
});
