import type { DataType } from '../src/types/data-type.ts';
import type { Span } from '../src/types/span.ts';

/** Identifies a column within one query; every operator output has its own, so rules never renumber. */
export type ColumnId = number;

/** A column as an operator delivers it. */
export interface Column {
  readonly id: ColumnId;
  readonly name: string;
  readonly type: DataType;
  readonly nullable: boolean;
}

/**
 * The value of a constant: null; boolean; int32 and date (days) number; int64, timestamp (in its unit) and decimal
 * (unscaled) bigint; float64 number; text string; interval {months, days, nanoseconds}.
 */
export type ConstantValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | { readonly months: number; readonly days: number; readonly nanoseconds: bigint };

interface Typed {
  readonly type: DataType;
  readonly nullable: boolean;
  /** Where it stands in the query text, for errors that only execution can find. */
  readonly span: Span;
}

export interface Constant extends Typed {
  readonly kind: 'constant';
  readonly value: ConstantValue;
}

/** A column of an input, or, inside the right side of an Apply, of an outer query. */
export interface ColumnRef extends Typed {
  readonly kind: 'column';
  readonly id: ColumnId;
  readonly name: string;
}

/** `$n`, from 1; its value comes with the execution. */
export interface ParameterRef extends Typed {
  readonly kind: 'parameter';
  readonly index: number;
}

/** One overload of a scalar function, resolved; arguments are already cast to `argumentTypes`. */
export interface ScalarFunction {
  readonly name: string;
  readonly argumentTypes: readonly DataType[];
  readonly returnType: DataType;
  /** strict: NULL in, NULL out, and no NULL otherwise unless `mayReturnNull`. */
  readonly nulls: 'strict' | 'called';
  readonly mayReturnNull: boolean;
  readonly volatility: 'immutable' | 'stable' | 'volatile';
}

export interface ScalarCall extends Typed {
  readonly kind: 'call';
  readonly function: ScalarFunction;
  readonly arguments: readonly BoundExpression[];
}

/** Three-valued, n-ary; evaluation may stop at the first operand that decides. */
export interface Logical extends Typed {
  readonly kind: 'and' | 'or';
  readonly operands: readonly BoundExpression[];
}

export interface Not extends Typed {
  readonly kind: 'not';
  readonly operand: BoundExpression;
}

export interface IsNull extends Typed {
  readonly kind: 'is_null';
  readonly operand: BoundExpression;
}

/** Searched CASE; operands evaluate only when reached. Branch values are already of `type`. */
export interface CaseExpression extends Typed {
  readonly kind: 'case';
  readonly branches: readonly { readonly when: BoundExpression; readonly then: BoundExpression }[];
  readonly otherwise: BoundExpression;
}

/** First operand that is not NULL; operands evaluate only when reached. */
export interface Coalesce extends Typed {
  readonly kind: 'coalesce';
  readonly operands: readonly BoundExpression[];
}

export interface CastExpression extends Typed {
  readonly kind: 'cast';
  readonly operand: BoundExpression;
}

/** `operand IN (constants)`; a NULL among them is allowed and has SQL's meaning. */
export interface InConstants extends Typed {
  readonly kind: 'in';
  readonly operand: BoundExpression;
  readonly values: readonly Constant[];
}

/** Subqueries never stand in expressions: the binder turns each into an Apply below the operator that uses it. */
export type BoundExpression =
  | Constant
  | ColumnRef
  | ParameterRef
  | ScalarCall
  | Logical
  | Not
  | IsNull
  | CaseExpression
  | Coalesce
  | CastExpression
  | InConstants;

export type BoundExpressionKind = BoundExpression['kind'];

/** One overload of an aggregate function, resolved. */
export interface AggregateFunction {
  readonly name: string;
  readonly argumentTypes: readonly DataType[];
  readonly returnType: DataType;
  /** Result over no rows: NULL (sum) or not (count). */
  readonly nullOnEmpty: boolean;
}

/** A named aggregate of an Aggregate operator; rows where `filter` is not true are skipped. */
export interface AggregateCall {
  readonly output: Column;
  readonly function: AggregateFunction;
  readonly arguments: readonly BoundExpression[];
  readonly distinct: boolean;
  readonly filter: BoundExpression | null;
  readonly orderBy: readonly SortKey[];
  readonly span: Span;
}

export interface SortKey {
  readonly expression: BoundExpression;
  readonly descending: boolean;
  readonly nulls: 'first' | 'last';
}

export type BoundFrameBound =
  | { readonly type: 'unbounded_preceding' | 'current_row' | 'unbounded_following' }
  | { readonly type: 'preceding' | 'following'; readonly offset: BoundExpression };

export interface BoundFrame {
  readonly unit: 'rows' | 'range' | 'groups';
  readonly start: BoundFrameBound;
  readonly end: BoundFrameBound;
}

/** A window function of a Window operator: a pure one (`row_number`) or an aggregate over a frame. */
export interface WindowCall {
  readonly output: Column;
  readonly function:
    | { readonly type: 'window'; readonly name: string; readonly returnType: DataType }
    | { readonly type: 'aggregate'; readonly aggregate: AggregateFunction };
  readonly arguments: readonly BoundExpression[];
  readonly filter: BoundExpression | null;
  readonly frame: BoundFrame;
  readonly span: Span;
}

/** `expression AS output` of a Project or a grouping key. */
export interface NamedExpression {
  readonly output: Column;
  readonly expression: BoundExpression;
}
