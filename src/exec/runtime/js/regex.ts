import { re2FullMatch } from '../../../types/re2.ts';
import type { TextExchange } from './exchange.ts';

/**
 * Regular expressions on JavaScript's engine. RE2's and PostgreSQL's own notations are rewritten; what has no counterpart
 * is an invalid pattern. Patterns are compiled once per thread and kept.
 */

const INVALID = -1;
const CACHE_SIZE = 256;

export function regexImports(exchange: TextExchange): Record<string, (...args: never[]) => unknown> {
  const cache = new Map<string, RegExp | null>();
  const compiled = (key: string, make: () => RegExp): RegExp | null => {
    const known = cache.get(key);
    if (known !== undefined) return known;
    if (cache.size >= CACHE_SIZE) cache.clear();
    const regex = attempt(make);
    cache.set(key, regex);
    return regex;
  };
  // the pattern is almost always the same one: its bytes are compared before they are decoded
  const last = new LastText();
  const pattern = (address: number, length: number): string => last.read(exchange, address, length);
  const test = (regex: RegExp | null, address: number, length: number): number =>
    regex === null ? INVALID : regex.test(exchange.read(address, length)) ? 1 : 0;
  const postgres = (source: string, flags: string): RegExp | null =>
    compiled(`p${flags}/${source}`, () => postgresRegex(source, flags));
  return {
    regex_full_match: (a: number, n: number, b: number, m: number) => {
      const source = pattern(b, m);
      return test(
        compiled(`f/${source}`, () => re2FullMatch(source)),
        a,
        n,
      );
    },
    regex_like: (a: number, n: number, b: number, m: number, c: number, l: number) =>
      test(postgres(pattern(b, m), exchange.read(c, l)), a, n),
    regex_replace: (a: number, n: number, b: number, m: number, c: number, l: number, d: number, k: number) => {
      const flags = exchange.read(d, k);
      const regex = postgres(pattern(b, m), flags.replace('g', ''));
      if (regex === null) return INVALID;
      const global = flags.includes('g') ? new RegExp(regex.source, `${regex.flags}g`) : regex;
      return exchange.give(exchange.read(a, n).replace(global, (...match) => replacement(exchange.read(c, l), match)));
    },
    regex_substr: (a: number, n: number, b: number, m: number) => {
      const regex = postgres(pattern(b, m), '');
      if (regex === null) return INVALID;
      const match = regex.exec(exchange.read(a, n));
      return match === null ? NO_MATCH : exchange.give(match[0]);
    },
  };
}

/** What `regex_substr` returns when nothing matches. */
export const NO_MATCH = -2;

function attempt(make: () => RegExp): RegExp | null {
  try {
    return make();
  } catch {
    return null;
  }
}

/** `\1` … `\9` and `\&` of a replacement. */
function replacement(template: string, match: readonly unknown[]): string {
  return template.replace(/\\([1-9&\\])/g, (_, what: string) => {
    if (what === '\\') return '\\';
    const group = match[what === '&' ? 0 : Number(what)];
    return typeof group === 'string' ? group : '';
  });
}

class LastText {
  #bytes = new Uint8Array(0);
  #text = '';

  read(exchange: TextExchange, address: number, length: number): string {
    const memory = exchange.bytes();
    const start = address >>> 0;
    if (length === this.#bytes.length) {
      let i = 0;
      while (i < length && memory[start + i] === this.#bytes[i]) i++;
      if (i === length) return this.#text;
    }
    this.#bytes = memory.slice(start, start + length);
    this.#text = exchange.read(address, length);
    return this.#text;
  }
}

/** A match anywhere. Flags as PostgreSQL's: i, n and m (newline-sensitive), s (not), x is refused. */
export function postgresRegex(source: string, flags: string): RegExp {
  if (/[^incmstg]/.test(flags)) throw new SyntaxError(`invalid regular expression option: "${flags}"`);
  const { flags: leading, rest } = leadingFlags(source);
  const insensitive = flags.includes('i') || leading.includes('i');
  const sensitive = /[nm]/.test(flags) || leading.includes('m');
  return new RegExp(translated(rest), `${insensitive ? 'i' : ''}${sensitive ? 'm' : 's'}u`);
}

/** `(?i)` at the start. */
function leadingFlags(source: string): { readonly flags: string; readonly rest: string } {
  const match = /^\(\?([ims]+)\)/.exec(source);
  return match === null
    ? { flags: '', rest: source }
    : { flags: [...new Set(match[1])].join(''), rest: source.slice(match[0].length) };
}

/** Letters and digits as glibc's C.UTF-8 has them: PostgreSQL asks the locale (9.7.3.6). */
const ALPHA = '\\p{Alphabetic}';
const ALNUM = `${ALPHA}\\p{Nd}`;
const WORD = `${ALNUM}_`;
const GRAPH = '\\p{L}\\p{M}\\p{N}\\p{P}\\p{S}\\p{Cf}\\p{Co}';

const CLASSES: Readonly<Record<string, string>> = {
  alnum: ALNUM,
  alpha: ALPHA,
  ascii: '\\x00-\\x7F',
  blank: ' \\t',
  cntrl: '\\p{Cc}',
  digit: '0-9',
  graph: GRAPH,
  lower: '\\p{Ll}',
  print: `${GRAPH}\\p{Zs}`,
  punct: '\\p{P}\\p{S}\\p{No}',
  space: '\\s',
  upper: '\\p{Lu}',
  word: WORD,
  xdigit: '0-9A-Fa-f',
};

const BEGIN = `(?<![${WORD}])(?=[${WORD}])`;
const END = `(?<=[${WORD}])(?![${WORD}])`;

/** Escapes that JavaScript writes otherwise, outside of brackets. */
const ESCAPES: Readonly<Record<string, string>> = {
  A: '^',
  Z: '$',
  w: `[${WORD}]`,
  W: `[^${WORD}]`,
  m: BEGIN,
  M: END,
  y: `(?:${BEGIN}|${END})`,
  Y: `(?!${BEGIN}|${END})`,
  b: '\\x08',
  B: '\\\\',
  a: '\\x07',
  e: '\\x1B',
};

/** With the u flag, JavaScript takes a backslash only before these and its own letters. */
const SYNTAX_CHARACTERS = /[\^$\\.*+?()[\]{}|/]/;
const SHARED_LETTERS = /[bBdDsSwWnrtfvxuckpP0-9]/;

function translated(source: string): string {
  let result = '';
  let i = 0;
  while (i < source.length) {
    const character = source[i] ?? '';
    if (character === '\\') {
      const next = source[i + 1];
      if (next === undefined) throw new SyntaxError('the pattern ends with a backslash');
      result += translatedEscape(next);
      i += 2;
      if (next === 'p' || next === 'P') {
        const end = source[i] === '{' ? source.indexOf('}', i) + 1 : i + 1;
        result += source[i] === '{' ? source.slice(i, end) : `{${source.slice(i, end)}}`;
        i = Math.max(i + 1, end);
      }
      if (next === 'x' && source[i] === '{') {
        const end = source.indexOf('}', i);
        result = `${result.slice(0, -2)}\\u${source.slice(i, end + 1)}`;
        i = end + 1;
      }
    } else if (character === '[') {
      const end = bracketEnd(source, i);
      result += bracket(source.slice(i + 1, end));
      i = end + 1;
    } else if (character === '{' && !/^\{\d+(,\d*)?\}/.test(source.slice(i))) {
      result += '\\{';
      i++;
    } else if (character === '{') {
      const end = source.indexOf('}', i);
      result += source.slice(i, end + 1);
      i = end + 1;
    } else {
      result += character === '}' || character === ']' ? `\\${character}` : character;
      i++;
    }
  }
  return result;
}

function translatedEscape(letter: string): string {
  const own = ESCAPES[letter];
  if (own !== undefined) return own;
  if (SYNTAX_CHARACTERS.test(letter) || SHARED_LETTERS.test(letter)) return `\\${letter}`;
  if (/[A-Za-z]/.test(letter)) throw new SyntaxError(`no escape \\${letter}`);
  return letter === '-' ? '\\x2D' : letter;
}

/** The index of the `]` that ends the bracket expression at `start`. */
function bracketEnd(source: string, start: number): number {
  let i = start + 1;
  if (source[i] === '^') i++;
  if (source[i] === ']') i++;
  for (; i < source.length; i++) {
    if (source[i] === '\\') i++;
    else if (source.startsWith('[:', i)) i = source.indexOf(':]', i) + 1;
    else if (source[i] === ']') return i;
    if (i <= 0) break;
  }
  throw new SyntaxError('missing ]');
}

function bracket(content: string): string {
  const negated = content.startsWith('^');
  const body = (negated ? content.slice(1) : content)
    .replace(/\[:(\^?)(\w+):\]/g, (_, not: string, name: string) => {
      const set = CLASSES[name];
      if (set === undefined || not !== '') throw new SyntaxError(`no character class ${name}`);
      return set;
    })
    // the first ] and any [ are plain
    .replace(/^\]/, '\\]')
    .replace(/(\\.)|\[/gs, (_, kept: string | undefined) => bracketEscape(kept));
  return `[${negated ? '^' : ''}${body}]`;
}

function bracketEscape(kept: string | undefined): string {
  if (kept === undefined) return '\\[';
  const letter = kept[1] ?? '';
  if (letter === 'w') return WORD;
  if (letter === 'W') throw new SyntaxError('\\W is not supported within brackets');
  if (SYNTAX_CHARACTERS.test(letter) || SHARED_LETTERS.test(letter) || letter === '-') return kept;
  return letter === 'a' ? '\\x07' : letter;
}
