import { describe, expect, it } from 'vitest';
import type { SeriesExpression } from '../../../grammars/ast/series.ts';
import { OPERATORS } from '../../../grammars/promql/keywords.ts';
import { parseSeriesExpression } from '../../../grammars/promql/parser.ts';

/** The tree with every operation in parentheses. */
function shape(expression: SeriesExpression): string {
  switch (expression.kind) {
    case 'series_binary':
      return `(${shape(expression.left)} ${OPERATORS[expression.operator].symbol} ${shape(expression.right)})`;
    case 'series_negate':
      return `-(${shape(expression.operand)})`;
    case 'number':
      return String(expression.value);
    case 'selector': {
      const { metric, offset, at } = expression;
      return `${metric}${offset === 0 ? '' : `<${offset}>`}${at?.type === 'time' ? `@${at.time}` : ''}`;
    }
    case 'range_selector':
      return `${shape(expression.selector)}[${expression.range}]`;
    case 'subquery':
      return `${shape(expression.expression)}[${expression.range}:${expression.step ?? ''}]`;
    case 'series_call':
      return `${expression.name}(${expression.arguments.map(shape).join(', ')})`;
    case 'aggregation':
      return `${expression.operator} ${expression.grouping.type}(${expression.grouping.labels})(${shape(expression.operand)})`;
    case 'string':
      return JSON.stringify(expression.value);
  }
}

const shapes = (cases: readonly (readonly [string, string])[]): void => {
  it.each(cases)('%s', (text, expected) => expect(shape(parseSeriesExpression(text))).toBe(expected));
};

/**
 * Source: https://prometheus.io/docs/prometheus/latest/querying/operators/#binary-operator-precedence: from high to low
 * ^; * / % atan2; + -; == != <= < >= >; and unless; or. "2 * 3 % 2 is equivalent to (2 * 3) % 2. However ^ is right
 * associative, so 2 ^ 3 ^ 2 is equivalent to 2 ^ (3 ^ 2)."
 */
describe('binary operators', () => {
  shapes([
    ['2 * 3 % 2', '((2 * 3) % 2)'],
    ['2 ^ 3 ^ 2', '(2 ^ (3 ^ 2))'],
    ['a + b * c', '(a + (b * c))'],
    ['a * b + c', '((a * b) + c)'],
    ['a * b ^ c', '(a * (b ^ c))'],
    ['a - b - c', '((a - b) - c)'],
    ['a / b atan2 c', '((a / b) atan2 c)'],
    ['a + b > c - d', '((a + b) > (c - d))'],
    ['a > b == c', '((a > b) == c)'],
    ['a and b > c', '(a and (b > c))'],
    ['a or b and c', '(a or (b and c))'],
    ['a unless b and c', '((a unless b) and c)'],
    ['a or b unless c or d', '((a or (b unless c)) or d)'],
    ['(a + b) * c', '((a + b) * c)'],
    ['a AND b Or c', '((a and b) or c)'],
  ]);
});

/** Source: Prometheus, promql/parser/generated_parser.y: a sign has the precedence of `*`; promqltest operators.test and literals.test. */
describe('signs', () => {
  shapes([
    ['-1^2', '-((1 ^ 2))'],
    ['-a ^ b', '-((a ^ b))'],
    ['-a * b', '(-(a) * b)'],
    ['a * -b', '(a * -(b))'],
    ['a ^ -b * c', '((a ^ -(b)) * c)'],
    ['-2^---1*3', '(-((2 ^ -1)) * 3)'],
    ['1 - -1', '(1 - -1)'],
    ['--1', '1'],
    ['-(1)', '-(1)'],
    ['+a', 'a'],
    ['-a offset 5m', '-(a<300000>)'],
    ['-rate(a[5m])', '-(rate(a[300000]))'],
  ]);
});

/** Source: Prometheus, promql/parser/parse_test.go ("foo offset -2^2" is "(foo offset -2)^2"). */
describe('suffixes', () => {
  shapes([
    ['a + b offset 1h', '(a + b<3600000>)'],
    ['a offset -1h30m', 'a<-5400000>'],
    ['a offset -2^2', '(a<-2000> ^ 2)'],
    ['a offset -0s @ -0', 'a@0'],
    ['a @ 1.234 offset 50', 'a<50000>@1234'],
    ['a offset 50s @ -100', 'a<50000>@-100000'],
    ['a{}[5m] offset 1m', 'a<60000>[300000]'],
    ['a[10:1]', 'a[10000:1000]'],
    ['(a + b)[1h:]', '(a + b)[3600000:]'],
    ['rate((a[25m]))', 'rate(a[1500000])'],
    ['a[1h30m:1m]', 'a[5400000:60000]'],
    ['sum(a) by (b)', 'sum by(b)(a)'],
    ['SUM by (b, c,) (a)', 'sum by(b,c)(a)'],
    ['sum without (on) (a)', 'sum without(on)(a)'],
    ['sum(a)', 'sum by()(a)'],
    ['sum + count', '(sum + count)'],
    ['5m', '300'],
    ['1h30m', '5400'],
  ]);
});

/** Source: Prometheus, promql/parser/parse_test.go and lex_test.go; Go's strconv. */
describe('literals', () => {
  it.each([
    ['0x8f', 143],
    ['0xABC_DEF', 0xabcdef],
    ['0755', 493],
    ['08', 8],
    ['1_000', 1000],
    ['.5', 0.5],
    ['5.', 5],
    ['+5.5e-3', 0.0055],
    ['-0755', -493],
    ['+Inf', Number.POSITIVE_INFINITY],
    ['-iNf', Number.NEGATIVE_INFINITY],
    ['NaN', Number.NaN],
  ])('%s', (text, value) => expect(parseSeriesExpression(text)).toMatchObject({ kind: 'number', value }));

  it.each([
    [String.raw`"double-quoted string \" with escaped quote"`, 'double-quoted string " with escaped quote'],
    [String.raw`'single-quoted string \' with escaped quote'`, "single-quoted string ' with escaped quote"],
    ['`backtick-quoted string`', 'backtick-quoted string'],
    [
      String.raw`"\a\b\f\n\r\t\v\\\" - \xFF\377\u1234\U00010111\U0001011111☺"`,
      '\x07\b\f\n\r\t\v\\" - \ufffd\ufffd\u1234\u{10111}\u{10111}11☺',
    ],
    ['`\\a\\b\\f\\n`', String.raw`\a\b\f\n`],
    [String.raw`"\xc3\xa9\303\251"`, 'éé'],
  ])('%s', (text, value) => expect(parseSeriesExpression(text)).toMatchObject({ kind: 'string', value }));
});

/** Source: https://prometheus.io/docs/prometheus/latest/querying/basics/ and Prometheus 3's UTF-8 names. */
describe('selectors', () => {
  it.each<readonly [string, string | null, readonly string[]]>([
    ['up', 'up', []],
    ['{__name__="up"}', 'up', []],
    ['{"my.metric", a="b",}', 'my.metric', ['a equal b']],
    ['{"my.label"=~"x"}', null, ['my.label match x']],
    ["a:b{c=~`d|e`, f!~''}", 'a:b', ['c match d|e', 'f not_match ']],
    ['x{sum="1", offset="2"} # a comment', 'x', ['sum equal 1', 'offset equal 2']],
    ['{__name__=~"a.*"}', null, ['__name__ match a.*']],
  ])('%s', (text, metric, matchers) => {
    const expression = parseSeriesExpression(text);
    if (expression.kind !== 'selector') throw new Error(expression.kind);
    expect(expression.metric).toBe(metric);
    expect(expression.matchers.map((each) => `${each.label} ${each.operator} ${each.value}`)).toEqual(matchers);
  });
});

it('keeps how vectors match', () => {
  const matching = { on: true, labels: ['a'], cardinality: 'many_to_one', include: ['b'] };
  expect(parseSeriesExpression('x * on (a) group_left (b) y')).toMatchObject({ matching });
  expect(parseSeriesExpression('x and ignoring (a) y')).toMatchObject({
    matching: { on: false, labels: ['a'], cardinality: 'many_to_many', include: [] },
  });
  expect(parseSeriesExpression('x == bool on () y')).toMatchObject({ returnBool: true, matching: { on: true, labels: [] } });
});
