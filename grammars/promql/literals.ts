import { DURATION_UNITS, parseDurationMs } from '../../src/types/duration.ts';
import { LumaError, SQLSTATE } from '../../src/types/error.ts';
import type { Span } from '../../src/types/span.ts';

/** Milliseconds; Go's time.Duration counts nanoseconds in an int64. */
export const MAX_DURATION = 2 ** 63 / 1e6;

/** `1h30m` as milliseconds. Throws 42601 for units out of order and for more than Go can count. */
export function parseDuration(text: string, span: Span): number {
  const total = parseDurationMs(text);
  if (total === undefined) {
    throw new LumaError(SQLSTATE.syntaxError, `not a valid duration string: "${text}"`, {
      span,
      hint: 'Write each unit once, from large to small: y, w, d, h, m, s, ms.',
    });
  }
  if (total > MAX_DURATION) throw new LumaError(SQLSTATE.syntaxError, 'duration out of range', { span });
  return total;
}

/** Milliseconds as the shortest compound duration, e.g. 5400000 as `1h30m`; whole milliseconds only, not negative. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds === 0) return '0s';
  let rest = milliseconds;
  let text = '';
  // Years and weeks only where nothing is left over: 90 d reads better than 12w6d.
  for (const [unit, size] of Object.entries(DURATION_UNITS)) {
    if ((unit === 'y' || unit === 'w') && rest % size !== 0) continue;
    const count = Math.floor(rest / size);
    if (count === 0) continue;
    text += `${count}${unit}`;
    rest -= count * size;
  }
  return text;
}

/** Go's ParseInt with base 0 (a leading 0 is octal), else ParseFloat. */
export function parseNumber(text: string): number {
  const digits = text.replaceAll('_', '');
  if (/^0[0-7]+$/.test(digits)) return Number.parseInt(digits, 8);
  return Number(digits);
}

/** The shortest text that reads back as the same number; `value` may be negative, infinite or NaN. */
export function formatNumber(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (value === Number.POSITIVE_INFINITY) return 'Inf';
  if (value === Number.NEGATIVE_INFINITY) return '-Inf';
  if (Object.is(value, -0)) return '-0';
  return String(value);
}

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
};

/**
 * The value of a quoted string: Go's escapes in single and double quotes, none in backticks (Prometheus,
 * util/strutil/quote.go). Octal and \x escapes are bytes of UTF-8; bytes that are no UTF-8 become U+FFFD.
 */
export function unquote(text: string, span: Span): string {
  const quote = text[0] ?? '';
  const body = text.slice(1, -1);
  if (quote === '`' || !body.includes('\\')) return body;
  const bytes: number[] = [];
  const encoder = new TextEncoder();
  const fail = (at: number, message: string): never => {
    throw new LumaError(SQLSTATE.syntaxError, message, {
      span: { start: span.start + 1 + at, end: span.start + 1 + at + 2 },
      hint: 'Escapes are those of Go: \\n, \\t, \\\\, \\", \\x41, \\101, \\u00e9, \\U0001f600. Backticks take text as it is.',
    });
  };
  let position = 0;
  while (position < body.length) {
    const start = position;
    const character = String.fromCodePoint(body.codePointAt(position) ?? 0);
    position += character.length;
    if (character !== '\\') {
      bytes.push(...encoder.encode(character));
      continue;
    }
    const letter = body[position] ?? '';
    const simple = letter === quote ? quote : SIMPLE_ESCAPES[letter];
    if (simple !== undefined) {
      position += 1;
      bytes.push(...encoder.encode(simple));
      continue;
    }
    const digits = /^(?:([0-7]{3})|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/.exec(body.slice(position));
    if (digits === null) return fail(start, 'illegal escape sequence');
    position += digits[0].length;
    const [, octal, hex, short, long] = digits;
    const byte = octal !== undefined ? Number.parseInt(octal, 8) : hex !== undefined ? Number.parseInt(hex, 16) : undefined;
    if (byte !== undefined) {
      if (byte > 255) return fail(start, 'escape sequence is larger than a byte');
      bytes.push(byte);
      continue;
    }
    const point = Number.parseInt(short ?? long ?? '', 16);
    if (point > 0x10ffff || (point >= 0xd800 && point < 0xe000)) {
      return fail(start, 'escape sequence is an invalid Unicode code point');
    }
    bytes.push(...encoder.encode(String.fromCodePoint(point)));
  }
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(Uint8Array.from(bytes));
}

/** A double-quoted string that `unquote` reads back. */
export function quoteString(value: string): string {
  let text = '"';
  for (const character of value) {
    const point = character.codePointAt(0) ?? 0;
    if (character === '"' || character === '\\') text += `\\${character}`;
    else if (character === '\n') text += '\\n';
    else if (character === '\r') text += '\\r';
    else if (character === '\t') text += '\\t';
    else if (point < 0x20 || point === 0x7f) text += `\\x${point.toString(16).padStart(2, '0')}`;
    else text += character;
  }
  return `${text}"`;
}
