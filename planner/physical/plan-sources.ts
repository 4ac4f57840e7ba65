import { ROW, SCAN_COLUMN } from '../cost/cost.ts';
import type { BoundExpression, ColumnId } from '../expression.ts';
import type { Empty, OneRow, Scan, SeriesScan, Shared, TableFunctionScan, Values } from '../logical/plan.ts';
import { mapRelations } from '../logical/series-relations.ts';
import { neededOfInput } from '../rules/support/needed.ts';
import { delivered, estimateOf, type PhysicalContext } from './context.ts';
import type {
  EmptyScan,
  OneRowScan,
  PhysicalPlan,
  SeriesScanOperator,
  SharedScan,
  TableFunctionOperator,
  TableScan,
  ValuesScan,
} from './plan.ts';
import { zoneBounds } from './zone-bounds.ts';

/** A scan, given the predicates of the filter above it, of which it takes what zone maps can use. */
export function planScan(
  plan: Scan,
  predicates: readonly BoundExpression[],
  needed: ReadonlySet<ColumnId>,
  context: PhysicalContext,
): TableScan {
  const { rows } = context.estimator.estimate(plan);
  const columns = delivered(plan.columns, needed);
  return {
    kind: 'table_scan',
    node: context.nextNode(),
    table: plan.table.name,
    alias: plan.alias,
    positions: plan.positions.filter((_, at) => needed.has(plan.columns[at]?.id ?? -1)),
    bounds: zoneBounds(plan, predicates),
    columns,
    estimate: estimateOf(rows, rows * columns.length * SCAN_COLUMN),
  };
}

export function planConstantRows(
  plan: OneRow | Empty | Values,
  needed: ReadonlySet<ColumnId>,
  context: PhysicalContext,
): OneRowScan | EmptyScan | ValuesScan {
  const { rows } = context.estimator.estimate(plan);
  const common = { node: context.nextNode(), columns: delivered(plan.columns, needed), estimate: estimateOf(rows, rows * ROW) };
  if (plan.kind !== 'values') return { ...common, kind: plan.kind };
  return {
    ...common,
    kind: 'values',
    rows: plan.rows.map((row) => row.filter((_, at) => needed.has(plan.columns[at]?.id ?? -1))),
  };
}

/** A reader of rows that are computed once. */
export function planShared(plan: Shared, needed: ReadonlySet<ColumnId>, context: PhysicalContext): SharedScan {
  const node = context.nextNode();
  const input = context.planShared(plan.source);
  const { rows } = context.estimator.estimate(plan);
  const sources = plan.source.plan.columns;
  const read = plan.columns.flatMap((column, position) => {
    const source = sources[plan.positions[position] ?? -1];
    return source === undefined || !needed.has(column.id) ? [] : [{ column, source: source.id }];
  });
  return {
    kind: 'shared',
    node,
    input,
    columns: read.map(({ column }) => column),
    reads: read.map(({ source }) => source),
    estimate: estimateOf(rows, rows * ROW, [input]),
  };
}

/** A function delivers all its columns: it is asked by position. */
export function planTableFunction(plan: TableFunctionScan, context: PhysicalContext): TableFunctionOperator {
  const { rows } = context.estimator.estimate(plan);
  const { name, argumentTypes } = plan.function;
  return {
    kind: 'table_function',
    node: context.nextNode(),
    function: { name, argumentTypes },
    arguments: plan.arguments,
    columns: plan.columns,
    estimate: estimateOf(rows, rows * ROW),
  };
}

/** A series plan over its relations, each of which delivers what its source reads. */
export function planSeries(plan: SeriesScan, needed: ReadonlySet<ColumnId>, context: PhysicalContext): SeriesScanOperator {
  const node = context.nextNode();
  const inputs: PhysicalPlan[] = [];
  const series = mapRelations(plan.series, (relation) => {
    const input = context.plan(relation, neededOfInput(plan, inputs.length, needed));
    inputs.push(input);
    return input;
  });
  const { rows } = context.estimator.estimate(plan);
  const samples = inputs.reduce((sum, input) => sum + input.estimate.rows, 0);
  return {
    kind: 'series_scan',
    node,
    series,
    output: plan.output,
    columns: plan.columns,
    estimate: estimateOf(rows, (samples + rows) * ROW, inputs),
  };
}
