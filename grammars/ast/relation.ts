import type { Span } from '../../src/types/span.ts';
import type { Expression, WindowSpecification } from './expression.ts';
import type { SeriesExpression } from './series.ts';

/** `nulls` is always explicit: each language fills in its own default when it parses. */
export interface OrderItem {
  readonly expression: Expression;
  readonly descending: boolean;
  readonly nulls: 'first' | 'last';
}

/** Name of a relation and, if given, of its columns. */
export interface Alias {
  readonly name: string;
  readonly columns: readonly string[];
}

/** A whole query: body with CTEs, order and limit. */
export interface Query {
  readonly kind: 'query';
  readonly span: Span;
  readonly with: readonly CommonTable[];
  readonly body: QueryBody;
  readonly orderBy: readonly OrderItem[];
  readonly limit: Expression | null;
  readonly offset: Expression | null;
}

export interface CommonTable {
  readonly name: string;
  readonly span: Span;
  readonly columns: readonly string[];
  readonly query: Query;
}

export type SelectItem =
  | { readonly kind: 'expression'; readonly expression: Expression; readonly alias: string | null }
  /** `*` or `t.*`. */
  | { readonly kind: 'all'; readonly span: Span; readonly qualifier: string | null };

export interface Select {
  readonly kind: 'select';
  readonly span: Span;
  readonly distinct: boolean;
  readonly items: readonly SelectItem[];
  readonly from: Relation | null;
  readonly where: Expression | null;
  readonly groupBy: readonly Expression[];
  readonly having: Expression | null;
  readonly windows: readonly { readonly name: string; readonly specification: WindowSpecification }[];
}

export interface SetOperation {
  readonly kind: 'set_operation';
  readonly span: Span;
  readonly operator: 'union' | 'intersect' | 'except';
  readonly all: boolean;
  readonly left: QueryBody;
  readonly right: QueryBody;
}

export interface Values {
  readonly kind: 'values';
  readonly span: Span;
  readonly rows: readonly (readonly Expression[])[];
}

/** A parenthesized query is a body too: it may carry its own order and limit. */
export type QueryBody = Select | SetOperation | Values | Query;

export interface TableReference {
  readonly kind: 'table';
  readonly span: Span;
  readonly schema: string | null;
  readonly name: string;
  readonly alias: Alias | null;
}

export interface DerivedTable {
  readonly kind: 'derived';
  readonly span: Span;
  readonly query: Query;
  readonly lateral: boolean;
  readonly alias: Alias | null;
}

/** `generate_series(1, 10) AS t(x)`: a function that gives rows, by its LumaDB name. */
export interface TableFunction {
  readonly kind: 'table_function';
  readonly span: Span;
  readonly name: string;
  readonly arguments: readonly Expression[];
  readonly alias: Alias | null;
}

/**
 * A series expression read as a relation: one TEXT column per label (NULL where a series lacks it), then
 * `time` TIMESTAMP(3) and `value` DOUBLE PRECISION. The grid is start, start + step … ≤ end; without step, one point at end.
 */
export interface SeriesRelation {
  readonly kind: 'series_relation';
  readonly span: Span;
  readonly expression: SeriesExpression;
  readonly start: Expression;
  readonly end: Expression;
  readonly step: Expression | null;
  readonly alias: Alias | null;
}

export type JoinType = 'inner' | 'left' | 'right' | 'full' | 'cross';

export interface Join {
  readonly kind: 'join';
  readonly span: Span;
  readonly type: JoinType;
  readonly left: Relation;
  readonly right: Relation;
  readonly condition:
    | { readonly type: 'on'; readonly expression: Expression }
    | { readonly type: 'using'; readonly columns: readonly string[] }
    | { readonly type: 'natural' }
    | null;
}

/** What may stand in FROM. */
export type Relation = TableReference | DerivedTable | TableFunction | SeriesRelation | Join;

export type RelationKind = Relation['kind'];
export type QueryBodyKind = QueryBody['kind'];
