/** Expressions over numbers. Every pair of edge values goes through every operator. */

const INTEGERS = ['0', '7', '-3', '2147483647', '(-2147483647 - 1)'];
const BIGINTS = [
  '0::bigint',
  '10::bigint',
  '-4::bigint',
  '9223372036854775807',
  '(-9223372036854775807 - 1)',
  '3037000500::bigint',
];
const DECIMALS = ['0.00', '1.5', '-2.55', '12345678901234567.89', '-99999999999999999999.99', '0.000000000000000001'];
const FLOATS = [
  '0::float8',
  '2.5::float8',
  '-0.1::float8',
  '1e308::float8',
  '1e-320::float8',
  "'NaN'::float8",
  "'Infinity'::float8",
  "'-Infinity'::float8",
];

function pairs(values: readonly string[], operators: readonly string[]): string[] {
  return operators.flatMap((operator) => values.flatMap((a) => values.map((b) => `${a} ${operator} ${b}`)));
}

const COMPARISONS = ['=', '<>', '<', '<=', '>', '>=', 'is distinct from'];

export const numericCases: readonly string[] = [
  ...pairs(INTEGERS, ['+', '-', '*', '/', '%', ...COMPARISONS]),
  ...pairs(BIGINTS, ['+', '-', '*', '/', '%', ...COMPARISONS]),
  ...pairs(DECIMALS.slice(0, 5), ['+', '-', '*', '%', ...COMPARISONS]),
  ...pairs(DECIMALS.slice(0, 4), ['/']),
  ...pairs(FLOATS, ['+', '-', '*', '/', ...COMPARISONS]),
  // mixed kinds and NULLs
  ...[
    '1 + 2::bigint',
    '1 + 2.5',
    '1 + 2.5::float8',
    '2.5 * 2::bigint',
    '1.5 + 0.25::float8',
    '7 / 2.0',
    '1 = 1.0',
    '1 < 1.5::float8',
  ],
  ...[
    '1 + null',
    'null::int + null',
    'null::numeric * 2',
    'null::float8 / 0',
    '1 / null::int',
    'null = null',
    'null is distinct from null',
    '1 is not distinct from null',
    '1 is not distinct from 1',
  ],
  ...[...INTEGERS.slice(0, 4), ...BIGINTS.slice(0, 4), ...DECIMALS, ...FLOATS].map((value) => `- (${value})`),
  ...[...INTEGERS, ...BIGINTS, ...DECIMALS, ...FLOATS].map((value) => `abs(${value})`),
  ...[INTEGERS, BIGINTS].flatMap((values) => values.flatMap((a) => values.map((b) => `gcd(${a}, ${b})`))),
  ...['gcd(1071, 462)', 'gcd(12, -18::bigint)', 'gcd(null, 4)', 'gcd(4, null::int)', 'gcd(1.5::float8, 2)'],
  ...['2.5', '-2.5', '3.5', '2.4999', '-0.4', '0.5', '-0.5', '123456789012345678901.5', '7.00'].flatMap((value) =>
    ['round', 'ceil', 'ceiling', 'floor', 'trunc', 'sign'].map((name) => `${name}(${value})`),
  ),
  ...['2.5', '-2.5', '3.5', '-0.4', '0.5', '-0.5', '1e300'].flatMap((value) =>
    ['round', 'ceil', 'floor', 'trunc', 'sign'].map((name) => `${name}(${value}::float8)`),
  ),
  ...[0, 1, 2, -1, -2, 5].flatMap((digits) => [
    `round(1234.5678, ${digits})`,
    `round(-1234.5678, ${digits})`,
    `trunc(1234.5678, ${digits})`,
    `trunc(-1234.5678, ${digits})`,
  ]),
  ...['0', '1', '2', '100', '0.25', '-1', '1e10'].flatMap((value) =>
    [
      'sqrt',
      'cbrt',
      'exp',
      'ln',
      'log',
      'sin',
      'cos',
      'tan',
      'asin',
      'acos',
      'atan',
      'sinh',
      'cosh',
      'tanh',
      'asinh',
      'acosh',
      'atanh',
      'degrees',
      'radians',
    ].map((name) => `${name}(${value}::float8)`),
  ),
  ...['log10(1000::float8)', 'exp(1000::float8)', 'degrees(1e307::float8)', "ln('NaN'::float8)", "sin('Infinity'::float8)"],
  ...[
    '2 ^ 10',
    '2::float8 ^ 0.5::float8',
    'power(0::float8, -1)',
    'power(-8::float8, 0.5)',
    'power(-8::float8, 3)',
    'power(10::float8, 400)',
    "power(1::float8, 'NaN')",
    'pow(2::float8, 3)',
  ],
  ...['atan2(1, 1)', 'atan2(-1::float8, 0)', 'pi()', "greatest('NaN'::float8, 1)", "least('NaN'::float8, 1)"],
  ...[
    'greatest(1, 2, 3)',
    'least(3, null, 2)',
    'greatest(null::int, null)',
    "greatest('a', 'b')",
    'greatest(1, 2.5)',
    'least(1, 2.5::float8)',
  ],
  ...[
    '1 between 0 and 2',
    '3 in (1, 2, 3)',
    '3 not in (1, 2)',
    '3 in (1, null)',
    '3 in (3, null)',
    'null::int in (1, 2)',
    '7 in (1, 2, 3, 4, 5, 6, 7, 8)',
    '9 in (1, 2, 3, 4, 5, 6, 7, 8)',
    '100000::bigint in (1, 2, 3, 4, 5, 6, 7, 100000)',
    '1.50 in (1, 1.5, 2, 3, 4, 5, 6, 7)',
    '2.5::float8 in (1, 2.5, 3)',
    '5 in (1, 2, 3, 4, 5000000, 5, 7)',
    '6 in (1, 2, 3, 4, 5000000, 5, 7)',
  ],
];
