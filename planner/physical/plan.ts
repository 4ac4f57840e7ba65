import type { DataType } from '../../src/types/data-type.ts';
import type {
  AggregateCall,
  BoundExpression,
  Column,
  ColumnId,
  ConstantValue,
  NamedExpression,
  SortKey,
  WindowCall,
} from '../expression.ts';
import type { SeriesOutput, SeriesPlan } from '../series-plan.ts';

/** What the optimizer expects: rows out, and cost in units of one row through one simple operator. */
export interface Estimate {
  readonly rows: number;
  readonly cost: number;
}

interface Node {
  /** Unique within the plan; EXPLAIN ANALYZE reports by it. */
  readonly node: number;
  /** What the operator delivers, in order. Only columns that something above uses. */
  readonly columns: readonly Column[];
  readonly estimate: Estimate;
}

/** A bound that rows must meet; segments whose zone map excludes it are skipped. Not a replacement for the filter. */
export interface ZoneBound {
  /** Table column position. */
  readonly position: number;
  readonly operator: 'equal' | 'less' | 'less_equal' | 'greater' | 'greater_equal';
  readonly value: ConstantValue;
}

export interface TableScan extends Node {
  readonly kind: 'table_scan';
  readonly table: string;
  readonly alias: string;
  /** Table column position of each output column. */
  readonly positions: readonly number[];
  readonly bounds: readonly ZoneBound[];
}

export interface OneRowScan extends Node {
  readonly kind: 'one_row';
}

export interface EmptyScan extends Node {
  readonly kind: 'empty';
}

export interface ValuesScan extends Node {
  readonly kind: 'values';
  readonly rows: readonly (readonly BoundExpression[])[];
}

export interface FilterOperator extends Node {
  readonly kind: 'filter';
  readonly input: PhysicalPlan;
  /** In evaluation order, cheapest and most selective first. */
  readonly predicates: readonly BoundExpression[];
}

export interface ProjectOperator extends Node {
  readonly kind: 'project';
  readonly input: PhysicalPlan;
  /** Columns of the input that pass unchanged are also listed, as column references. */
  readonly items: readonly NamedExpression[];
}

/** `distinct` aggregates do not occur: a rule has expanded them. */
export interface HashAggregate extends Node {
  readonly kind: 'hash_aggregate';
  readonly input: PhysicalPlan;
  readonly keys: readonly NamedExpression[];
  readonly aggregates: readonly AggregateCall[];
}

export type PhysicalJoinType = 'inner' | 'left' | 'semi' | 'anti' | 'mark';

/** `build` is hashed (right), `probe` (left) streams and is preserved by left, semi, anti and mark. */
export interface HashJoin extends Node {
  readonly kind: 'hash_join';
  readonly type: PhysicalJoinType;
  readonly probe: PhysicalPlan;
  readonly build: PhysicalPlan;
  /** Equal pairs of equal type; `nullSafe` pairs match NULL with NULL. */
  readonly keys: readonly { readonly probe: BoundExpression; readonly build: BoundExpression; readonly nullSafe: boolean }[];
  /** Further predicates over both sides. */
  readonly residual: readonly BoundExpression[];
  readonly mark: Column | null;
  /** The comparison of a null-aware join that is no equality (`x > ALL (…)`): no key is the compared pair then. */
  readonly compared: BoundExpression | null;
  /** NOT IN (anti) and IN as a value (mark): NULL in the comparison makes the answer NULL; keys[0] is the compared pair. */
  readonly nullAware: boolean;
}

/** Any predicate; `inner` is materialized. Same types and rules as HashJoin. */
export interface NestedLoopJoin extends Node {
  readonly kind: 'nested_loop_join';
  readonly type: PhysicalJoinType;
  readonly outer: PhysicalPlan;
  readonly inner: PhysicalPlan;
  readonly predicates: readonly BoundExpression[];
  readonly mark: Column | null;
  readonly nullAware: boolean;
}

/** Stable. */
export interface SortOperator extends Node {
  readonly kind: 'sort';
  readonly input: PhysicalPlan;
  readonly keys: readonly SortKey[];
}

/** The first offset + count rows of the order, then without the first offset. */
export interface TopN extends Node {
  readonly kind: 'top_n';
  readonly input: PhysicalPlan;
  readonly keys: readonly SortKey[];
  readonly count: BoundExpression;
  readonly offset: BoundExpression | null;
}

export interface LimitOperator extends Node {
  readonly kind: 'limit';
  readonly input: PhysicalPlan;
  readonly count: BoundExpression | null;
  readonly offset: BoundExpression | null;
}

/** The input's row, or none; raises 21000 when there are more. The row of NULLs without one is a left join above it. */
export interface SingleRowOperator extends Node {
  readonly kind: 'single_row';
  readonly input: PhysicalPlan;
}

/** Inputs one after the other; position by position, with equal types. Distinct, INTERSECT, EXCEPT are planned as aggregates and joins above it. */
export interface UnionAll extends Node {
  readonly kind: 'union_all';
  readonly inputs: readonly PhysicalPlan[];
}

export interface WindowOperator extends Node {
  readonly kind: 'window';
  readonly input: PhysicalPlan;
  readonly partitionBy: readonly BoundExpression[];
  readonly orderBy: readonly SortKey[];
  readonly calls: readonly WindowCall[];
}

export interface TableFunctionOperator extends Node {
  readonly kind: 'table_function';
  readonly function: { readonly name: string; readonly argumentTypes: readonly DataType[] };
  readonly arguments: readonly BoundExpression[];
}

export interface SeriesScanOperator extends Node {
  readonly kind: 'series_scan';
  readonly series: SeriesPlan<PhysicalPlan>;
  readonly output: SeriesOutput;
}

/** Reads the rows of `input`, which is one object for all readers and runs once. */
export interface SharedScan extends Node {
  readonly kind: 'shared';
  readonly input: PhysicalPlan;
  /** The input's column that each output column is. */
  readonly reads: readonly ColumnId[];
}

export type PhysicalPlan =
  | TableScan
  | OneRowScan
  | EmptyScan
  | ValuesScan
  | FilterOperator
  | ProjectOperator
  | HashAggregate
  | HashJoin
  | NestedLoopJoin
  | SortOperator
  | TopN
  | LimitOperator
  | SingleRowOperator
  | UnionAll
  | WindowOperator
  | TableFunctionOperator
  | SeriesScanOperator
  | SharedScan;

export type PhysicalKind = PhysicalPlan['kind'];

/** A query ready to run: `output` picks and names the columns of `plan` in order. */
export interface PhysicalQuery {
  readonly plan: PhysicalPlan;
  readonly output: readonly {
    readonly name: string;
    readonly id: ColumnId;
    readonly type: DataType;
    readonly nullable: boolean;
  }[];
  /** Types of `$1`…; null where nothing gave one. */
  readonly parameters: readonly (DataType | null)[];
}
