import type { DataType } from '../../src/types/data-type.ts';
import type { Span } from '../../src/types/span.ts';
import type { OrderItem, Query } from './relation.ts';

/** A value as the text gave it; `integer` and `decimal` keep their digits, so that nothing is rounded by parsing. */
export interface Literal {
  readonly kind: 'literal';
  readonly span: Span;
  readonly value:
    | { readonly type: 'null' }
    | { readonly type: 'boolean'; readonly value: boolean }
    /** Digits without a point or exponent. */
    | { readonly type: 'integer'; readonly text: string }
    /** Exact: digits with a point, no exponent. */
    | { readonly type: 'decimal'; readonly text: string }
    | { readonly type: 'float'; readonly value: number }
    | { readonly type: 'text'; readonly value: string }
    /** Calendar spans; nanoseconds as bigint. */
    | { readonly type: 'interval'; readonly months: number; readonly days: number; readonly nanoseconds: bigint };
}

/** `name` or `table.name`; names are already folded by the language's own rule. */
export interface ColumnReference {
  readonly kind: 'column';
  readonly span: Span;
  readonly qualifier: string | null;
  readonly name: string;
}

/** `$1`: index counts from 1. */
export interface Parameter {
  readonly kind: 'parameter';
  readonly span: Span;
  readonly index: number;
}

/**
 * Operators by meaning. `divide` is typed division: integers truncate, anything else divides exactly or in floating
 * point; a language whose `/` always gives a float lowers to `divide_float`.
 */
export type BinaryOperator =
  | 'add'
  | 'subtract'
  | 'multiply'
  | 'divide'
  | 'divide_float'
  | 'modulo'
  | 'power'
  | 'concatenate'
  | 'equal'
  | 'not_equal'
  | 'less'
  | 'less_equal'
  | 'greater'
  | 'greater_equal'
  | 'is_distinct'
  | 'is_not_distinct'
  | 'and'
  | 'or';

export interface Binary {
  readonly kind: 'binary';
  readonly span: Span;
  readonly operator: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
}

export type UnaryOperator =
  | 'negate'
  | 'plus'
  | 'not'
  | 'is_null'
  | 'is_not_null'
  | 'is_true'
  | 'is_not_true'
  | 'is_false'
  | 'is_not_false';

export interface Unary {
  readonly kind: 'unary';
  readonly span: Span;
  readonly operator: UnaryOperator;
  readonly operand: Expression;
}

/** LIKE and ILIKE; `escape` null means backslash. */
export interface Like {
  readonly kind: 'like';
  readonly span: Span;
  readonly operand: Expression;
  readonly pattern: Expression;
  readonly escape: Expression | null;
  readonly caseInsensitive: boolean;
  readonly negated: boolean;
}

export interface Between {
  readonly kind: 'between';
  readonly span: Span;
  readonly operand: Expression;
  readonly low: Expression;
  readonly high: Expression;
  readonly negated: boolean;
}

export interface InList {
  readonly kind: 'in_list';
  readonly span: Span;
  readonly operand: Expression;
  readonly items: readonly Expression[];
  readonly negated: boolean;
}

export interface InSubquery {
  readonly kind: 'in_subquery';
  readonly span: Span;
  readonly operand: Expression;
  readonly query: Query;
  readonly negated: boolean;
}

/** `operand < ANY (query)`, `operand = ALL (query)`. */
export interface Quantified {
  readonly kind: 'quantified';
  readonly span: Span;
  readonly operand: Expression;
  readonly operator: 'equal' | 'not_equal' | 'less' | 'less_equal' | 'greater' | 'greater_equal';
  readonly quantifier: 'any' | 'all';
  readonly query: Query;
}

export interface Exists {
  readonly kind: 'exists';
  readonly span: Span;
  readonly query: Query;
}

export interface ScalarSubquery {
  readonly kind: 'scalar_subquery';
  readonly span: Span;
  readonly query: Query;
}

export interface Case {
  readonly kind: 'case';
  readonly span: Span;
  readonly operand: Expression | null;
  readonly branches: readonly { readonly when: Expression; readonly then: Expression }[];
  readonly otherwise: Expression | null;
}

export interface Cast {
  readonly kind: 'cast';
  readonly span: Span;
  readonly operand: Expression;
  readonly type: DataType;
}

/** A call of a scalar, aggregate or window function by its LumaDB name (`src/functions`), never by a dialect's own. */
export interface Call {
  readonly kind: 'call';
  readonly span: Span;
  readonly name: string;
  readonly arguments: readonly Expression[];
  /** `count(*)`. */
  readonly star: boolean;
  readonly distinct: boolean;
  readonly filter: Expression | null;
  /** ORDER BY inside an aggregate's parentheses. */
  readonly orderBy: readonly OrderItem[];
  readonly over: WindowSpecification | null;
}

export type FrameBound =
  | { readonly type: 'unbounded_preceding' }
  | { readonly type: 'preceding'; readonly offset: Expression }
  | { readonly type: 'current_row' }
  | { readonly type: 'following'; readonly offset: Expression }
  | { readonly type: 'unbounded_following' };

export interface WindowFrame {
  readonly unit: 'rows' | 'range' | 'groups';
  readonly start: FrameBound;
  readonly end: FrameBound;
}

/** `OVER (…)` or `OVER name`; a named base contributes what this one leaves out. */
export interface WindowSpecification {
  readonly base: string | null;
  readonly partitionBy: readonly Expression[];
  readonly orderBy: readonly OrderItem[];
  readonly frame: WindowFrame | null;
}

/** The scalar expressions of the relation algebra. */
export type Expression =
  | Literal
  | ColumnReference
  | Parameter
  | Binary
  | Unary
  | Like
  | Between
  | InList
  | InSubquery
  | Quantified
  | Exists
  | ScalarSubquery
  | Case
  | Cast
  | Call;

export type ExpressionKind = Expression['kind'];
