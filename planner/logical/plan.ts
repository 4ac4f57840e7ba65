import type { TableFunctionInfo, TableInfo } from '../catalog.ts';
import type { AggregateCall, BoundExpression, Column, ColumnId, NamedExpression, SortKey, WindowCall } from '../expression.ts';
import type { SeriesOutput, SeriesPlan } from '../series-plan.ts';

interface Node {
  /** What the operator delivers, in order. */
  readonly columns: readonly Column[];
}

export interface Scan extends Node {
  readonly kind: 'scan';
  readonly table: TableInfo;
  readonly alias: string;
  /** Table column position of each output column. */
  readonly positions: readonly number[];
}

/** Exactly one row without columns: SELECT without FROM. */
export interface OneRow extends Node {
  readonly kind: 'one_row';
}

/** No rows, ever. */
export interface Empty extends Node {
  readonly kind: 'empty';
}

export interface Values extends Node {
  readonly kind: 'values';
  readonly rows: readonly (readonly BoundExpression[])[];
}

/** Keeps rows where every predicate is true. */
export interface Filter extends Node {
  readonly kind: 'filter';
  readonly input: LogicalPlan;
  readonly predicates: readonly BoundExpression[];
}

export interface Project extends Node {
  readonly kind: 'project';
  readonly input: LogicalPlan;
  readonly items: readonly NamedExpression[];
}

/** Columns: keys, then aggregates. Without keys: one row, always. NULL keys are one group. */
export interface Aggregate extends Node {
  readonly kind: 'aggregate';
  readonly input: LogicalPlan;
  readonly keys: readonly NamedExpression[];
  readonly aggregates: readonly AggregateCall[];
}

/**
 * semi and anti deliver the left columns; mark the left columns and one boolean, `mark`.
 * `nullAware`: the first predicate is the comparison of IN; anti then means NOT IN, and mark is NULL where IN would be.
 */
export type JoinKind = 'inner' | 'left' | 'full' | 'semi' | 'anti' | 'mark';

export interface Join extends Node {
  readonly kind: 'join';
  readonly type: JoinKind;
  readonly left: LogicalPlan;
  readonly right: LogicalPlan;
  readonly predicates: readonly BoundExpression[];
  readonly mark: Column | null;
  readonly nullAware: boolean;
}

/**
 * A dependent join: `right` may use columns of `left`, and is evaluated per left row.
 * single: at most one right row (21000 otherwise), NULLs without one. Gone after decorrelation.
 */
export interface Apply extends Node {
  readonly kind: 'apply';
  readonly type: 'inner' | 'left' | 'single' | 'semi' | 'anti' | 'mark';
  readonly left: LogicalPlan;
  readonly right: LogicalPlan;
  readonly predicates: readonly BoundExpression[];
  readonly mark: Column | null;
  readonly nullAware: boolean;
}

export interface Sort extends Node {
  readonly kind: 'sort';
  readonly input: LogicalPlan;
  readonly keys: readonly SortKey[];
}

/** `count` null: no limit. Both are constants or parameters. */
export interface Limit extends Node {
  readonly kind: 'limit';
  readonly input: LogicalPlan;
  readonly count: BoundExpression | null;
  readonly offset: BoundExpression | null;
}

/** Raises 21000 when the input has more than one row; adds an all-NULL row when it has none. */
export interface SingleRow extends Node {
  readonly kind: 'single_row';
  readonly input: LogicalPlan;
}

/** Columns get new ids; inputs have equal types position by position. */
export interface SetOperation extends Node {
  readonly kind: 'set_operation';
  readonly operator: 'union' | 'intersect' | 'except';
  readonly all: boolean;
  readonly inputs: readonly LogicalPlan[];
}

/** Adds the outputs of calls that share one partitioning and order. */
export interface Window extends Node {
  readonly kind: 'window';
  readonly input: LogicalPlan;
  readonly partitionBy: readonly BoundExpression[];
  readonly orderBy: readonly SortKey[];
  readonly calls: readonly WindowCall[];
}

export interface TableFunctionScan extends Node {
  readonly kind: 'table_function';
  readonly function: TableFunctionInfo;
  readonly arguments: readonly BoundExpression[];
}

/** A series expression read as rows, series by series, each in time order. */
export interface SeriesScan extends Node {
  readonly kind: 'series_scan';
  readonly series: SeriesPlan<LogicalPlan>;
  readonly output: SeriesOutput;
}

/**
 * Rows that are computed once and read in several places: what would give other rows when run again (LIMIT, random()), where
 * a rule needs them twice. To rules it is a leaf; its source is optimized by itself. `source.plan` reads no outer column.
 */
export interface Shared extends Node {
  readonly kind: 'shared';
  readonly source: SharedSource;
  /** Position in the source's columns of each output column. */
  readonly positions: readonly number[];
}

/** One object for all of its readers. */
export interface SharedSource {
  readonly plan: LogicalPlan;
}

export type LogicalPlan =
  | Scan
  | OneRow
  | Empty
  | Values
  | Filter
  | Project
  | Aggregate
  | Join
  | Apply
  | Sort
  | Limit
  | SingleRow
  | SetOperation
  | Window
  | TableFunctionScan
  | SeriesScan
  | Shared;

/** A bound query: the plan, the output columns in order with their final names, and the parameter types it found. */
export interface LogicalQuery {
  readonly plan: LogicalPlan;
  readonly output: readonly { readonly name: string; readonly id: ColumnId }[];
  readonly parameters: readonly (import('../../src/types/data-type.ts').DataType | null)[];
}
