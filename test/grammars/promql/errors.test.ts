import { describe, expect, it } from 'vitest';
import { promql } from '../../../grammars/promql/language.ts';
import { parseSeriesExpression } from '../../../grammars/promql/parser.ts';
import { LumaError } from '../../../src/types/error.ts';

function errorOf(text: string): LumaError {
  try {
    parseSeriesExpression(text);
  } catch (error) {
    if (error instanceof LumaError) return error;
    throw error;
  }
  throw new Error(`${text} parses`);
}

/** Messages and places as in Prometheus 3, promql/parser/parse_test.go; codes are PostgreSQL's. */
describe('refuses as Prometheus does', () => {
  it.each<readonly [string, string, string, string]>([
    ['', '42601', '', 'no expression found in input'],
    ['1 == 1', '42601', '==', 'comparisons between scalars must use BOOL modifier'],
    ['1 or 1', '42601', '1 or 1', 'set operator "or" not allowed in binary scalar expression'],
    ['foo or 1', '42601', 'foo or 1', 'set operator "or" not allowed in binary scalar expression'],
    ['1 + bool 1', '42601', '+ bool', 'bool modifier can only be used on comparison operators'],
    ['foo + "x"', '42804', '"x"', 'binary expression must contain only scalar and instant vector types'],
    ['foo[5m] + 1', '42804', 'foo[5m]', 'binary expression must contain only scalar and instant vector types'],
    ['-"x"', '42804', '-"x"', 'unary expression only allowed on expressions of type scalar or instant vector, got "string"'],
    [
      '-test[5m]',
      '42804',
      '-test[5m]',
      'unary expression only allowed on expressions of type scalar or instant vector, got "range vector"',
    ],
    ['foo * on(bar) 1', '42601', 'foo * on(bar) 1', 'vector matching only allowed between instant vectors'],
    [
      'foo and on(bar) group_left(baz) qux',
      '42601',
      'foo and on(bar) group_left(baz) qux',
      'no grouping allowed for "and" operation',
    ],
    [
      'http_requests{group="production"} + on(instance) group_left(job,instance) cpu_count',
      '42601',
      '+ on(instance) group_left(job,instance)',
      'label "instance" must not occur in ON and GROUP clause at once',
    ],
    ['{}', '42601', '{}', 'vector selector must contain at least one non-empty matcher'],
    ['{x=""}', '42601', '{x=""}', 'vector selector must contain at least one non-empty matcher'],
    ['{x=~".*"}', '42601', '{x=~".*"}', 'vector selector must contain at least one non-empty matcher'],
    ['{x!="a"}', '42601', '{x!="a"}', 'vector selector must contain at least one non-empty matcher'],
    ['{x!~"(?i)A.+"}', '42601', '{x!~"(?i)A.+"}', 'vector selector must contain at least one non-empty matcher'],
    ['foo{__name__="bar"}', '42601', '__name__="bar"', 'metric name must not be set twice: "foo" or "bar"'],
    ['foo[0m]', '42601', '0m', 'duration must be greater than 0'],
    ['foo["5m"]', '42601', '"', "unexpected character in duration expression: '\"'"],
    ['foo[1e300]', '42601', '1e300', 'duration out of range'],
    ['foo @ 1e20', '42601', '1e20', 'timestamp out of bounds for @ modifier'],
    ['foo[5m', '42601', '', 'unexpected end of input in subquery or range'],
    ['foo[5m] OFFSET 1h30', '42601', '1h30', 'bad number or duration syntax: "1h30"'],
    ['foo[1m1h]', '42601', '1m1h', 'not a valid duration string: "1m1h"'],
    ['(foo + bar)[5m]', '42601', '[5m]', 'ranges only allowed for vector selectors'],
    ['foo offset 5m [5m]', '42601', '[5m]', 'no offset modifiers allowed before range'],
    ['foo @ 5 [5m]', '42601', '[5m]', 'no @ modifiers allowed before range'],
    ['foo offset 1m offset 2m', '42601', '2m', 'offset may not be set multiple times'],
    ['foo @ 1 @ 2', '42601', '2', '@ <timestamp> may not be set multiple times'],
    [
      'sum(foo) offset 5m',
      '42601',
      'sum(foo)',
      'offset modifier must be preceded by an instant vector selector or range vector selector or a subquery',
    ],
    [
      '(foo) @ 5',
      '42601',
      '(foo)',
      '@ modifier must be preceded by an instant vector selector or range vector selector or a subquery',
    ],
    ['foo @ xyz', '42601', 'xyz', 'unexpected identifier "xyz" in @'],
    ['sum()', '42601', 'sum()', 'no arguments for aggregate expression provided'],
    ['sum(a, b)', '42601', 'sum(a, b)', 'wrong number of arguments for aggregate expression provided, expected 1, got 2'],
    ['topk(a)', '42601', 'topk(a)', 'wrong number of arguments for aggregate expression provided, expected 2, got 1'],
    [
      'topk(some_metric, other_metric)',
      '42804',
      'some_metric',
      'expected type scalar in aggregation parameter, got instant vector',
    ],
    ['count_values(5, other_metric)', '42804', '5', 'expected type string in aggregation parameter, got scalar'],
    ['sum(foo[5m])', '42804', 'foo[5m]', 'expected type instant vector in aggregation expression, got range vector'],
    ['sum by (a b) (c)', '42601', 'b', 'unexpected identifier "b" in grouping opts'],
    ['rate(some_metric)', '42804', 'some_metric', 'expected type range vector in call to function "rate", got instant vector'],
    ['floor()', '42601', 'floor()', 'expected 1 argument(s) in call to "floor", got 0'],
    ['floor(a, b)', '42601', 'floor(a, b)', 'expected 1 argument(s) in call to "floor", got 2'],
    ['round(a, 1, 2)', '42601', 'round(a, 1, 2)', 'expected at most 2 argument(s) in call to "round", got 3'],
    ['label_join(a, "b")', '42601', 'label_join(a, "b")', 'expected at least 3 argument(s) in call to "label_join", got 2'],
    ['floor(1)', '42804', '1', 'expected type instant vector in call to function "floor", got scalar'],
    ['rate(foo[5m],)', '42601', ',', 'trailing commas not allowed in function call args'],
    ['1[5m:]', '42804', '1[5m:]', 'subquery is only allowed on instant vector, got scalar instead'],
    ['non_existent_function(a)', '42883', 'non_existent_function', 'unknown function with name "non_existent_function"'],
    ['foo{a=~"("}', '2201B', 'a=~"("', 'error parsing regexp: missing closing ): "("'],
    ['foo{a}', '42601', '}', 'unexpected "}" in label matching'],
    ['foo{a=b}', '42601', 'b', 'unexpected label "b" in label matching'],
    ['foo{a="b" c="d"}', '42601', 'c', 'unexpected label "c" in label matching'],
    ['a)', '42601', ')', 'unexpected ")"'],
    ['a b', '42601', 'b', 'unexpected identifier "b"'],
    ['"\\q"', '42601', '\\q', 'illegal escape sequence'],
    ['"\\uD800"', '42601', '\\u', 'escape sequence is an invalid Unicode code point'],
    ['"a', '42601', '"a', 'unterminated quoted string'],
    ['a = b', '42601', '=', 'unexpected "="'],
  ])('%s', (text, code, where, message) => {
    const error = errorOf(text);
    expect(error.message).toBe(message);
    expect(error.code).toBe(code);
    expect(text.slice(error.span?.start, error.span?.end)).toBe(where);
  });
});

/** What Prometheus 3 keeps behind feature flags, or has and LumaDB has not. */
describe('names what it does not take', () => {
  it.each(['histogram_sum(x)', 'limit_ratio(0.5, x)', 'x smoothed', 'a + fill(0) b', 'info(x)', 'x[5m+1m]', 'x[5m*2]'])(
    '%s',
    (text) => {
      const error = errorOf(text);
      expect([error.code, error.hint]).toEqual(
        text === 'x[5m+1m]' ? ['42601', expect.any(String)] : ['0A000', expect.any(String)],
      );
    },
  );
});

it('says what would have been right', () => {
  expect(errorOf('rat(x[5m])').hint).toBe('Did you mean "rate"?');
  expect(errorOf('rate(x)').hint).toContain('[5m]');
  expect(errorOf('foo{a=').expected).toEqual(['string']);
  expect(errorOf('foo[5m').expected).toEqual(['"]"']);
  expect(errorOf('SELECT 1').hint).toContain('SQL');
});

it('has no statement in an empty text', () => {
  expect(promql.parse(' \n# nothing\n')).toEqual([]);
});
