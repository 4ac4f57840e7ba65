import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { BoundExpression, ConstantValue } from '../../planner/expression.ts';
import { castOf } from '../../planner/expression-build.ts';
import { evaluateConstant } from '../../src/exec/expression/evaluate.ts';
import { decimal, FLOAT64, INT32, INT64 } from '../../src/types/data-type.ts';
import { LumaError } from '../../src/types/error.ts';
import { call, constant } from '../exec/expression/build.ts';

/** Integer and decimal arithmetic against JavaScript's bigint, which does not overflow. */

const RUNS = { numRuns: 200 };

function outcome(expression: BoundExpression): ConstantValue | string {
  try {
    return evaluateConstant(expression);
  } catch (thrown) {
    if (thrown instanceof LumaError) return `error ${thrown.code}`;
    throw thrown;
  }
}

const EXACT: Readonly<Record<string, (a: bigint, b: bigint) => bigint>> = {
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  divide: (a, b) => a / b,
  modulo: (a, b) => a % b,
};

const operators = fc.constantFrom(...Object.keys(EXACT));

/** Any magnitude is as likely as any other. */
function integers(bits: number): fc.Arbitrary<bigint> {
  const size = fc.integer({ min: 0, max: bits - 1 });
  return size.chain((n) => fc.bigInt({ min: -(1n << BigInt(n)), max: (1n << BigInt(n)) - 1n }));
}

test.each([
  { type: INT32, bits: 32 },
  { type: INT64, bits: 64 },
])('$type.kind arithmetic is exact or an error', ({ type, bits }) => {
  const value = (n: bigint): BoundExpression => constant(bits === 32 ? Number(n) : n, type);
  fc.assert(
    fc.property(operators, integers(bits), integers(bits), (operator, a, b) => {
      const divides = operator === 'divide' || operator === 'modulo';
      const exact = divides && b === 0n ? undefined : EXACT[operator]?.(a, b);
      const expected = exact === undefined ? 'error 22012' : BigInt.asIntN(bits, exact) === exact ? exact : 'error 22003';
      const actual = outcome(call(operator, value(a), value(b)));
      expect(typeof actual === 'number' ? BigInt(actual) : actual).toBe(expected);
    }),
    RUNS,
  );
});

const decimals = fc
  .tuple(fc.integer({ min: 1, max: 38 }), fc.nat({ max: 38 }))
  .map(([precision, scale]) => ({ precision, scale: Math.min(precision, scale, 18) }))
  .chain(({ precision, scale }) =>
    fc.tuple(
      fc.constant(decimal(precision, scale)),
      fc.integer({ min: 0, max: precision }).chain((digits) => {
        const limit = 10n ** BigInt(digits) - 1n;
        return fc.bigInt({ min: -limit, max: limit });
      }),
    ),
  );

const LIMIT = 10n ** 38n;

/** Half away from zero. */
function rounded(value: bigint, divisor: bigint): bigint {
  const sign = value < 0n !== divisor < 0n ? -1n : 1n;
  const [n, d] = [value < 0n ? -value : value, divisor < 0n ? -divisor : divisor];
  return sign * ((2n * n + d) / (2n * d));
}

test('decimal arithmetic is exact at the scale of its type, or an error', () => {
  fc.assert(
    fc.property(operators, decimals, decimals, (operator, [aType, a], [bType, b]) => {
      const expression = call(operator, constant(a, aType), constant(b, bType));
      if (expression.type.kind !== 'decimal') throw new TypeError('not a decimal');
      const { scale } = expression.type;
      const common = Math.max(aType.scale, bType.scale);
      const [x, y] = [a * 10n ** BigInt(common - aType.scale), b * 10n ** BigInt(common - bType.scale)];
      const aligned = x < LIMIT && x > -LIMIT && y < LIMIT && y > -LIMIT;
      const exactly = (): bigint | undefined => {
        if (operator === 'multiply') return rounded(a * b, 10n ** BigInt(aType.scale + bType.scale - scale));
        if (operator === 'divide') return rounded(x * 10n ** BigInt(scale), y);
        return aligned ? EXACT[operator]?.(x, y) : undefined;
      };
      const divides = operator === 'divide' || operator === 'modulo';
      const exact = divides && b === 0n ? null : exactly();
      const expected =
        exact === null ? 'error 22012' : exact !== undefined && exact < LIMIT && exact > -LIMIT ? exact : 'error 22003';
      expect(outcome(expression)).toBe(expected);
    }),
    RUNS,
  );
});

const COMPARISONS: Readonly<Record<string, (order: number) => boolean>> = {
  equal: (order) => order === 0,
  not_equal: (order) => order !== 0,
  less: (order) => order < 0,
  less_equal: (order) => order <= 0,
  greater: (order) => order > 0,
  greater_equal: (order) => order >= 0,
};

test('decimals of any scales compare by value', () => {
  const near = fc.tuple(decimals, decimals, fc.boolean()).map(([a, b, same]) => [a, same ? a : b] as const);
  fc.assert(
    fc.property(fc.constantFrom(...Object.keys(COMPARISONS)), near, (operator, [[aType, a], [bType, b]]) => {
      const [x, y] = [a * 10n ** BigInt(bType.scale), b * 10n ** BigInt(aType.scale)];
      const expected = COMPARISONS[operator]?.(x < y ? -1 : x > y ? 1 : 0);
      expect(outcome(call(operator, constant(a, aType), constant(b, bType)))).toBe(expected);
    }),
    RUNS,
  );
});

test('a cast between decimals rounds half away from zero', () => {
  fc.assert(
    fc.property(decimals, decimals, ([from, value], [to]) => {
      const shift = to.scale - from.scale;
      const exact = shift >= 0 ? value * 10n ** BigInt(shift) : rounded(value, 10n ** BigInt(-shift));
      const limit = 10n ** BigInt(to.precision);
      const expected = exact < limit && exact > -limit ? exact : 'error 22003';
      expect(outcome(castOf(constant(value, from), to))).toBe(expected);
    }),
    RUNS,
  );
});

test('a decimal as float64 is the nearest one, or next to it', () => {
  fc.assert(
    fc.property(decimals, ([type, value]) => {
      const nearest = Number(`${value}e${-type.scale}`);
      const actual = Number(outcome(castOf(constant(value, type), FLOAT64)));
      expect(Math.abs(actual - nearest)).toBeLessThanOrEqual(Math.abs(nearest) * 2 * Number.EPSILON);
    }),
    RUNS,
  );
});
