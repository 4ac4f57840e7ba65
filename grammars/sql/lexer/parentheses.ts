import type { IToken, TokenType } from 'chevrotain';
import type { Keyword } from './keywords.ts';
import { LeftParen, QUERY, RightParen } from './tokens.ts';

const STARTS: readonly Keyword[] = ['SELECT', 'VALUES', 'WITH', 'TABLE'];
/** What may follow a parenthesized query inside the same query. */
const CONTINUES: readonly Keyword[] = ['UNION', 'INTERSECT', 'EXCEPT', 'ORDER', 'LIMIT', 'OFFSET', 'FETCH', 'FOR'];

/**
 * Marks the opening parentheses that enclose a query, which one token ahead cannot tell: in `((SELECT 1) + 2)` the
 * outer one encloses an expression, in `((SELECT 1) UNION SELECT 2)` a query. One pass from the right: a parenthesis
 * encloses a query if a query starts after it, or a parenthesized query that goes on as a query does or ends there.
 */
export function markQueries(tokens: readonly IToken[], keywords: Readonly<Record<Keyword, TokenType>>): void {
  const starts = new Set(STARTS.map((word) => keywords[word]));
  const continues = new Set<TokenType | undefined>([RightParen, ...CONTINUES.map((word) => keywords[word])]);
  const closers: number[] = [];
  /** Where the parenthesis that opened last (so, the nearest to the right) closes. */
  let innerClose = -1;
  for (let i = tokens.length - 1; i >= 0; i--) {
    const token = tokens[i];
    if (token?.tokenType === RightParen) closers.push(i);
    if (token?.tokenType !== LeftParen) continue;
    const next = tokens[i + 1];
    const encloses =
      next !== undefined &&
      (starts.has(next.tokenType) ||
        (next.tokenType === LeftParen && next.payload === QUERY && continues.has(tokens[innerClose + 1]?.tokenType)));
    if (encloses) token.payload = QUERY;
    innerClose = closers.pop() ?? tokens.length;
  }
}
