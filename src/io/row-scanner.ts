/** The form of a field between its bounds. */
export const FIELD = {
  plain: 0,
  /** Whole inside quotes, nothing to unescape: the bounds are inside the quotes. */
  quoted: 1,
  /** Quotes or escapes somewhere: `unquote` gives its bytes. */
  mixed: 2,
} as const;

/**
 * Finds rows and fields in bytes that come in pieces. `next` wants more (false) until a whole row is there; field bounds
 * are valid until its next call.
 */
export interface RowScanner {
  readonly bytes: Buffer;
  /** Bytes not yet consumed. */
  readonly unread: number;
  /** Adds bytes after those not yet consumed. */
  push(piece: Uint8Array): void;
  /** No bytes will follow: the last row may lack its line end. */
  finish(): void;
  /** Moves to the next row; false when more bytes are needed, or, after `finish`, when there is none. Throws 22P04. */
  next(): boolean;
  /** Fields of the row. */
  readonly fields: number;
  start(field: number): number;
  end(field: number): number;
  form(field: number): number;
  /** The content of a mixed field: bytes [0, length) of `scratch`, until the next call. Returns the length. */
  unquote(field: number): number;
  readonly scratch: Buffer;
  /** Where a field of the row begins; lines count from 1. */
  lineOf(field: number): number;
}
