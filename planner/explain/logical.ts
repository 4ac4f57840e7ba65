import type { NamedExpression } from '../expression.ts';
import type { LogicalPlan } from '../logical/plan.ts';
import { inputsOf } from '../logical/visit.ts';
import { aggregateText, type ColumnText, expressionText, sortKeyText, windowCallText } from './expression.ts';
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
  const text = (expression: Parameters<typeof expressionText>[0]) => expressionText(expression, columnText);
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
      return details({ where: conjunction(plan.predicates.map(text)) });
    case 'project':
      return details({ select: itemsText(plan.items, columnText) });
    case 'aggregate':
      return details({
        by: itemsText(plan.keys, columnText),
        compute: plan.aggregates.map((call) => `${aggregateText(call, columnText)} AS ${columnText(call.output)}`).join(', '),
      });
    case 'join':
    case 'apply':
      return details({
        on: conjunction(plan.predicates.map(text)),
        mark: plan.mark === null ? null : columnText(plan.mark),
      });
    case 'sort':
      return details({ by: plan.keys.map((key) => sortKeyText(key, columnText)).join(', ') });
    case 'limit':
      return details({
        count: plan.count === null ? null : text(plan.count),
        offset: plan.offset === null ? null : text(plan.offset),
      });
    case 'set_operation':
      return details({ columns });
    case 'window':
      return details({
        'partition by': plan.partitionBy.map(text).join(', '),
        'order by': plan.orderBy.map((key) => sortKeyText(key, columnText)).join(', '),
        compute: plan.calls.map((call) => `${windowCallText(call, columnText)} AS ${columnText(call.output)}`).join(', '),
      });
    case 'table_function':
      return details({ call: `${plan.function.name}(${plan.arguments.map(text).join(', ')})`, columns });
    case 'shared':
      return details({ columns });
    case 'series_scan':
      return details({ series: seriesText(plan.series), columns });
  }
}

export function itemsText(items: readonly NamedExpression[], columnText: ColumnText): string {
  return items
    .map(({ output, expression }) => {
      const text = expressionText(expression, columnText);
      const name = columnText(output);
      return text === name ? name : `${text} AS ${name}`;
    })
    .join(', ');
}

export function conjunction(predicates: readonly string[]): string {
  return predicates.map((each) => (predicates.length > 1 && / OR /.test(each) ? `(${each})` : each)).join(' AND ');
}

export function tableText(table: string, alias: string): string {
  return table === alias ? table : `${table} AS ${alias}`;
}
