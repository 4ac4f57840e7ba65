/** A half-open range of UTF-16 offsets into the text a person wrote. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Where an offset lies: line and column count from 1, columns in code points. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** The span of something that no text stands for, such as a node made by a rewrite. */
export const NO_SPAN: Span = { start: 0, end: 0 };

/** The smallest span that covers both. */
export function joinSpans(first: Span, last: Span): Span {
  return { start: Math.min(first.start, last.start), end: Math.max(first.end, last.end) };
}

/** Line and column of `offset` in `text`; an offset past the end is the end. */
export function positionOf(text: string, offset: number): Position {
  const before = text.slice(0, Math.min(offset, text.length));
  const lineStart = before.lastIndexOf('\n') + 1;
  let line = 1;
  for (let i = 0; i < lineStart; i++) if (before.charCodeAt(i) === 10) line++;
  return { line, column: [...before.slice(lineStart)].length + 1 };
}
