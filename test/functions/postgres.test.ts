import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { cases } from './cases/all.ts';
import { answer } from './harness.ts';

/** Every expression of `cases/` has PostgreSQL's answer, recorded by `record.ts`. */

interface Golden {
  readonly engine: string;
  readonly answers: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

const golden: Golden = JSON.parse(readFileSync(new URL('postgres.golden.json', import.meta.url), 'utf8'));

/** Where LumaDB answers otherwise, and why. */
const DIFFERENT: Readonly<Record<string, string>> = {
  // decimals have 38 digits
  '12345678901234567.89 * -99999999999999999999.99': 'error 22003',
  '-99999999999999999999.99 * 12345678901234567.89': 'error 22003',
  '-99999999999999999999.99 * -99999999999999999999.99': 'error 22003',
  // an argument of concat is cast to text, where PostgreSQL writes it in its output form
  "concat('a', null, 1, true)": 'text: a1true',
  // decimals have no NaN
  "'NaN'::float8::numeric(10,2)": 'error 22003',
};

/** V8's cbrt and glibc's differ in the last place. */
const ONE_ULP_OFF = /^cbrt\(/;

function unscaled(text: string, scale: number): bigint {
  const [whole = '', fraction = ''] = text.split('.');
  return BigInt(whole + fraction.padEnd(scale, '0'));
}

function scaleOf(text: string): number {
  return text.split('.')[1]?.length ?? 0;
}

/** PostgreSQL's numeric chooses the scale of each result; ours is that of the type: equal when rounded to the lesser. */
function sameDecimal(a: string, b: string): boolean {
  const scale = Math.max(scaleOf(a), scaleOf(b));
  const difference = unscaled(a, scale) - unscaled(b, scale);
  const half = 10n ** BigInt(scale - Math.min(scaleOf(a), scaleOf(b)));
  return (difference < 0n ? -difference : difference) * 2n <= half;
}

function agree(text: string, expected: string, actual: string): boolean {
  if (expected === actual) return true;
  const [expectedType, expectedText = ''] = expected.split(': ');
  const [actualType, actualText = ''] = actual.split(': ');
  if (expectedType !== actualType || expectedText === '' || actualText === '') return false;
  if (expectedType === 'numeric') return sameDecimal(expectedText, actualText);
  if (!ONE_ULP_OFF.test(text)) return false;
  return Math.abs(Number(expectedText) - Number(actualText)) <= Number.EPSILON * Math.abs(Number(expectedText));
}

describe(golden.engine, () => {
  for (const [topic, texts] of Object.entries(cases)) {
    test(topic, () => {
      const wrong = texts.flatMap((text) => {
        const expected = DIFFERENT[text] ?? golden.answers[topic]?.[text] ?? 'not recorded';
        const actual = answer(text);
        return agree(text, expected, actual) ? [] : [{ text, expected, actual }];
      });
      expect(wrong).toEqual([]);
    });
  }
});
