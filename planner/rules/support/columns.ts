import type { BoundExpression, Column, ColumnId, NamedExpression } from '../../expression.ts';
import { collectColumns, transformExpression } from '../../expression-visit.ts';
import { columnRef, passThrough, projectOf } from '../../logical/build.ts';
import type { LogicalPlan } from '../../logical/plan.ts';
import { sourcesOf } from '../../logical/series-relations.ts';
import { expressionsOf, walk } from '../../logical/visit.ts';

/** The columns that the plan refers to but no operator in it delivers: those of an outer query, under an Apply. */
export function outerColumns(plan: LogicalPlan): Set<ColumnId> {
  const used = new Set<ColumnId>();
  const delivered = new Set<ColumnId>();
  walk(plan, (each) => {
    for (const expression of expressionsOf(each)) collectColumns(expression, used);
    for (const column of each.columns) delivered.add(column.id);
  });
  for (const id of delivered) used.delete(id);
  return used;
}

export function idsOf(columns: readonly Column[]): Set<ColumnId> {
  return new Set(columns.map((column) => column.id));
}

/** The columns that a list of expressions reads. */
export function columnsOf(expressions: Iterable<BoundExpression>): Set<ColumnId> {
  const columns = new Set<ColumnId>();
  for (const expression of expressions) collectColumns(expression, columns);
  return columns;
}

/** The columns of inputs that the operator's own expressions and series sources read. */
export function columnsRead(plan: LogicalPlan): Set<ColumnId> {
  const columns = columnsOf(expressionsOf(plan));
  if (plan.kind === 'series_scan') {
    for (const source of sourcesOf(plan.series)) {
      for (const id of [source.time, source.value, ...source.labels.map((label) => label.column)]) columns.add(id);
    }
  }
  return columns;
}

/** Whether an item passes a column on as it is. */
export function isPassThrough(item: NamedExpression): boolean {
  return item.expression.kind === 'column' && item.expression.id === item.output.id;
}

/** What each output of a projection stands for. */
export function definitionsOf(items: readonly NamedExpression[]): ReadonlyMap<ColumnId, BoundExpression> {
  return new Map(items.map((item) => [item.output.id, item.expression]));
}

/** The plan's rows with exactly these of its columns, in this order. */
export function select(plan: LogicalPlan, columns: readonly Column[]): LogicalPlan {
  const same =
    plan.columns.length === columns.length && columns.every((column, position) => column.id === plan.columns[position]?.id);
  if (same) return plan;
  const delivered = new Map(plan.columns.map((column) => [column.id, column]));
  return projectOf(
    plan,
    columns.map((column) => passThrough(delivered.get(column.id) ?? column)),
  );
}

/** References to the columns, by the ids of others: position by position. */
export function replacing(ids: readonly Column[], by: readonly Column[]): ReadonlyMap<ColumnId, BoundExpression> {
  return new Map(
    ids.flatMap((column, position) => {
      const replacement = by[position];
      return replacement === undefined ? [] : [[column.id, columnRef(replacement)] as const];
    }),
  );
}

/** The expressions where these columns are delivered, some perhaps by outer joins that were not below before. */
export function asNullableAs(expressions: readonly BoundExpression[], columns: readonly Column[]): readonly BoundExpression[] {
  const nullable = idsOf(columns.filter((column) => column.nullable));
  return expressions.map((expression) =>
    transformExpression(expression, (each) =>
      each.kind === 'column' && !each.nullable && nullable.has(each.id) ? { ...each, nullable: true } : each,
    ),
  );
}
