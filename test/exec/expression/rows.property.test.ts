import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { BoundExpression, ConstantValue } from '../../../planner/expression.ts';
import { caseOf, castOf, coalesceOf, isNullOf, logicalOf, notOf } from '../../../planner/expression-build.ts';
import { BOOLEAN, DATE, type DataType, decimal, FLOAT64, INT32, INT64, TEXT } from '../../../src/types/data-type.ts';
import { call, column, constant } from './build.ts';
import { evaluateRows, runRows, type TestColumn, type TestRow } from './row-harness.ts';

/** A loop over rows gives in each row what the expression gives over that row's constants. */

const WIDE = decimal(30, 4);
const NARROW = decimal(12, 2);
const COLUMNS: readonly TestColumn[] = [
  { id: 1, type: INT32 },
  { id: 2, type: INT64 },
  { id: 3, type: NARROW },
  { id: 4, type: WIDE },
  { id: 5, type: FLOAT64 },
  { id: 6, type: TEXT },
  { id: 7, type: TEXT, dictionary: true },
  { id: 8, type: BOOLEAN },
  { id: 9, type: DATE },
];

function nullable<T extends Exclude<ConstantValue, null>>(values: fc.Arbitrary<T>): fc.Arbitrary<ConstantValue> {
  return fc.oneof({ weight: 1, arbitrary: fc.constant(null) }, { weight: 5, arbitrary: values });
}

const smallText = fc.constantFrom('', 'a', 'ab', 'b', 'Ä', '12', '-3', 'abcdefghij', 'abcdefghik');

/** Small values half of the time, so that bounds let checks be left out, and extremes the other half. */
const narrowRow = fc.tuple(
  nullable(fc.integer({ min: -100, max: 100 })),
  nullable(fc.bigInt({ min: -1000n, max: 1000n })),
  nullable(fc.bigInt({ min: -100000n, max: 100000n })),
  nullable(fc.bigInt({ min: -(10n ** 7n), max: 10n ** 7n })),
  nullable(fc.constantFrom(0, 1.5, -2.25, 100)),
  nullable(smallText),
  nullable(smallText),
  nullable(fc.boolean()),
  nullable(fc.integer({ min: -1000, max: 20000 })),
);
const extremeRow = fc.tuple(
  nullable(fc.constantFrom(0, 1, -1, 2147483647, -2147483648)),
  nullable(fc.constantFrom(0n, -1n, 9223372036854775807n, -9223372036854775808n)),
  nullable(fc.bigInt({ min: -(10n ** 12n) + 1n, max: 10n ** 12n - 1n })),
  nullable(fc.bigInt({ min: -(10n ** 30n) + 1n, max: 10n ** 30n - 1n })),
  nullable(fc.constantFrom(0, -0, Number.NaN, Number.POSITIVE_INFINITY, 1e308, -1e-308)),
  nullable(smallText),
  nullable(smallText),
  nullable(fc.boolean()),
  nullable(fc.constantFrom(0, -2440588, 2145031948)),
);
const rowsOf: fc.Arbitrary<TestRow[]> = fc.oneof(
  fc.array(narrowRow, { minLength: 1, maxLength: 8 }),
  fc.array(fc.oneof(narrowRow, extremeRow), { minLength: 1, maxLength: 8 }),
);

const leaf = (id: number, type: DataType): fc.Arbitrary<BoundExpression> => fc.constant(column(id, type));

type Kind = 'integer' | 'exact' | 'float' | 'text' | 'boolean' | 'date';

const expressions = fc.letrec<Record<Kind, BoundExpression>>((tie) => {
  const binary = (names: readonly string[], a: fc.Arbitrary<BoundExpression>, b: fc.Arbitrary<BoundExpression>) =>
    fc.tuple(fc.constantFrom(...names), a, b).map(([name, x, y]) => call(name, x, y));
  const choice = (operand: fc.Arbitrary<BoundExpression>, type: DataType) =>
    fc
      .tuple(tie('boolean'), operand, operand)
      .map(([when, a, b]) => caseOf([{ when, then: castOf(a, type) }], castOf(b, type), type));
  return {
    integer: fc.oneof(
      { maxDepth: 3 },
      leaf(1, INT32),
      leaf(2, INT64),
      fc.integer({ min: -3, max: 3 }).map((value) => constant(value, INT32)),
      binary(['add', 'subtract', 'multiply', 'divide', 'modulo'], tie('integer'), tie('integer')),
      tie('integer').map((each) => call('negate', each)),
      tie('text').map((each) => call('length', each)),
      choice(tie('integer'), INT64),
    ),
    exact: fc.oneof(
      { maxDepth: 3 },
      leaf(3, NARROW),
      leaf(4, WIDE),
      fc.constantFrom(constant(150n, decimal(3, 2)), constant(-1n, decimal(1, 0)), constant(0n, decimal(2, 1))),
      binary(['add', 'subtract', 'multiply', 'divide', 'modulo'], tie('exact'), fc.oneof(tie('exact'), tie('integer'))),
      tie('exact').map((each) => call('abs', each)),
      tie('exact').map((each) => call('round', each)),
      tie('exact').map((each) => call('floor', each)),
      tie('exact').map((each) => castOf(each, decimal(20, 3))),
      choice(tie('exact'), decimal(38, 4)),
    ),
    float: fc.oneof(
      { maxDepth: 3 },
      leaf(5, FLOAT64),
      fc.constantFrom(0, 2.5, -1).map((value) => constant(value, FLOAT64)),
      binary(['add', 'subtract', 'multiply', 'divide', 'divide_float'], tie('float'), tie('float')),
      tie('exact').map((each) => castOf(each, FLOAT64)),
    ),
    text: fc.oneof(
      { maxDepth: 3 },
      leaf(6, TEXT),
      leaf(7, TEXT),
      smallText.map((value) => constant(value, TEXT)),
      binary(['concatenate'], tie('text'), tie('text')),
      tie('text').map((each) => call('upper', each)),
      tie('text').map((each) => call('substring', each, constant(2, INT32))),
      tie('text').map((each) => coalesceOf([each, constant('none', TEXT)], TEXT)),
      choice(tie('text'), TEXT),
    ),
    boolean: fc.oneof(
      { maxDepth: 3 },
      leaf(8, BOOLEAN),
      ...(['integer', 'exact', 'float', 'text', 'date'] as const).map((kind) =>
        binary(['equal', 'not_equal', 'less', 'greater_equal', 'is_distinct', 'is_not_distinct'], tie(kind), tie(kind)),
      ),
      binary(
        ['like'],
        tie('text'),
        fc.constantFrom('a%', '%b', '%b%', '_', '').map((pattern) => constant(pattern, TEXT)),
      ),
      tie('boolean').map((each) => notOf(each)),
      fc.oneof(tie('integer'), tie('text')).map((each) => isNullOf(each)),
      fc
        .tuple(fc.constantFrom('and' as const, 'or' as const), fc.array(tie('boolean'), { minLength: 2, maxLength: 3 }))
        .map(([kind, operands]) => logicalOf(kind, operands)),
      // a cast that fails on most texts, guarded
      tie('text').map((each) =>
        logicalOf('and', [call('like', each, constant('1%', TEXT)), call('equal', castOf(each, INT32), constant(12, INT32))]),
      ),
    ),
    date: fc.oneof({ maxDepth: 2 }, leaf(9, DATE), binary(['add', 'subtract'], tie('date'), fc.constant(column(1, INT32)))),
  };
});

const any = fc.oneof(
  expressions.integer,
  expressions.exact,
  expressions.float,
  expressions.text,
  expressions.boolean,
  expressions.date,
);

test.each([{ bounds: false }, { bounds: true }])('every row gives what its constants give (bounds: $bounds)', (options) => {
  fc.assert(
    fc.property(any, rowsOf, (expression, rows) => {
      expect(runRows(expression, COLUMNS, rows, options)).toEqual(evaluateRows(expression, COLUMNS, rows));
    }),
    { numRuns: 200 },
  );
});

test('a condition is 1 exactly where the expression is true', () => {
  fc.assert(
    fc.property(expressions.boolean, rowsOf, (expression, rows) => {
      const expected = evaluateRows(expression, COLUMNS, rows);
      const actual = runRows(expression, COLUMNS, rows, { condition: true });
      actual.forEach((outcome, i) => {
        const wanted = expected[i];
        // AND stops at NULL, too: it may skip an operand that would raise
        if (wanted === undefined || 'error' in wanted) return;
        if ('error' in outcome) throw new Error(`raised ${outcome.error}`);
        expect(outcome.value).toBe(wanted.value === true);
      });
    }),
    { numRuns: 200 },
  );
});
