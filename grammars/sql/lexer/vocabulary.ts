import type { TokenType } from 'chevrotain';
import { Lexer } from '../../chevrotain.ts';
import { KEYWORDS, type Keyword, type KeywordClass } from './keywords.ts';
import { BareLabel, FunctionName, Label, Name, SHARED_TOKENS } from './tokens.ts';

/** The words a dialect treats specially, as tokens. */
export interface Vocabulary {
  /** The shared grammar's words. */
  readonly keywords: Readonly<Record<Keyword, TokenType>>;
  /** Every word with a token of its own, the dialect's included, in upper case. */
  readonly words: ReadonlyMap<string, TokenType>;
  /** All tokens, for the parser's constructor. */
  readonly tokens: TokenType[];
}

/** What a dialect says about words. */
export interface WordRules {
  /** Words beyond the shared grammar's: the dialect's own keywords, and words it only reserves. Upper case. */
  readonly words: Iterable<string>;
  keywordClass(word: string): KeywordClass;
  /** Whether the word cannot name a select item without AS. */
  needsAs(word: string): boolean;
}

const CATEGORIES: Readonly<Record<KeywordClass, readonly TokenType[]>> = {
  unreserved: [Name, FunctionName, Label],
  column: [Name, Label],
  function: [FunctionName, Label],
  reserved: [Label],
};

export function createVocabulary(rules: WordRules): Vocabulary {
  const words = new Map<string, TokenType>();
  for (const word of [...KEYWORDS, ...rules.words]) {
    if (words.has(word)) continue;
    const categories = [...CATEGORIES[rules.keywordClass(word)]];
    if (!rules.needsAs(word)) categories.push(BareLabel);
    words.set(word, { name: word, LABEL: word, PATTERN: Lexer.NA, CATEGORIES: categories });
  }
  // KEYWORDS is the list that the record's type is made of.
  const keywords = Object.fromEntries(words) as Record<Keyword, TokenType>;
  return { keywords, words, tokens: [...SHARED_TOKENS, ...words.values()] };
}
