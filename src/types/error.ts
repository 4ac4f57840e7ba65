import { positionOf, type Span } from './span.ts';

/** What an error can say beyond its message. */
export interface ErrorDetail {
  /** Where in the query text; absent when no text is to blame. */
  readonly span?: Span | undefined;
  /** What to do next, a sentence. */
  readonly hint?: string | undefined;
  /** What the parser would have accepted there. */
  readonly expected?: readonly string[] | undefined;
  readonly cause?: unknown;
}

/** The one error class. `code` is a SQLSTATE (PostgreSQL 16, appendix A) where there is one. */
export class LumaError extends Error {
  readonly code: string;
  readonly span: Span | undefined;
  readonly hint: string | undefined;
  readonly expected: readonly string[];

  constructor(code: string, message: string, detail: ErrorDetail = {}) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause });
    this.name = 'LumaError';
    this.code = code;
    this.span = detail.span;
    this.hint = detail.hint;
    this.expected = detail.expected ?? [];
  }

  /** The same error at `span`, unless it already has a place. */
  at(span: Span): LumaError {
    if (this.span !== undefined) return this;
    return new LumaError(this.code, this.message, { span, hint: this.hint, expected: this.expected, cause: this.cause });
  }
}

/** SQLSTATEs used in more than one place, by PostgreSQL's condition names. */
export const SQLSTATE = {
  syntaxError: '42601',
  undefinedColumn: '42703',
  undefinedTable: '42P01',
  undefinedFunction: '42883',
  undefinedObject: '42704',
  undefinedParameter: '42P02',
  ambiguousColumn: '42702',
  ambiguousFunction: '42725',
  duplicateTable: '42P07',
  duplicateColumn: '42701',
  duplicateAlias: '42712',
  invalidColumnDefinition: '42611',
  objectInUse: '55006',
  statementTooComplex: '54001',
  protocolViolation: '08P01',
  invalidPassword: '28P01',
  invalidStatementName: '26000',
  noActiveTransaction: '25P01',
  activeTransaction: '25001',
  groupingError: '42803',
  windowingError: '42P20',
  datatypeMismatch: '42804',
  invalidColumnReference: '42P10',
  featureNotSupported: '0A000',
  characterNotInRepertoire: '22021',
  divisionByZero: '22012',
  numericValueOutOfRange: '22003',
  invalidTextRepresentation: '22P02',
  invalidDatetimeFormat: '22007',
  datetimeFieldOverflow: '22008',
  invalidParameterValue: '22023',
  notNullViolation: '23502',
  cardinalityViolation: '21000',
  serializationFailure: '40001',
  badCopyFileFormat: '22P04',
  queryCanceled: '57014',
  outOfMemory: '53200',
  adminShutdown: '57P01',
  inFailedTransaction: '25P02',
  ioError: '58030',
  dataCorrupted: 'XX001',
  internalError: 'XX000',
} as const;

/** An error for syntax or features that exist elsewhere but not here. */
export function notSupported(what: string, detail: ErrorDetail = {}): LumaError {
  return new LumaError(SQLSTATE.featureNotSupported, `${what} is not supported`, detail);
}

/** For whoever still asks a database that has been closed. */
export function databaseClosed(): LumaError {
  return new LumaError(SQLSTATE.adminShutdown, 'the database is closed');
}

/**
 * The form every surface prints: `error[CODE] line:column: message`, the line, a caret under it,
 * then what was expected and the hint. Without a place, only the first line and the hint.
 */
export function formatError(error: LumaError, text?: string): string {
  const lines: string[] = [];
  if (error.span !== undefined && text !== undefined) {
    const { line, column } = positionOf(text, error.span.start);
    lines.push(`error[${error.code}] ${line}:${column}: ${error.message}`);
    const source = text.split('\n')[line - 1] ?? '';
    const width = Math.max(1, Math.min(error.span.end, text.length) - error.span.start);
    const shown = Math.min(width, Math.max(1, [...source].length - column + 1));
    lines.push(`  ${source}`, `  ${' '.repeat(column - 1)}${'^'.repeat(shown)}`);
  } else {
    lines.push(`error[${error.code}] ${error.message}`);
  }
  if (error.expected.length > 0) lines.push(`expected: ${error.expected.join(', ')}`);
  if (error.hint !== undefined) lines.push(`hint: ${error.hint}`);
  return lines.join('\n');
}

/** Anything thrown, as a LumaError; what is not one becomes an internal error that keeps its cause. */
export function asLumaError(thrown: unknown): LumaError {
  if (thrown instanceof LumaError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  // What V8 says when the stack is full: the tree of a text is walked by recursion.
  if (thrown instanceof RangeError && message === 'Maximum call stack size exceeded') {
    return new LumaError(SQLSTATE.statementTooComplex, 'the statement is nested too deeply', { cause: thrown });
  }
  return new LumaError(SQLSTATE.internalError, message, { cause: thrown });
}
