import type { Span } from '../types/span.ts';

/** What a translation cannot keep. */
export interface Loss {
  /** A word to test for, in lower case. */
  readonly code: LossCode;
  /** Where in the source text. */
  readonly span: Span;
  /** A sentence: what differs, and when it matters. */
  readonly reason: string;
}

export type LossCode =
  /** The labels of a metric are not known, so series may be merged or columns missing. */
  | 'unknown_labels'
  /** PromQL fails when several series match; SQL gives a row for each pair. */
  | 'duplicate_matches'
  /** Numbers become text in another form. */
  | 'number_format'
  /** The order of rows is not kept. */
  | 'order'
  /** Start, end or step of a query are not constants. */
  | 'evaluation_grid';
