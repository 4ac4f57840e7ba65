import { NO_SPAN } from '../../src/types/span.ts';
import type { TableFunctionInfo, TableInfo } from '../catalog.ts';
import type { AggregateCall, BoundExpression, Column, ColumnRef, NamedExpression, SortKey, WindowCall } from '../expression.ts';
import type { SeriesOutput, SeriesPlan } from '../series-plan.ts';
import type {
  Aggregate,
  Apply,
  Empty,
  Filter,
  Join,
  Limit,
  LogicalPlan,
  OneRow,
  Project,
  Scan,
  SeriesScan,
  SetOperation,
  Shared,
  SharedSource,
  SingleRow,
  Sort,
  TableFunctionScan,
  Values,
  Window,
} from './plan.ts';

/**
 * Constructors that derive an operator's columns from its inputs. Rules build plans with these and never write
 * `columns` themselves, so a column list cannot drift from what the operator delivers.
 */

export const ONE_ROW: OneRow = { kind: 'one_row', columns: [] };

/** `columns[i]` is the table's column at `positions[i]`. */
export function scanOf(table: TableInfo, alias: string, positions: readonly number[], columns: readonly Column[]): Scan {
  return { kind: 'scan', table, alias, positions, columns };
}

/** Every row has one expression per column, of its type. */
export function valuesOf(rows: readonly (readonly BoundExpression[])[], columns: readonly Column[]): Values {
  return { kind: 'values', rows, columns };
}

export function tableFunctionOf(
  function_: TableFunctionInfo,
  arguments_: readonly BoundExpression[],
  columns: readonly Column[],
): TableFunctionScan {
  return { kind: 'table_function', function: function_, arguments: arguments_, columns };
}

/** Columns: the labels of `output`, its time, its value. */
export function seriesScanOf(series: SeriesPlan<LogicalPlan>, output: SeriesOutput, columns: readonly Column[]): SeriesScan {
  return { kind: 'series_scan', series, output, columns };
}

export function filterOf(input: LogicalPlan, predicates: readonly BoundExpression[]): Filter {
  return { kind: 'filter', input, predicates, columns: input.columns };
}

/** The input itself when there is nothing to check. */
export function filterUnlessTrue(input: LogicalPlan, predicates: readonly BoundExpression[]): LogicalPlan {
  return predicates.length === 0 ? input : filterOf(input, predicates);
}

export function projectOf(input: LogicalPlan, items: readonly NamedExpression[]): Project {
  return { kind: 'project', input, items, columns: items.map((item) => item.output) };
}

export function aggregateOf(
  input: LogicalPlan,
  keys: readonly NamedExpression[],
  aggregates: readonly AggregateCall[],
): Aggregate {
  return {
    kind: 'aggregate',
    input,
    keys,
    aggregates,
    columns: [...keys.map((key) => key.output), ...aggregates.map((call) => call.output)],
  };
}

export function joinColumns(
  type: Join['type'] | Apply['type'],
  left: readonly Column[],
  right: readonly Column[],
  mark: Column | null,
): readonly Column[] {
  switch (type) {
    case 'inner':
      return [...left, ...right];
    case 'left':
    case 'single':
      return [...left, ...right.map(nullable)];
    case 'full':
      return [...left.map(nullable), ...right.map(nullable)];
    case 'semi':
    case 'anti':
      return left;
    case 'mark':
      return mark === null ? left : [...left, mark];
  }
}

interface PairOptions {
  readonly mark?: Column | null;
  readonly nullAware?: boolean;
}

export function joinOf(
  type: Join['type'],
  left: LogicalPlan,
  right: LogicalPlan,
  predicates: readonly BoundExpression[],
  options: PairOptions = {},
): Join {
  return { kind: 'join', type, left, right, predicates, ...pairOf(type, left, right, options) };
}

export function applyOf(
  type: Apply['type'],
  left: LogicalPlan,
  right: LogicalPlan,
  predicates: readonly BoundExpression[],
  options: PairOptions = {},
): Apply {
  return { kind: 'apply', type, left, right, predicates, ...pairOf(type, left, right, options) };
}

function pairOf(
  type: Join['type'] | Apply['type'],
  left: LogicalPlan,
  right: LogicalPlan,
  { mark = null, nullAware = false }: PairOptions,
) {
  return { mark, nullAware, columns: joinColumns(type, left.columns, right.columns, mark) };
}

export function sortOf(input: LogicalPlan, keys: readonly SortKey[]): Sort {
  return { kind: 'sort', input, keys, columns: input.columns };
}

export function limitOf(input: LogicalPlan, count: BoundExpression | null, offset: BoundExpression | null): Limit {
  return { kind: 'limit', input, count, offset, columns: input.columns };
}

export function singleRowOf(input: LogicalPlan): SingleRow {
  return { kind: 'single_row', input, columns: input.columns.map(nullable) };
}

export function windowOf(
  input: LogicalPlan,
  partitionBy: readonly BoundExpression[],
  orderBy: readonly SortKey[],
  calls: readonly WindowCall[],
): Window {
  return {
    kind: 'window',
    input,
    partitionBy,
    orderBy,
    calls,
    columns: [...input.columns, ...calls.map((call) => call.output)],
  };
}

/** A set operation with the given output columns; nullability follows from the inputs. */
export function setOperationOf(
  operator: SetOperation['operator'],
  all: boolean,
  inputs: readonly LogicalPlan[],
  columns: readonly Column[],
): SetOperation {
  return { kind: 'set_operation', operator, all, inputs, columns: setColumns(operator, inputs, columns) };
}

export function setColumns(
  operator: SetOperation['operator'],
  inputs: readonly LogicalPlan[],
  columns: readonly Column[],
): readonly Column[] {
  return columns.map((column, position) => {
    const inputNullable = inputs.map((input) => input.columns[position]?.nullable ?? true);
    // A row of INTERSECT and EXCEPT is one of the first input.
    const result = operator === 'union' ? inputNullable.some(Boolean) : inputNullable[0];
    return column.nullable === result ? column : { ...column, nullable: result ?? true };
  });
}

/** Reads a source under the names of `columns`; `positions[i]` is the source's column that `columns[i]` is. */
export function sharedOf(source: SharedSource, positions: readonly number[], columns: readonly Column[]): Shared {
  return { kind: 'shared', source, positions, columns };
}

export function emptyOf(columns: readonly Column[]): Empty {
  return { kind: 'empty', columns };
}

/** A reference to a column, as nullable as the column. */
export function columnRef(column: Column): ColumnRef {
  return {
    kind: 'column',
    id: column.id,
    name: column.name,
    type: column.type,
    nullable: column.nullable,
    span: NO_SPAN,
  };
}

/** The column under its own name and id. */
export function passThrough(column: Column): NamedExpression {
  return { output: column, expression: columnRef(column) };
}

function nullable(column: Column): Column {
  return column.nullable ? column : { ...column, nullable: true };
}
