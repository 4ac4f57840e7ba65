import type { SeriesValueKind } from '../grammars/ast/series-kind.ts';
import type { ColumnRole } from '../grammars/ast/statement.ts';
import type { DataType } from '../src/types/data-type.ts';
import type { Span } from '../src/types/span.ts';
import type { AggregateFunction, BoundExpression, ConstantValue, ScalarFunction } from './expression.ts';

/**
 * All that the planner knows of tables, functions and statistics. The engine fulfils it; the planner imports neither
 * storage nor functions.
 */
export interface Catalog {
  table(name: string): TableInfo | undefined;
  /** Every table, in name order: for name lookups with hints and for series selectors without a fixed metric. */
  tables(): readonly TableInfo[];
  readonly functions: FunctionCatalog;
  /** The value of an expression without columns and parameters, computed by generated code; throws what execution would throw. */
  evaluate(expression: BoundExpression): ConstantValue;
}

export interface TableInfo {
  readonly name: string;
  readonly columns: readonly TableColumn[];
  /** As of the catalog's snapshot; cheap to call. */
  statistics(): TableStatistics;
  readonly capabilities: ScanCapabilities;
}

export interface TableColumn {
  readonly name: string;
  readonly type: DataType;
  readonly role: ColumnRole;
  readonly notNull: boolean;
}

export interface ScanCapabilities {
  /** Segments whose zone maps exclude the bounds are skipped. */
  readonly zoneMaps: boolean;
}

export interface TableStatistics {
  readonly rows: number;
  /** By column position. */
  readonly columns: readonly ColumnStatistics[];
}

export interface ColumnStatistics {
  readonly nulls: number;
  /** Estimated distinct non-NULL values (HyperLogLog); exact for dictionary columns. */
  readonly distinct: number;
  /** Exact bounds over all rows, or null when unknown, all NULL, or NaN is present. */
  readonly min: ConstantValue;
  readonly max: ConstantValue;
  /** After ANALYZE. */
  readonly mostCommon: readonly { readonly value: ConstantValue; readonly frequency: number }[];
  /** Equi-depth bounds after ANALYZE, empty before. */
  readonly histogram: readonly ConstantValue[];
  /** Mean bytes of a value. */
  readonly width: number;
}

/** An argument as overload resolution sees it. */
export interface ArgumentInfo {
  readonly type: DataType;
  /** A bare string literal or NULL or parameter of unknown type: it takes whatever type fits (PostgreSQL, Type Conversion 10.3). */
  readonly untyped: boolean;
}

export type FunctionKind = 'scalar' | 'aggregate' | 'window' | 'table';

/** Resolution throws 42883 (unknown, or no overload fits; with the nearest names as hint) or 42725 (ambiguous), at `span`. */
export interface FunctionCatalog {
  /** What `name` can be; empty when unknown. A name may be aggregate and window at once. */
  kinds(name: string): readonly FunctionKind[];
  scalar(name: string, arguments_: readonly ArgumentInfo[], span: Span): ScalarFunction;
  aggregate(name: string, arguments_: readonly ArgumentInfo[], span: Span): AggregateFunction;
  window(
    name: string,
    arguments_: readonly ArgumentInfo[],
    span: Span,
  ): { readonly name: string; readonly argumentTypes: readonly DataType[]; readonly returnType: DataType };
  table(name: string, arguments_: readonly ArgumentInfo[], span: Span): TableFunctionInfo;
  /** The common type of CASE branches, UNION columns, IN lists, or undefined (PostgreSQL, 10.5). */
  commonType(types: readonly ArgumentInfo[]): DataType | undefined;
  /** Whether a cast exists: implicit (anywhere), assignment (INSERT), explicit (CAST only). */
  cast(from: DataType, to: DataType): 'implicit' | 'assignment' | 'explicit' | undefined;
  /** Series functions (`rate`, `abs`, …) for the series algebra. */
  series(name: string, span: Span): SeriesFunctionInfo;
}

export interface TableFunctionInfo {
  readonly name: string;
  readonly argumentTypes: readonly DataType[];
  readonly columns: readonly { readonly name: string; readonly type: DataType; readonly nullable: boolean }[];
}

export interface SeriesFunctionInfo {
  readonly name: string;
  /** The kinds it takes; the last may repeat when `variadic`. */
  readonly arguments: readonly SeriesValueKind[];
  readonly required: number;
  readonly variadic: boolean;
  readonly returns: 'scalar' | 'vector';
  /** Whether the result keeps `__name__`. */
  readonly keepsName: boolean;
}
