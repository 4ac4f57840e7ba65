import type { DataType } from '../../src/types/data-type.ts';
import type { Span } from '../../src/types/span.ts';
import type { Query } from './relation.ts';
import type { SeriesExpression } from './series.ts';

export interface QueryStatement {
  readonly kind: 'query_statement';
  readonly span: Span;
  readonly query: Query;
}

/** A series expression whose step grid comes with the request, not with the text. */
export interface SeriesStatement {
  readonly kind: 'series_statement';
  readonly span: Span;
  readonly expression: SeriesExpression;
}

export type ColumnRole = 'time' | 'tag' | 'field';

export interface ColumnDefinition {
  readonly span: Span;
  readonly name: string;
  readonly type: DataType;
  /** Null: by the rule of the data model (first timestamp is the time, text is a tag, numbers are fields). */
  readonly role: ColumnRole | null;
  readonly notNull: boolean;
}

export interface CreateTable {
  readonly kind: 'create_table';
  readonly span: Span;
  readonly name: string;
  readonly ifNotExists: boolean;
  readonly columns: readonly ColumnDefinition[];
  /** CREATE TABLE … AS query; then `columns` is empty. */
  readonly query: Query | null;
}

export interface DropTable {
  readonly kind: 'drop_table';
  readonly span: Span;
  readonly names: readonly string[];
  readonly ifExists: boolean;
}

export interface Insert {
  readonly kind: 'insert';
  readonly span: Span;
  readonly table: string;
  /** Empty: all columns in table order. */
  readonly columns: readonly string[];
  readonly source: Query;
}

/** COPY table or (query) FROM/TO a file or the client. */
export interface Copy {
  readonly kind: 'copy';
  readonly span: Span;
  readonly source:
    | { readonly type: 'table'; readonly name: string; readonly columns: readonly string[] }
    | { readonly type: 'query'; readonly query: Query };
  readonly direction: 'from' | 'to';
  /** Path, or null for STDIN/STDOUT. */
  readonly file: string | null;
  /** `format` (csv, parquet), `header`, `delimiter`, `null` … lower-case names. */
  readonly options: readonly { readonly name: string; readonly value: string | boolean; readonly span: Span }[];
}

export interface Explain {
  readonly kind: 'explain';
  readonly span: Span;
  readonly analyze: boolean;
  readonly verbose: boolean;
  readonly format: 'text' | 'json';
  readonly statement: Statement;
}

/** ANALYZE: refines the statistics of the named tables, or of all. */
export interface Analyze {
  readonly kind: 'analyze';
  readonly span: Span;
  readonly tables: readonly string[];
}

export interface Transaction {
  readonly kind: 'transaction';
  readonly span: Span;
  readonly action: 'begin' | 'commit' | 'rollback';
}

export interface SetVariable {
  readonly kind: 'set';
  readonly span: Span;
  readonly name: string;
  /** Null: RESET, back to the default. */
  readonly value: string | null;
  /** SET LOCAL: only until the transaction ends. */
  readonly local: boolean;
}

export interface ShowVariable {
  readonly kind: 'show';
  readonly span: Span;
  readonly name: string;
}

/** DEALLOCATE: prepared statements are forgotten. */
export interface Deallocate {
  readonly kind: 'deallocate';
  readonly span: Span;
  /** Null: all of them. */
  readonly name: string | null;
}

/** DISCARD: the session is as new, or forgets what it keeps of one kind. */
export interface Discard {
  readonly kind: 'discard';
  readonly span: Span;
  readonly what: 'all' | 'plans' | 'sequences' | 'temp';
}

export type Statement =
  | QueryStatement
  | SeriesStatement
  | CreateTable
  | DropTable
  | Insert
  | Copy
  | Explain
  | Analyze
  | Transaction
  | SetVariable
  | ShowVariable
  | Deallocate
  | Discard;

export type StatementKind = Statement['kind'];
