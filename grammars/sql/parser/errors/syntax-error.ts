import type { IToken } from 'chevrotain';
import { LumaError, notSupported, SQLSTATE } from '../../../../src/types/error.ts';
import { nearestName } from '../../../../src/types/nearest.ts';
import { positionOf, type Span } from '../../../../src/types/span.ts';
import { type Dialect, printName } from '../../dialect.ts';
import { Comma, Identifier, LeftParen, RightParen } from '../../lexer/tokens.ts';
import { unsupportedAt } from './unsupported.ts';

/** What the start of a rule is called in a list of what was expected. */
export const RULE_NAMES: Readonly<Record<string, string>> = {
  expression: 'an expression',
  operand: 'an expression',
  infix: 'an operator',
  dataType: 'a type',
  relation: 'a table',
  relationPrimary: 'a table',
};

const MOST_EXPECTED = 8;

/** A failed parse: `token` is where it failed (the end-of-input token when the text was too short). */
export interface Failure {
  readonly text: string;
  readonly tokens: readonly IToken[];
  readonly token: IToken;
  readonly expected: ReadonlySet<string>;
  readonly dialect: Dialect;
}

export function syntaxError(failure: Failure): LumaError {
  const index = failure.tokens.indexOf(failure.token);
  const span = spanOf(failure, index);
  const feature = unsupportedAt(failure.tokens, index);
  if (feature !== undefined) return notSupported(feature, { span });
  // PostgreSQL's words, which clients know.
  const message = index < 0 ? 'syntax error at end of input' : `syntax error at or near "${failure.token.image}"`;
  // A dot could nearly always follow a name: it says nothing.
  const expected = [...failure.expected].filter((each) => each !== '.').slice(0, MOST_EXPECTED);
  return new LumaError(SQLSTATE.syntaxError, message, { span, expected, hint: hintFor(failure, index) });
}

function spanOf({ tokens, token, text }: Failure, index: number): Span {
  if (index >= 0) return { start: token.startOffset, end: (token.endOffset ?? token.startOffset) + 1 };
  const end = (tokens.at(-1)?.endOffset ?? text.length - 1) + 1;
  return { start: end, end };
}

/** The first advice that applies. */
function hintFor(failure: Failure, index: number): string | undefined {
  for (const advise of ADVICE) {
    const hint = advise(failure, index);
    if (hint !== undefined) return hint;
  }
  return undefined;
}

type Advice = (failure: Failure, index: number) => string | undefined;

const ADVICE: readonly Advice[] = [foreignSymbol, misspeltKeyword, trailingComma, limitWithComma, parentheses, reservedName];

/** What other languages write, with what SQL writes. */
export const FOREIGN: Readonly<Record<string, string>> = {
  '==': 'Equality is written =.',
  '&&': 'Write AND.',
  '`': 'Names are quoted with double quotes.',
  '!': 'Write NOT.',
};

function foreignSymbol({ token }: Failure): string | undefined {
  return Object.hasOwn(FOREIGN, token.image) ? FOREIGN[token.image] : undefined;
}

/** The word in error, or the one before it that was taken for a name (`SELECT a FORM t`). */
function misspeltKeyword({ tokens, expected }: Failure, index: number): string | undefined {
  const keywords = [...expected].filter((each) => /^[A-Z_]+$/.test(each));
  const end = index < 0 ? tokens.length : index;
  for (const position of [end, end - 1]) {
    const word = tokens[position];
    // Two or three letters are near too many keywords.
    if (word?.tokenType !== Identifier || !/^\w{4}/.test(word.image)) continue;
    const keyword = nearestName(word.image, keywords);
    if (keyword !== undefined) return `Did you mean ${keyword} instead of "${word.image}"?`;
  }
  return undefined;
}

function trailingComma({ tokens, token, text }: Failure, index: number): string | undefined {
  const previous = tokens.at(index < 0 ? -1 : index - 1);
  if (index === 0 || previous?.tokenType !== Comma || token.tokenType === Comma) return undefined;
  const { line, column } = positionOf(text, previous.startOffset);
  return `The comma at ${line}:${column} has nothing after it.`;
}

function limitWithComma({ tokens, token }: Failure, index: number): string | undefined {
  const limit = tokens[index - 2]?.image.toUpperCase() === 'LIMIT';
  return limit && token.tokenType === Comma ? 'Write LIMIT count OFFSET skipped.' : undefined;
}

function parentheses({ tokens, token, text, expected }: Failure, index: number): string | undefined {
  const open: IToken[] = [];
  for (const each of index < 0 ? tokens : tokens.slice(0, index)) {
    if (each.tokenType === LeftParen) open.push(each);
    else if (each.tokenType === RightParen) open.pop();
  }
  const last = open.at(-1);
  if (last !== undefined && expected.has(')')) {
    const { line, column } = positionOf(text, last.startOffset);
    return `The parenthesis at ${line}:${column} is not closed.`;
  }
  if (last === undefined && token.tokenType === RightParen) return 'This parenthesis closes nothing.';
  return undefined;
}

function reservedName({ token, expected, dialect }: Failure): string | undefined {
  const word = token.image.toUpperCase();
  if (!(expected.has('a name') || expected.has('a table')) || !/^\w+$/.test(word) || dialect.keywordClass(word) === 'unreserved')
    return undefined;
  return `"${token.image}" is a reserved word; as a name it is written ${printName(dialect, dialect.foldName(token.image))}.`;
}
