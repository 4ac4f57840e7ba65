import type { ColumnId } from '../../expression.ts';
import type { LogicalPlan } from '../../logical/plan.ts';
import { sourcesOf } from '../../logical/series-relations.ts';
import { columnsOf, columnsRead, idsOf, outerColumns } from './columns.ts';

/** The columns that an operator needs of its input number `position` when `needed` of its own are read above. */
export function neededOfInput(plan: LogicalPlan, position: number, needed: ReadonlySet<ColumnId>): ReadonlySet<ColumnId> {
  switch (plan.kind) {
    case 'project':
      return columnsOf(plan.items.filter((item) => needed.has(item.output.id)).map((item) => item.expression));
    case 'aggregate':
      return columnsRead({ ...plan, aggregates: plan.aggregates.filter((call) => needed.has(call.output.id)) });
    case 'window': {
      const calls = plan.calls.filter((call) => needed.has(call.output.id));
      return calls.length === 0 ? needed : new Set([...needed, ...columnsRead({ ...plan, calls })]);
    }
    case 'set_operation': {
      const input = plan.inputs[position];
      if (input === undefined) return new Set();
      if (plan.operator !== 'union' || !plan.all) return idsOf(input.columns);
      return idsOf(input.columns.filter((_, at) => needed.has(plan.columns[at]?.id ?? -1)));
    }
    case 'series_scan': {
      const source = sourcesOf(plan.series)[position];
      if (source === undefined) return new Set();
      return new Set([source.time, source.value, ...source.labels.map((label) => label.column)]);
    }
    case 'apply':
      return new Set([...needed, ...columnsRead(plan), ...(position === 0 ? outerColumns(plan.right) : [])]);
    default:
      return new Set([...needed, ...columnsRead(plan)]);
  }
}
