import type { IToken, TokenType } from 'chevrotain';
import { createToken, Lexer } from '../../chevrotain.ts';

/*
 * Tokens that every SQL dialect shares. Words become keyword tokens per dialect (vocabulary.ts), because dialects
 * reserve different ones. A token's `payload` is what it stands for: a folded name, a decoded string, normal digits;
 * for an opening parenthesis `QUERY` or nothing.
 */

function define(name: string, label: string, categories: TokenType[] = []): TokenType {
  return createToken({ name, label, categories, pattern: Lexer.NA });
}

/** Where a word may stand, after PostgreSQL's ColId, type_function_name, ColLabel and BareColLabel. */
export const Name = define('Name', 'a name');
export const FunctionName = define('FunctionName', 'a function');
export const Label = define('Label', 'a name');
/** What may name a select item without AS. */
export const BareLabel = define('BareLabel', 'AS');

export const Identifier = define('Identifier', 'a name', [Name, FunctionName, Label, BareLabel]);
export const Text = define('Text', 'a string');
export const Integer = define('Integer', 'a number');
export const Decimal = define('Decimal', 'a number');
export const Float = define('Float', 'a number');
export const Parameter = define('Parameter', 'a parameter');

/** Symbols that stand between two operands. */
export const InfixSymbol = define('InfixSymbol', 'an operator');
/** `+` and `-`, which also stand before an operand. */
export const Sign = define('Sign', 'a sign', [InfixSymbol]);
export const Star = define('Star', '*', [InfixSymbol]);
export const Equal = define('Equal', '=', [InfixSymbol]);
const Operator = define('Operator', 'an operator', [InfixSymbol]);

export const LeftParen = define('LeftParen', '(');
export const RightParen = define('RightParen', ')');
export const LeftBracket = define('LeftBracket', '[');
export const RightBracket = define('RightBracket', ']');
export const Comma = define('Comma', 'a comma');
export const Dot = define('Dot', '.');
export const Colon = define('Colon', ':');
export const Semicolon = define('Semicolon', 'a semicolon');
export const DoubleColon = define('DoubleColon', '::');
/** `=>` and `:=`. */
export const NamedArgument = define('NamedArgument', '=>');

/** Symbols with a token of their own; every other sequence of operator characters is an operator. */
const SYMBOLS: ReadonlyMap<string, TokenType> = new Map([
  ['(', LeftParen],
  [')', RightParen],
  ['[', LeftBracket],
  [']', RightBracket],
  [',', Comma],
  ['.', Dot],
  [':', Colon],
  [';', Semicolon],
  ['::', DoubleColon],
  [':=', NamedArgument],
  ['=>', NamedArgument],
  ['+', Sign],
  ['-', Sign],
  ['*', Star],
  ['=', Equal],
]);

export function symbolType(symbol: string): TokenType {
  return SYMBOLS.get(symbol) ?? Operator;
}

export const SHARED_TOKENS: readonly TokenType[] = [
  ...[Name, FunctionName, Label, BareLabel, Identifier, Text, Integer, Decimal, Float, Parameter, InfixSymbol, Operator],
  ...new Set(SYMBOLS.values()),
];

/** The payload of a parenthesis that encloses a query rather than an expression, a list or a join. */
export const QUERY = 'query';

export function opensQuery(token: IToken): boolean {
  return token.tokenType === LeftParen && token.payload === QUERY;
}

/** What the token stands for; undefined only while a grammar is being recorded. */
export function payloadOf(token: IToken): string {
  return token.payload;
}
