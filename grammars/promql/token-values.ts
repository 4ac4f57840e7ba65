import type { IToken, TokenType } from 'chevrotain';
import { LumaError, notSupported, SQLSTATE } from '../../src/types/error.ts';
import { joinSpans, type Span } from '../../src/types/span.ts';
import type { Matcher } from '../ast/series.ts';
import { parseDuration, parseNumber, unquote } from './literals.ts';
import * as t from './tokens.ts';

export function spanOf(token: IToken): Span {
  return { start: token.startOffset, end: token.startOffset + token.image.length };
}

const MATCH_OPERATORS: ReadonlyMap<TokenType, Matcher['operator']> = new Map([
  [t.Equal, 'equal'],
  [t.NotEqual, 'not_equal'],
  [t.MatchRegex, 'match'],
  [t.NotMatchRegex, 'not_match'],
]);

/** `label="value"` from its tokens; `start` is where it begins. */
export function matcherOf(start: Span, label: string, found: IToken, value: IToken): Matcher {
  const kind = MATCH_OPERATORS.get(found.tokenType);
  if (kind === undefined) throw new LumaError(SQLSTATE.internalError, `no matching operator: ${found.image}`);
  return { span: joinSpans(start, spanOf(value)), label, operator: kind, value: unquote(value.image, spanOf(value)) };
}

/** The number of a NumberToken, `inf` and `nan` included. */
export function numberValue(token: IToken): number {
  const word = token.image.toLowerCase();
  if (word === 'inf') return Number.POSITIVE_INFINITY;
  if (word === 'nan') return Number.NaN;
  const value = parseNumber(token.image);
  if (Number.isFinite(value)) return value;
  throw new LumaError(SQLSTATE.syntaxError, `error parsing number: "${token.image}" is out of range`, { span: spanOf(token) });
}

/** Seconds or a duration as milliseconds; fractions of a millisecond are refused unless the number is a time. */
export function milliseconds(token: IToken): number {
  if (token.tokenType === t.Duration) return parseDuration(token.image, spanOf(token));
  const value = numberValue(token) * 1000;
  if (Number.isFinite(value)) return Math.round(value * 1e6) / 1e6;
  throw notSupported(`a duration of ${token.image}`, { span: spanOf(token), hint: 'Write seconds or a duration such as 5m.' });
}
