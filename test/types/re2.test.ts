import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { re2FullMatch } from '../../src/types/re2.ts';

const FRAGMENTS =
  String.raw`a b B . .* a+ [ab] [^a] [a-c-] []a] [[:alpha:]] [^[:space:]\d] \d \s \S \w \W \b ( ) | (?i) (?i: (?-i) (?P<x>
  ? * {2} {1,2} {,2} { } ] \Q.\E \pL \p{Greek} \P{^Lu} \x41 \x{e9} \. \- [\-a] [\S] [^\S] [\^a] ^ $ \A \z \n (?s) (?: - é \101 \07 (?m) +?
  & \_ \q \1 (?= / [a&&b]`.split(/\s+/);
const TEXTS = [
  '',
  'a',
  'b',
  'A',
  'B',
  'ab',
  'aB',
  'AB',
  'a\nb',
  ' ',
  '-',
  '.',
  ']',
  '{',
  '{,2}',
  'aa',
  'é',
  'É',
  'Ω',
  '7',
  '_',
  '^',
  '/',
  '\v',
  '\u00a0',
];

// DuckDB's regular expressions are RE2's.
test('random patterns match what RE2 matches', async () => {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const matches = TEXTS.map((_, i) => `regexp_full_match($${i + 2}, $1, 's')`).join(', ');
  const expected = async (pattern: string): Promise<readonly unknown[] | undefined> => {
    try {
      return (await connection.runAndReadAll(`SELECT ${matches}`, [pattern, ...TEXTS])).getRows()[0];
    } catch {
      return undefined;
    }
  };
  const got = (pattern: string): readonly boolean[] | undefined => {
    try {
      const regex = re2FullMatch(pattern);
      return TEXTS.map((text) => regex.test(text));
    } catch {
      return undefined;
    }
  };
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(...FRAGMENTS), { minLength: 1, maxLength: 5 }), async (fragments) => {
      const pattern = fragments.join('');
      // RE2 repeats what stands before the flags; we refuse that.
      fc.pre(!/\(\?-?[ims]\)[*+?{]/.test(pattern));
      expect(got(pattern), pattern).toEqual(await expected(pattern));
    }),
    { numRuns: 500 },
  );
});

test('an inline flag holds to the end of its group, through all of its alternatives', () => {
  expect(re2FullMatch('((?i)PRO).*').test('production')).toBe(true);
  expect(re2FullMatch('a(?i)b|c').test('C')).toBe(true);
  expect(re2FullMatch('a(?i)b|c').test('aC')).toBe(false);
});
