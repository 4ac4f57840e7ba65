import fc from 'fast-check';
import { expect, test } from 'vitest';
import { evaluateConstant } from '../../src/exec/expression/evaluate.ts';
import { INT32, TEXT } from '../../src/types/data-type.ts';
import { call, column, constant } from '../exec/expression/build.ts';
import { runRows } from '../exec/expression/row-harness.ts';

/** Text functions against JavaScript's strings taken as code points. */

const RUNS = { numRuns: 200 };
const characters = fc.constantFrom('a', 'b', '%', '_', '\\', 'ä', '日', '😀');
const texts = fc.array(characters, { maxLength: 8 }).map((each) => each.join(''));
const text = (value: string) => constant(value, TEXT);

/** The pattern as a regular expression; undefined when it ends with its escape. */
function likeRegex(pattern: string): RegExp | undefined {
  let source = '';
  const each = [...pattern];
  for (let i = 0; i < each.length; i++) {
    const character = each[i] ?? '';
    if (character === '%') source += '.*';
    else if (character === '_') source += '.';
    else {
      const literal = character === '\\' ? each[++i] : character;
      if (literal === undefined) return undefined;
      source += literal.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
    }
  }
  return new RegExp(`^${source}$`, 'su');
}

test('LIKE matches what the same regular expression does, as a constant pattern and as a column', () => {
  fc.assert(
    fc.property(texts, texts, (value, pattern) => {
      const regex = likeRegex(pattern);
      fc.pre(regex !== undefined);
      const expected = regex?.test(value);
      expect(evaluateConstant(call('like', text(value), text(pattern)))).toBe(expected);
      const columns = [
        { id: 1, type: TEXT },
        { id: 2, type: TEXT },
      ];
      const general = call('like', column(1, TEXT, false), column(2, TEXT, false));
      expect(runRows(general, columns, [[value, pattern]])).toEqual([{ value: expected }]);
    }),
    RUNS,
  );
});

test('texts compare by code point', () => {
  const codes = (value: string): number[] => [...value].map((each) => each.codePointAt(0) ?? 0);
  const order = (a: readonly number[], b: readonly number[]): number => {
    const at = a.findIndex((each, i) => each !== b[i]);
    if (at < 0) return a.length - b.length;
    return (a[at] ?? 0) - (b[at] ?? -1);
  };
  const long = fc.tuple(fc.constantFrom('', 'the same beginning '), texts).map((each) => each.join(''));
  fc.assert(
    fc.property(long, long, (a, b) => {
      const expected = Math.sign(order(codes(a), codes(b)));
      expect(evaluateConstant(call('less', text(a), text(b)))).toBe(expected < 0);
      expect(evaluateConstant(call('equal', text(a), text(b)))).toBe(expected === 0);
      expect(evaluateConstant(call('greater_equal', text(a), text(b)))).toBe(expected >= 0);
    }),
    RUNS,
  );
});

test('substring, length and strpos count code points', () => {
  fc.assert(
    fc.property(texts, texts, fc.integer({ min: -3, max: 9 }), fc.nat({ max: 9 }), (value, part, start, count) => {
      const points = [...value];
      const wanted = points.filter((_, i) => i + 1 >= start && i + 1 < start + count).join('');
      const substring = call('substring', text(value), constant(start, INT32), constant(count, INT32));
      expect(evaluateConstant(substring)).toBe(wanted);
      expect(evaluateConstant(call('length', text(value)))).toBe(points.length);
      const at = value.indexOf(part);
      expect(evaluateConstant(call('strpos', text(value), text(part)))).toBe(at < 0 ? 0 : [...value.slice(0, at)].length + 1);
    }),
    RUNS,
  );
});

test('strpos finds the first occurrence in long texts, at any place', () => {
  const letters = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 90 }).map((each) => each.join(''));
  const parts = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 5 }).map((each) => each.join(''));
  fc.assert(
    fc.property(letters, parts, (value, part) => {
      expect(evaluateConstant(call('strpos', text(value), text(part)))).toBe(value.indexOf(part) + 1);
    }),
    RUNS,
  );
});
