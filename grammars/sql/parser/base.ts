import type { IToken, ParserMethod, TokenType } from 'chevrotain';
import { LumaError, notSupported, SQLSTATE } from '../../../src/types/error.ts';
import type { Span } from '../../../src/types/span.ts';
import { EmbeddedActionsParser } from '../../chevrotain.ts';
import type { Dialect } from '../dialect.ts';
import { tokenize } from '../lexer/lexer.ts';
import { Comma, LeftParen, Name, payloadOf, RightParen } from '../lexer/tokens.ts';
import { createVocabulary, type Vocabulary } from '../lexer/vocabulary.ts';
import { RULE_NAMES, syntaxError } from './errors/syntax-error.ts';
import { labelOf, OrderedLookahead } from './lookahead.ts';

/** A rule's method: with `this.SUBRULE(this.rule, { ARGS })`, never called directly. */
export type Rule<Result, Arguments extends unknown[] = []> = ParserMethod<Arguments, Result>;

/** SQLSTATE statement_too_complex. */
const TOO_COMPLEX = '54001';
/** Parentheses, calls, subqueries and CASE inside one another; each takes up to 3 KB of the stack's 984. */
const MAX_DEPTH = 200;

/** Operators, joins or set operations in a row; the tree leans left as deep as there are of them. */
const MAX_CHAIN = 5000;

/*
 * The grammar is a chain of classes: base, expressions, queries, statements, dialect. Rules are properties; chevrotain
 * runs each once with placeholders to record the grammar, so whatever looks into a token or a node is inside ACTION.
 * A dialect's parser calls `performSelfAnalysis` when all rules are there; making one costs milliseconds, so it is made
 * when the first text is parsed (`lazyParser`).
 */
export abstract class BaseParser extends EmbeddedActionsParser {
  protected readonly dialect: Dialect;
  protected readonly vocabulary: Vocabulary;
  private readonly lookahead: OrderedLookahead;
  private depth = 0;

  constructor(dialect: Dialect) {
    const vocabulary = createVocabulary(dialect);
    const lookahead = new OrderedLookahead(RULE_NAMES);
    super(vocabulary.tokens, {
      maxLookahead: 1,
      recoveryEnabled: false,
      skipValidations: true,
      lookaheadStrategy: lookahead,
      errorMessageProvider: {
        // The message is made later (syntax-error.ts); here only what a failed CONSUME wanted is noted.
        buildMismatchTokenMessage: ({ expected }) => {
          lookahead.trace?.expected.add(labelOf(expected));
          return '';
        },
        buildNotAllInputParsedMessage: () => '',
        buildNoViableAltMessage: () => '',
        buildEarlyExitMessage: () => '',
      },
    });
    this.dialect = dialect;
    this.vocabulary = vocabulary;
    this.lookahead = lookahead;
  }

  /** Parses the whole text with `rule`; throws LumaError. */
  parseText<Result>(text: string, rule: Rule<Result>): Result {
    const tokens = tokenize(text, this.vocabulary, this.dialect);
    const result = this.run(tokens, rule);
    const [error] = this.errors;
    if (error === undefined) return result;
    // Once more, this time noting what would have been accepted where it failed.
    const trace = { token: error.token, expected: new Set<string>() };
    this.lookahead.trace = trace;
    try {
      this.run(tokens, rule);
    } finally {
      this.lookahead.trace = null;
    }
    throw syntaxError({ text, tokens, token: error.token, expected: trace.expected, dialect: this.dialect });
  }

  private run<Result>(tokens: IToken[], rule: Rule<Result>): Result {
    this.input = tokens;
    this.depth = 0;
    try {
      return rule.call(this);
    } catch (thrown) {
      if (!(thrown instanceof RangeError)) throw thrown;
      throw new LumaError(TOO_COMPLEX, 'the statement is nested too deeply', { cause: thrown });
    }
  }

  /** The offset of the next token. */
  protected mark(): number {
    return this.LA(1).startOffset;
  }

  /** From `start` to the end of the last token. */
  protected spanFrom(start: number): Span {
    return { start, end: (this.LA(0).endOffset ?? start) + 1 };
  }

  /** Around what nests without bound; `leave` when it is complete. */
  protected enter(): void {
    this.depth += 1;
    if (this.depth > MAX_DEPTH) throw this.tooComplex('the statement is nested too deeply', `The limit is ${MAX_DEPTH} levels.`);
  }

  protected leave(): void {
    this.depth -= 1;
  }

  /** Inside ACTION, wherever a tree grows to the left. */
  protected limitChain(length: number): void {
    if (length > MAX_CHAIN) throw this.tooComplex('the statement has too many operators in a row', `The limit is ${MAX_CHAIN}.`);
  }

  private tooComplex(message: string, hint: string): LumaError {
    return new LumaError(TOO_COMPLEX, message, { span: this.spanFrom(this.LA(0).startOffset), hint });
  }

  /** Refuses what was just read since `start`: it exists elsewhere and is not supported here. */
  protected refuse(what: string, start: number, hint?: string): never {
    this.ACTION(() => {
      throw notSupported(what, { span: this.spanFrom(start), hint });
    });
    // Only reached while the grammar is recorded.
    return undefined as never;
  }

  /** Whether the tokens from the next one on are these. */
  protected ahead(...types: readonly TokenType[]): boolean {
    return types.every((type, position) => this.LA(position + 1).tokenType === type);
  }

  /** Whether the token `howMuch` ahead may stand as `category`. */
  protected isA(howMuch: number, category: TokenType): boolean {
    return category.categoryMatchesMap?.[this.LA(howMuch).tokenTypeIdx] === true;
  }

  /** The token of a word beyond the shared grammar's, which the dialect lists in `words`. */
  protected ownWord(word: string): TokenType {
    const type = this.vocabulary.words.get(word);
    if (type === undefined) throw new LumaError(SQLSTATE.internalError, `${word} is not among the words of ${this.dialect.name}`);
    return type;
  }

  /** A rule for `item, item, …`. */
  protected list<Item>(name: string, item: () => Rule<Item>): Rule<Item[]> {
    return this.RULE(name, () => {
      const items = [this.SUBRULE(item())];
      this.MANY(() => {
        this.CONSUME(Comma);
        items.push(this.SUBRULE2(item()));
      });
      return items;
    });
  }

  /** An alternative that is one word. */
  protected word<const Value>(type: TokenType, value: Value): { ALT: () => Value } {
    return {
      ALT: () => {
        this.CONSUME(type);
        return value;
      },
    };
  }

  readonly name = this.RULE('name', (): string => payloadOf(this.CONSUME(Name)));

  readonly nameList: Rule<string[]> = this.list('nameList', () => this.name);

  /** `(a, b)` */
  readonly columnNames = this.RULE('columnNames', (): string[] => {
    this.CONSUME(LeftParen);
    const names = this.SUBRULE(this.nameList);
    this.CONSUME(RightParen);
    return names;
  });
}

/** The parser of a dialect, made when it is first needed. */
export function lazyParser<P extends BaseParser>(make: () => P): () => P {
  let parser: P | undefined;
  return () => {
    parser ??= make();
    return parser;
  };
}
