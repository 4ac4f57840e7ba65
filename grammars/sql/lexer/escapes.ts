import { LumaError, SQLSTATE } from '../../../src/types/error.ts';

const SIMPLE: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

const ESCAPE = /\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|x([0-9a-fA-F]{1,2})|([0-7]{1,3})|([\s\S]))/g;

/**
 * The inside of an escape string (PostgreSQL 16, section 4.1.2.2), doubled quotes already single. Bytes above 127 from
 * `\x` and octal escapes would have to be valid UTF-8 together; only ASCII ones are accepted. `start` is where `raw` stands.
 */
export function decodeEscapes(raw: string, start: number): string {
  return raw.replace(ESCAPE, (match, unicode4, unicode8, hex, octal, other, at: number) => {
    const digits: string | undefined = unicode4 ?? unicode8;
    if (digits !== undefined) return codePoint(Number.parseInt(digits, 16), match, start + at);
    if (hex !== undefined) return ascii(Number.parseInt(hex, 16), match, start + at);
    if (octal !== undefined) return ascii(Number.parseInt(octal, 8), match, start + at);
    if (other === 'u' || other === 'U') throw invalid(match, start + at, 'Write \\uXXXX or \\UXXXXXXXX.');
    return SIMPLE[other] ?? other;
  });
}

function codePoint(value: number, sequence: string, at: number): string {
  if (value === 0 || value > 0x10ffff) throw invalid(sequence, at, 'Code points go from 1 to 10FFFF.');
  return String.fromCodePoint(value);
}

function ascii(value: number, sequence: string, at: number): string {
  if (value === 0 || value > 127) throw invalid(sequence, at, 'Write the character itself, or \\uXXXX.');
  return String.fromCharCode(value);
}

function invalid(sequence: string, at: number, hint: string): LumaError {
  return new LumaError(SQLSTATE.syntaxError, `invalid escape ${sequence}`, {
    span: { start: at, end: at + sequence.length },
    hint,
  });
}
