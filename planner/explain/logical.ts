import type { LogicalPlan } from '../logical/plan.ts';
import { inputsOf } from '../logical/visit.ts';
import {
  callText,
  conjunction,
  groupingDetails,
  itemsText,
  limitDetails,
  matchDetails,
  sortKeysText,
  tableText,
  windowDetails,
} from './details.ts';
import type { ColumnText } from './expression.ts';
import { columnLabels, type LabelledColumn } from './labels.ts';
import { seriesText } from './series.ts';
import { type Detail, details, type ExplainNode, treeLines } from './tree.ts';

/** A logical plan as lines of text: an operator per line, inputs indented. */
export function explainLogical(plan: LogicalPlan): readonly string[] {
  return treeLines(describeLogical(plan, logicalLabels(plan)));
}

export function logicalLabels(plan: LogicalPlan): ColumnText {
  const columns: LabelledColumn[] = [];
  const label = (each: LogicalPlan): void => {
    const alias = each.kind === 'scan' ? each.alias : null;
    for (const column of each.columns) columns.push({ column, alias });
    drawnInputs(each).forEach(label);
  };
  label(plan);
  return columnLabels(columns);
}

/** Inputs as they are drawn: also those that rules do not see. */
function drawnInputs(plan: LogicalPlan): readonly LogicalPlan[] {
  return plan.kind === 'shared' ? [plan.source.plan] : inputsOf(plan);
}

function describeLogical(plan: LogicalPlan, columnText: ColumnText): ExplainNode {
  return {
    operator: operatorName(plan),
    details: describeDetails(plan, columnText),
    estimate: null,
    actual: null,
    inputs: drawnInputs(plan).map((input) => describeLogical(input, columnText)),
  };
}

function operatorName(plan: LogicalPlan): string {
  switch (plan.kind) {
    case 'join':
    case 'apply': {
      const name = plan.kind === 'join' ? 'join' : 'dependent join';
      return `${plan.type}${plan.nullAware ? ' null-aware' : ''} ${name}`;
    }
    case 'set_operation':
      return `${plan.operator}${plan.all ? ' all' : ''}`;
    case 'table_function':
      return 'table function';
    default:
      return plan.kind.replaceAll('_', ' ');
  }
}

function describeDetails(plan: LogicalPlan, columnText: ColumnText): readonly Detail[] {
  const columns = plan.columns.map(columnText).join(', ');
  switch (plan.kind) {
    case 'scan':
      return details({ table: tableText(plan.table.name, plan.alias), columns });
    case 'one_row':
    case 'empty':
    case 'single_row':
      return [];
    case 'values':
      return details({ rows: String(plan.rows.length), columns });
    case 'filter':
      return details({ where: conjunction(plan.predicates, columnText) });
    case 'project':
      return details({ select: itemsText(plan.items, columnText) });
    case 'aggregate':
      return groupingDetails(plan, columnText);
    case 'join':
    case 'apply':
      return matchDetails(plan, columnText);
    case 'sort':
      return details({ by: sortKeysText(plan.keys, columnText) });
    case 'limit':
      return limitDetails(plan, columnText);
    case 'set_operation':
      return details({ columns });
    case 'window':
      return windowDetails(plan, columnText);
    case 'table_function':
      return details({ call: callText(plan.function.name, plan.arguments, columnText), columns });
    case 'shared':
      return details({ columns });
    case 'series_scan':
      return details({ series: seriesText(plan.series), columns });
  }
}
