import { expect, test } from 'vitest';
import { evaluate } from './harness.ts';

/** RE2's syntax as its documentation has it (github.com/google/re2/wiki/Syntax), matched against the whole text. */
function fullMatch(text: string, pattern: string): unknown {
  const quote = (value: string): string => `'${value.replaceAll("'", "''")}'`;
  return evaluate(`regexp_full_match(${quote(text)}, ${quote(pattern)})`);
}

test.each([
  ['abc', 'a.c', true],
  ['abc', 'b', false],
  ['abc', 'ab|abc', true],
  ['', '', true],
  ['', 'a*', true],
  ['a\nc', 'a.c', true],
  ['ABC', '(?i)abc', true],
  ['aBc', 'a(?i:b)c', true],
  ['AbC', 'a(?i:b)c', false],
  ['42', '\\d+', true],
  ['a_1', '\\w+', true],
  ['a-b', '[a\\-b]+', true],
  ['a-b', 'a\\-b', true],
  ['x]', '[]x]+', true],
  ['[x', '[[x]+', true],
  ['ab1', '[[:alpha:]]+[[:digit:]]', true],
  ['a.b', '\\Qa.b\\E', true],
  ['axb', '\\Qa.b\\E', false],
  ['aa', '(?P<name>a)a', true],
  ['aaa', 'a{2,3}', true],
  ['a{x}', 'a\\{x\\}', true],
  ['a{', 'a{', true],
  ['日本', '\\pL+', true],
  ['é', '\\p{L}', true],
  ['A', '\\x41', true],
  ['A', '\\x{41}', true],
  ['ab', '\\Aab\\z', true],
  ['node-1.example.com:9100', 'node-\\d+\\.example\\.com:.+', true],
])('%j ~ %j is %j', (text, pattern, expected) => {
  expect(fullMatch(text, pattern)).toBe(expected);
});

test.each(['(', '[a', 'a**', '(?=a)', '(?<!a)b', '(a)\\1', '\\', '*a', '[[:nope:]]', '\\q'])('%j is no pattern', (pattern) => {
  expect(() => fullMatch('a', pattern)).toThrow(expect.objectContaining({ code: '2201B' }));
});
