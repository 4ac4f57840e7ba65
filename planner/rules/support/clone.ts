import type { Column, ColumnId, NamedExpression } from '../../expression.ts';
import { transformExpression } from '../../expression-visit.ts';
import { aggregateOf, columnRef, joinColumns, projectOf, setOperationOf, windowOf } from '../../logical/build.ts';
import type { LogicalPlan } from '../../logical/plan.ts';
import { mapSources } from '../../logical/series-relations.ts';
import { mapExpressions, mapInputs } from '../../logical/visit.ts';
import type { ColumnFactory } from '../rule.ts';
import { isPassThrough } from './columns.ts';

/** A second copy of a plan for the same query: every column in it is new, references to outer columns stay. */
export interface Copy {
  readonly plan: LogicalPlan;
  /** The copy's column for each column of the original. */
  readonly columns: ReadonlyMap<ColumnId, Column>;
}

export function copyPlan(plan: LogicalPlan, factory: ColumnFactory): Copy {
  const columns = new Map<ColumnId, Column>();
  return { plan: copy(plan, columns, factory), columns };
}

function copy(original: LogicalPlan, columns: Map<ColumnId, Column>, factory: ColumnFactory): LogicalPlan {
  const plan = copyOperator(original, columns, factory);
  // As this operator delivers them: an outer join makes columns of its inputs nullable.
  original.columns.forEach((column, position) => {
    const copied = plan.columns[position];
    if (copied !== undefined) columns.set(column.id, copied);
  });
  return plan;
}

function copyOperator(original: LogicalPlan, columns: Map<ColumnId, Column>, factory: ColumnFactory): LogicalPlan {
  const fresh = (column: Column): Column => {
    const made = factory.newColumn(column.name, column.type, column.nullable);
    columns.set(column.id, made);
    return made;
  };
  const named = (item: NamedExpression): NamedExpression => {
    const same = isPassThrough(item) ? columns.get(item.output.id) : undefined;
    return same === undefined ? { ...item, output: fresh(item.output) } : { expression: columnRef(same), output: same };
  };
  const idOf = (id: ColumnId): ColumnId => columns.get(id)?.id ?? id;

  const copied = mapInputs(original, (input) => copy(input, columns, factory));
  const plan = mapExpressions(copied, (expression) =>
    transformExpression(expression, (each) => (each.kind === 'column' ? { ...each, id: idOf(each.id) } : each)),
  );
  switch (plan.kind) {
    case 'scan':
    case 'empty':
    case 'values':
    case 'table_function':
    case 'shared':
      return { ...plan, columns: plan.columns.map(fresh) };
    case 'one_row':
    case 'filter':
    case 'sort':
    case 'limit':
    case 'single_row':
      return plan;
    case 'project':
      // The items' expressions are the copy's already; only a pass-through must be told by the original's ids.
      return projectOf(plan.input, renamed(plan.items, original.kind === 'project' ? original.items : [], named));
    case 'aggregate': {
      const keys = renamed(plan.keys, original.kind === 'aggregate' ? original.keys : [], named);
      return aggregateOf(
        plan.input,
        keys,
        plan.aggregates.map((call) => ({ ...call, output: fresh(call.output) })),
      );
    }
    case 'join':
    case 'apply': {
      const mark = plan.mark === null ? null : fresh(plan.mark);
      return { ...plan, mark, columns: joinColumns(plan.type, plan.left.columns, plan.right.columns, mark) };
    }
    case 'set_operation':
      return setOperationOf(plan.operator, plan.all, plan.inputs, plan.columns.map(fresh));
    case 'window':
      return windowOf(
        plan.input,
        plan.partitionBy,
        plan.orderBy,
        plan.calls.map((call) => ({ ...call, output: fresh(call.output) })),
      );
    case 'series_scan': {
      const made = plan.columns.map(fresh);
      const series = mapSources(plan.series, (source) => ({
        ...source,
        time: idOf(source.time),
        value: idOf(source.value),
        labels: source.labels.map((label) => ({ ...label, column: idOf(label.column) })),
      }));
      const { output } = plan;
      return {
        ...plan,
        series,
        columns: made,
        output: {
          labels: output.labels.map((label) => ({ ...label, column: idOf(label.column) })),
          time: idOf(output.time),
          value: idOf(output.value),
        },
      };
    }
  }
}

function renamed(
  items: readonly NamedExpression[],
  originals: readonly NamedExpression[],
  named: (item: NamedExpression) => NamedExpression,
): readonly NamedExpression[] {
  return items.map((item, position) => {
    const original = originals[position];
    return original !== undefined && isPassThrough(original) ? named(original) : named(item);
  });
}
