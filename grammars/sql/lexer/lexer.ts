import type { IToken, TokenType } from 'chevrotain';
import { LumaError, notSupported, SQLSTATE } from '../../../src/types/error.ts';
import { decodeEscapes } from './escapes.ts';
import { markQueries } from './parentheses.ts';
import { Decimal, Float, Identifier, Integer, Parameter, symbolType, Text } from './tokens.ts';
import type { Vocabulary } from './vocabulary.ts';

/** What a dialect says about characters. */
export interface LexicalRules {
  /** Characters that may enclose a name, each closed by itself; the first is the one to print. */
  readonly nameQuotes: string;
  /** Whether `\` escapes in every string, not only in `E'…'`. */
  readonly backslashEscapes: boolean;
  /** The name that an unquoted word stands for. */
  foldName(word: string): string;
}

const SPACE = /\s+/y;
// Any character beyond ASCII is a letter (PostgreSQL 16, scan.l), unless it is white space.
const WORD = /(?:[A-Za-z_]|[^\0-\x7f\s])(?:[\w$]|[^\0-\x7f\s])*/y;
const NUMBER =
  /0[xX](?:_?[\da-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|(?:\d(?:_?\d)*(?:\.(?:\d(?:_?\d)*)?)?|\.\d(?:_?\d)*)(?:[eE][+-]?\d(?:_?\d)*)?/y;
const PARAMETER = /\$\d+/y;
const DOLLAR_QUOTE = /\$(?:(?:[A-Za-z_]|[^\0-\x7f\s])(?:\w|[^\0-\x7f\s])*)?\$/y;
const OPERATOR = /[-+*/<>=~!@#%^&|`?]+/y;
const PUNCTUATION = /::|:=|[()[\],.:;]/y;
/** Two strings with a line break between them are one. */
const CONTINUATION = /\s*?\n\s*'/y;
const JUNK = /(?:[\w$]|[^\0-\x7f\s])+/y;

/** The tokens of `text`, without white space and comments; every parenthesis knows whether it encloses a query. */
export function tokenize(text: string, vocabulary: Vocabulary, rules: LexicalRules): IToken[] {
  const tokens: IToken[] = [];
  let position = 0;

  const push = (tokenType: TokenType, payload: string, end: number): void => {
    const image = text.slice(position, end);
    const tokenTypeIdx = tokenType.tokenTypeIdx ?? 0;
    tokens.push({ image, startOffset: position, endOffset: end - 1, tokenTypeIdx, tokenType, payload } as IToken);
    position = end;
  };

  while (position < text.length) {
    const space = match(SPACE, text, position);
    if (space !== '') {
      position += space.length;
      continue;
    }
    const char = text.charAt(position);
    if (char === '-' && text.startsWith('--', position)) {
      const end = text.indexOf('\n', position);
      position = end < 0 ? text.length : end;
    } else if (char === '/' && text.startsWith('/*', position)) {
      position = commentEnd(text, position);
    } else if (char === "'") {
      const { value, end } = readString(text, position, position, rules.backslashEscapes);
      push(Text, value, end);
    } else if (rules.nameQuotes.includes(char)) {
      const end = closing(text, position, position, char, 'quoted name');
      if (end === position + 2) throw syntaxError('a quoted name is empty', position, end);
      push(Identifier, text.slice(position + 1, end - 1).replaceAll(char + char, char), end);
    } else if (text.charAt(position + 1) === "'" && 'eEbBxXnN'.includes(char)) {
      if (char !== 'e' && char !== 'E') throw unsupportedString(char, position);
      const { value, end } = readString(text, position, position + 1, true);
      push(Text, value, end);
    } else if ((char === 'u' || char === 'U') && /^&['"]/.test(text.slice(position + 1, position + 3))) {
      throw unsupportedString(text.slice(position, position + 2), position);
    } else if (char === '$') {
      const parameter = match(PARAMETER, text, position);
      const quote = parameter === '' ? match(DOLLAR_QUOTE, text, position) : '';
      if (parameter !== '') {
        push(Parameter, parameter.slice(1), numberEnd(text, position, parameter, 'parameter'));
      } else if (quote !== '') {
        const end = text.indexOf(quote, position + quote.length);
        if (end < 0) throw unterminated('dollar-quoted string', position, text, `Close it with ${quote}.`);
        push(Text, text.slice(position + quote.length, end), end + quote.length);
      } else throw unexpectedCharacter(char, position);
    } else {
      const word = match(WORD, text, position);
      const number = word === '' ? match(NUMBER, text, position) : '';
      if (word !== '') {
        push(vocabulary.words.get(word.toUpperCase()) ?? Identifier, rules.foldName(word), position + word.length);
      } else if (number !== '') {
        const end = numberEnd(text, position, number, 'number');
        push(numberType(number), normalDigits(number), end);
      } else {
        const symbol = match(PUNCTUATION, text, position) || operatorAt(text, position);
        if (symbol === '') throw unexpectedCharacter(char, position);
        push(symbolType(symbol), symbol, position + symbol.length);
      }
    }
  }
  markQueries(tokens, vocabulary.keywords);
  return tokens;
}

function match(pattern: RegExp, text: string, position: number): string {
  pattern.lastIndex = position;
  return pattern.exec(text)?.[0] ?? '';
}

/** Comments nest. */
function commentEnd(text: string, start: number): number {
  const delimiter = /\/\*|\*\//g;
  delimiter.lastIndex = start;
  let depth = 0;
  for (let found = delimiter.exec(text); found !== null; found = delimiter.exec(text)) {
    depth += found[0] === '/*' ? 1 : -1;
    if (depth === 0) return delimiter.lastIndex;
  }
  throw unterminated('comment', start, text, 'Close it with */; comments nest.');
}

/** `quote` is where the opening quote stands; a prefix lies between `start` and it. */
function readString(text: string, start: number, quote: number, escapes: boolean): { value: string; end: number } {
  let value = '';
  let open = quote;
  for (;;) {
    const end = escapes ? escapedEnd(text, start, open) : closing(text, start, open, "'", 'string');
    const raw = text.slice(open + 1, end - 1).replaceAll("''", "'");
    value += escapes ? decodeEscapes(raw, open + 1) : raw;
    const continuation = match(CONTINUATION, text, end);
    if (continuation === '') return { value, end };
    open = end + continuation.length - 1;
  }
}

/** The offset after the quote that closes the one at `open`; doubled ones do not. */
function closing(text: string, start: number, open: number, quote: string, what: string): number {
  let end = text.indexOf(quote, open + 1);
  while (end >= 0 && text.charAt(end + 1) === quote) end = text.indexOf(quote, end + 2);
  if (end < 0) throw unterminated(what, start, text, `Close it with ${quote}; inside, double it.`);
  return end + 1;
}

function escapedEnd(text: string, start: number, open: number): number {
  for (let i = open + 1; i < text.length; i++) {
    const char = text.charAt(i);
    if (char === '\\' || (char === "'" && text.charAt(i + 1) === "'")) i++;
    else if (char === "'") return i + 1;
  }
  throw unterminated('string', start, text, "Close it with '; inside, write '' or \\'.");
}

/** PostgreSQL's rule (section 4.1.3): comments end an operator, and only one with ~ ! @ # % ^ & | ` ? may end in + or -. */
function operatorAt(text: string, position: number): string {
  let symbol = match(OPERATOR, text, position);
  const comment = symbol.search(/--|\/\*/);
  if (comment > 0) symbol = symbol.slice(0, comment);
  if (!/[~!@#%^&|`?]/.test(symbol)) symbol = symbol.replace(/(?<=.)[-+]+$/, '');
  return symbol;
}

function numberEnd(text: string, start: number, number: string, what: string): number {
  const end = start + number.length;
  const junk = match(JUNK, text, end);
  if (junk !== '') throw syntaxError(`trailing junk after ${what}: ${number}${junk}`, start, end + junk.length);
  return end;
}

function numberType(number: string): TokenType {
  if (/^0[xob]/i.test(number)) return Integer;
  if (/e/i.test(number)) return Float;
  return number.includes('.') ? Decimal : Integer;
}

/** Without underscores, in base ten, and with a digit before the point. */
function normalDigits(number: string): string {
  const digits = number.replaceAll('_', '');
  if (/^0[xob]/i.test(digits)) return BigInt(digits.toLowerCase()).toString();
  return digits.startsWith('.') ? `0${digits}` : digits;
}

function syntaxError(message: string, start: number, end: number, hint?: string): LumaError {
  return new LumaError(SQLSTATE.syntaxError, message, { span: { start, end }, hint });
}

function unterminated(what: string, start: number, text: string, hint: string): LumaError {
  return syntaxError(`unterminated ${what}`, start, text.length, hint);
}

function unexpectedCharacter(char: string, start: number): LumaError {
  return syntaxError(`unexpected character ${char}`, start, start + char.length);
}

const STRING_KINDS: Readonly<Record<string, string>> = { b: 'bit strings', x: 'bit strings', n: 'national strings' };

function unsupportedString(prefix: string, start: number): LumaError {
  const what = `${prefix}'…' (${STRING_KINDS[prefix.toLowerCase()] ?? 'Unicode escapes'})`;
  return notSupported(what, { span: { start, end: start + prefix.length + 1 }, hint: "Write '…' or E'…'." });
}
