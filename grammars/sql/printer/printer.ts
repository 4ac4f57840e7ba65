import type { Doc } from '../../ast/print-aids.ts';
import type { Query } from '../../ast/relation.ts';
import type { Dialect } from '../dialect.ts';

/** What printing one statement needs to know. */
export interface Printer {
  readonly dialect: Dialect;
  /** Parentheses around every operator, so that a reader with another precedence reads the same tree. */
  readonly allParentheses: boolean;
  /** A query inside an expression. */
  query(query: Query): Doc;
}
