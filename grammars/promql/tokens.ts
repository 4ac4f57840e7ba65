import type { IToken, ITokenConfig, Lexer as LexerType, TokenType } from 'chevrotain';
import { LumaError, SQLSTATE } from '../../src/types/error.ts';
import type { AggregationOperator, SeriesBinaryOperator } from '../ast/series.ts';
import { createToken, Lexer } from '../chevrotain.ts';
import { AGGREGATORS, EXPERIMENTAL_KEYWORDS, NAME_KEYWORDS, OPERATORS, RESERVED_KEYWORDS } from './keywords.ts';

/*
 * Three lexer modes, as Prometheus has them: outside, `:` belongs to a metric name; inside braces every word is a label
 * name; inside brackets a word is an error and `:` divides range from step.
 */

/** What may stand for a metric name where an operand begins. */
export const MetricName = createToken({ name: 'metric name', pattern: Lexer.NA });
/** What may stand for a label in by, without, on, ignoring, group_left and group_right. */
export const LabelName = createToken({ name: 'label name', pattern: Lexer.NA });

/** A name with a colon: a metric, never a label or a function. */
export const MetricIdentifier = createToken({ name: 'metric identifier', pattern: Lexer.NA, categories: MetricName });
export const Identifier = createToken({
  name: 'identifier',
  pattern: /[a-zA-Z_:][a-zA-Z0-9_:]*/,
  categories: [MetricName, LabelName],
  line_breaks: false,
});
export const BraceIdentifier = createToken({ name: 'label', pattern: /[a-zA-Z_][a-zA-Z0-9_]*/, line_breaks: false });

export const Text = createToken({
  name: 'string',
  pattern: /"(?:[^"\\\n]|\\[^\n])*"|'(?:[^'\\\n]|\\[^\n])*'|`[^`]*`/,
  start_chars_hint: ['"', "'", '`'],
  line_breaks: true,
});
export const Duration = createToken({
  name: 'duration',
  pattern: /(?:\d+(?:ms|[smhdwy]))+(?!\w)/,
  start_chars_hint: [...'0123456789'],
  line_breaks: false,
});
export const NumberToken = createToken({
  name: 'number',
  pattern:
    /(?:0[xX]_?[0-9a-fA-F](?:_?[0-9a-fA-F])*|(?:\d(?:_?\d)*(?:\.(?:\d(?:_?\d)*)?)?|\.\d(?:_?\d)*)(?:[eE][+-]?\d(?:_?\d)*)?)(?![\w.])/,
  start_chars_hint: [...'0123456789.'],
  line_breaks: false,
});

const WhiteSpace = createToken({ name: 'white space', pattern: /[ \t\r\n]+/, group: Lexer.SKIPPED, line_breaks: true });
const Comment = createToken({ name: 'comment', pattern: /#[^\r\n]*/, group: Lexer.SKIPPED, line_breaks: false });

const symbol = (text: string, more: Partial<ITokenConfig> = {}): TokenType =>
  createToken({ name: `"${text}"`, pattern: text, ...more });

export const LeftParen = symbol('(');
export const RightParen = symbol(')');
export const LeftBrace = symbol('{', { push_mode: 'braces' });
export const RightBrace = symbol('}', { pop_mode: true });
export const LeftBracket = symbol('[', { push_mode: 'brackets' });
export const RightBracket = symbol(']', { pop_mode: true });
export const Comma = symbol(',');
export const Colon = symbol(':');
export const At = symbol('@');
export const Equal = symbol('=');
export const MatchRegex = symbol('=~');
export const NotMatchRegex = symbol('!~');

const word = (text: string, categories: readonly TokenType[]): TokenType =>
  createToken({ name: `"${text}"`, pattern: Lexer.NA, categories: [...categories] });

/** Keyword tokens by word. The lexer finds words; `tokenize` gives them their type. */
const KEYWORD_TOKENS = new Map<string, TokenType>();

/** Any aggregation operator. */
export const Aggregator = createToken({ name: 'aggregation', pattern: Lexer.NA });
for (const name of AGGREGATORS) KEYWORD_TOKENS.set(name, word(name, [Aggregator, MetricName, LabelName]));

/** Which name a keyword may stand for: Prometheus' `metric_identifier` and `maybe_label`. */
for (const name of NAME_KEYWORDS) {
  KEYWORD_TOKENS.set(name, word(name, name === 'without' ? [MetricName] : [MetricName, LabelName]));
}
// `fill` is a keyword only where its parenthesis follows (see classifyWord), so as such it never names a metric.
for (const name of EXPERIMENTAL_KEYWORDS) {
  KEYWORD_TOKENS.set(name, word(name, name.startsWith('fill') ? [LabelName] : [LabelName, MetricName]));
}
for (const name of RESERVED_KEYWORDS) KEYWORD_TOKENS.set(name, word(name, [LabelName]));
KEYWORD_TOKENS.set('inf', NumberToken);
KEYWORD_TOKENS.set('nan', NumberToken);

function keyword(name: string): TokenType {
  const token = KEYWORD_TOKENS.get(name);
  if (token === undefined) throw new LumaError(SQLSTATE.internalError, `no keyword ${name}`);
  return token;
}

export const By = keyword('by');
export const Without = keyword('without');
export const On = keyword('on');
export const Ignoring = keyword('ignoring');
export const GroupLeft = keyword('group_left');
export const GroupRight = keyword('group_right');
export const Bool = keyword('bool');
export const Offset = keyword('offset');
export const Start = keyword('start');
export const End = keyword('end');
const FILL: ReadonlySet<TokenType> = new Set([keyword('fill'), keyword('fill_left'), keyword('fill_right')]);
/** Keywords of syntax that Prometheus has behind feature flags. */
export const EXPERIMENTAL: ReadonlySet<TokenType> = new Set(EXPERIMENTAL_KEYWORDS.map(keyword));

/** Every binary operator but `^`. */
export const BinaryOperator = createToken({ name: 'operator', pattern: Lexer.NA });
/** `+` and `-` before an operand. */
export const Sign = createToken({ name: 'sign', pattern: Lexer.NA });

const OPERATOR_TOKENS: ReadonlyMap<SeriesBinaryOperator, TokenType> = new Map(
  (Object.keys(OPERATORS) as SeriesBinaryOperator[]).map((operator) => [operator, createOperatorToken(operator)]),
);

function createOperatorToken(operator: SeriesBinaryOperator): TokenType {
  const { symbol: text } = OPERATORS[operator];
  if (operator === 'power') return symbol(text);
  if (operator === 'add' || operator === 'subtract') return symbol(text, { categories: [BinaryOperator, Sign] });
  if (!/^[a-z]/.test(text)) return symbol(text, { categories: BinaryOperator });
  const names = operator === 'atan2' ? [LabelName] : [LabelName, MetricName];
  const token = word(text, [BinaryOperator, ...names]);
  KEYWORD_TOKENS.set(text, token);
  return token;
}

function operatorToken(operator: SeriesBinaryOperator): TokenType {
  const token = OPERATOR_TOKENS.get(operator);
  if (token === undefined) throw new LumaError(SQLSTATE.internalError, `no token for ${operator}`);
  return token;
}

export const Power = operatorToken('power');
export const NotEqual = operatorToken('not_equal');
const Add = operatorToken('add');
const Subtract = operatorToken('subtract');

/** The binary operator of a token. */
export function operatorOf(token: TokenType): SeriesBinaryOperator {
  for (const [operator, each] of OPERATOR_TOKENS) if (each === token) return operator;
  throw new LumaError(SQLSTATE.internalError, `${token.name} is no operator`);
}

/** The aggregation operator of an `Aggregator` token. */
export function aggregatorOf(token: IToken): AggregationOperator {
  const name = token.image.toLowerCase();
  const found = AGGREGATORS.find((each) => each === name);
  if (found === undefined) throw new LumaError(SQLSTATE.internalError, `${name} is no aggregation`);
  return found;
}

const symbolOperators = [...OPERATOR_TOKENS.values()]
  .filter((token) => typeof token.PATTERN === 'string')
  .sort((a, b) => String(b.PATTERN).length - String(a.PATTERN).length);

const MODES = {
  outside: [
    WhiteSpace,
    Comment,
    Identifier,
    Duration,
    NumberToken,
    Text,
    LeftParen,
    RightParen,
    LeftBrace,
    LeftBracket,
    Comma,
    At,
    ...symbolOperators,
  ],
  braces: [WhiteSpace, Comment, BraceIdentifier, Text, Comma, MatchRegex, NotMatchRegex, NotEqual, Equal, RightBrace],
  brackets: [WhiteSpace, Duration, NumberToken, Colon, Add, Subtract, RightBracket],
};

/** Every token type, for the parser's vocabulary. */
export const VOCABULARY: TokenType[] = [
  ...new Set([
    ...Object.values(MODES).flat(),
    ...KEYWORD_TOKENS.values(),
    ...[MetricIdentifier, MetricName, LabelName, Aggregator, BinaryOperator, Sign],
  ]),
];

let lexer: LexerType | undefined;

/** The tokens of a PromQL text. Throws 42601 at the first character that begins none. */
export function tokenize(text: string): IToken[] {
  lexer ??= new Lexer(
    { modes: MODES, defaultMode: 'outside' },
    { positionTracking: 'onlyOffset', skipValidations: true, ensureOptimizations: false },
  );
  const { tokens, errors } = lexer.tokenize(text);
  const first = errors[0];
  if (first !== undefined) throw lexicalError(text, first.offset, tokens);
  for (const token of tokens) if (token.tokenType === Identifier) classifyWord(token, text);
  return tokens;
}

function classifyWord(token: IToken, text: string): void {
  if (token.image.includes(':')) {
    retype(token, MetricIdentifier);
    return;
  }
  const found = KEYWORD_TOKENS.get(token.image.toLowerCase());
  if (found === undefined) return;
  // Prometheus, lex.go, peekFollowedByLeftParen: metrics named `fill` go on working.
  if (FILL.has(found) && !/^[ \t\r\n]*\(/.test(text.slice(token.startOffset + token.image.length))) return;
  retype(token, found);
}

function retype(token: IToken, type: TokenType): void {
  token.tokenType = type;
  token.tokenTypeIdx = type.tokenTypeIdx ?? 0;
}

function lexicalError(text: string, offset: number, before: readonly IToken[]): LumaError {
  const character = String.fromCodePoint(text.codePointAt(offset) ?? 0);
  const rest = text.slice(offset);
  const fail = (message: string, length: number, hint?: string): LumaError =>
    new LumaError(SQLSTATE.syntaxError, message, { span: { start: offset, end: offset + length }, hint });
  const number = /^\.?\d[\w.]*/.exec(rest)?.[0];
  if (number !== undefined) {
    return fail(`bad number or duration syntax: "${number}"`, number.length, 'Durations look like 5m, 1h30m or 500ms.');
  }
  let inside = '';
  for (const { tokenType, startOffset } of before) {
    if (startOffset > offset) break;
    if (tokenType === LeftBrace) inside = ' inside braces';
    else if (tokenType === LeftBracket) inside = ' in duration expression';
    else if (tokenType === RightBrace || tokenType === RightBracket) inside = '';
  }
  if (inside === ' in duration expression' && /[*/%^(]/.test(character)) {
    return new LumaError(SQLSTATE.featureNotSupported, 'experimental duration expression is not supported', {
      span: { start: offset, end: offset + 1 },
      hint: 'Write the duration as one literal, such as [1h30m].',
    });
  }
  if (inside === '' || inside === ' inside braces') {
    const open = /["'`]/.exec(character)?.[0];
    const length = rest.split('\n', 1)[0]?.length ?? 1;
    if (open !== undefined) return fail('unterminated quoted string', length, `Close it with ${open}.`);
  }
  if (character === '=' && inside === '') return fail('unexpected "="', 1, 'Comparison is ==; labels are matched inside { }.');
  if (character === ';') return fail('unexpected character: ";"', 1, 'PromQL takes one expression and no semicolon.');
  return fail(`unexpected character${inside}: '${character}'`, character.length);
}
