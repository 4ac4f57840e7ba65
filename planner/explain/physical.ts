import type { BoundExpression } from '../expression.ts';
import { constantOf } from '../expression-build.ts';
import { relationsOf } from '../logical/series-relations.ts';
import type { PhysicalPlan } from '../physical/plan.ts';
import type { ExecutionStatistics } from '../physical/statistics.ts';
import { constantText } from './constant.ts';
import {
  callText,
  conjunction,
  groupingDetails,
  itemsText,
  limitDetails,
  matchDetails,
  optionalText,
  sortKeysText,
  tableText,
  windowDetails,
} from './details.ts';
import { type ColumnText, expressionText } from './expression.ts';
import { columnLabels, type LabelledColumn } from './labels.ts';
import { seriesText } from './series.ts';
import { type Detail, details, type ExplainNode } from './tree.ts';

/** A physical plan for display; with statistics, what each operator did. */
export function describePhysical(plan: PhysicalPlan, execution: ExecutionStatistics | undefined): ExplainNode {
  const columns: LabelledColumn[] = [];
  collectColumns(plan, columns);
  return describe(plan, columnLabels(columns), execution);
}

/** Inputs as they are drawn: what streams first, then what is built. */
export function physicalInputs(plan: PhysicalPlan): readonly PhysicalPlan[] {
  switch (plan.kind) {
    case 'table_scan':
    case 'one_row':
    case 'empty':
    case 'values':
    case 'table_function':
      return [];
    case 'hash_join':
      return [plan.probe, plan.build];
    case 'nested_loop_join':
      return [plan.outer, plan.inner];
    case 'union_all':
      return plan.inputs;
    case 'series_scan':
      return relationsOf(plan.series);
    default:
      return [plan.input];
  }
}

function collectColumns(plan: PhysicalPlan, into: LabelledColumn[]): void {
  const alias = plan.kind === 'table_scan' ? plan.alias : null;
  for (const column of plan.columns) into.push({ column, alias });
  for (const input of physicalInputs(plan)) collectColumns(input, into);
}

function describe(plan: PhysicalPlan, columnText: ColumnText, execution: ExecutionStatistics | undefined): ExplainNode {
  return {
    operator: operatorName(plan),
    details: describeDetails(plan, columnText),
    estimate: plan.estimate,
    actual: execution?.nodes.get(plan.node) ?? null,
    inputs: physicalInputs(plan).map((input) => describe(input, columnText, execution)),
  };
}

function operatorName(plan: PhysicalPlan): string {
  const name = plan.kind.replaceAll('_', ' ');
  if (plan.kind !== 'hash_join' && plan.kind !== 'nested_loop_join') return name;
  return `${plan.type}${plan.nullAware ? ' null-aware' : ''} ${name}`;
}

function describeDetails(plan: PhysicalPlan, columnText: ColumnText): readonly Detail[] {
  const text = (expression: BoundExpression) => expressionText(expression, columnText);
  const columns = plan.columns.map(columnText).join(', ');
  switch (plan.kind) {
    case 'table_scan':
      return details({ table: tableText(plan.table, plan.alias), columns, bounds: boundsText(plan, columnText) });
    case 'one_row':
    case 'empty':
    case 'single_row':
    case 'union_all':
      return [];
    case 'values':
      return details({ rows: String(plan.rows.length), columns });
    case 'filter':
      return details({ where: conjunction(plan.predicates, columnText) });
    case 'project':
      return details({ select: itemsText(plan.items, columnText) });
    case 'hash_aggregate':
      return groupingDetails(plan, columnText);
    case 'hash_join':
      return details({
        on: plan.keys
          .map(({ probe, build, nullSafe }) => `${text(probe)} ${nullSafe ? 'IS NOT DISTINCT FROM' : '='} ${text(build)}`)
          .join(' AND '),
        compared: optionalText(plan.compared, columnText),
        residual: conjunction(plan.residual, columnText),
        mark: plan.mark === null ? null : columnText(plan.mark),
      });
    case 'nested_loop_join':
      return matchDetails(plan, columnText);
    case 'sort':
      return details({ by: sortKeysText(plan.keys, columnText) });
    case 'top_n':
      return [...details({ by: sortKeysText(plan.keys, columnText) }), ...limitDetails(plan, columnText)];
    case 'limit':
      return limitDetails(plan, columnText);
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

const BOUND_OPERATOR = { equal: '=', less: '<', less_equal: '<=', greater: '>', greater_equal: '>=' } as const;

/** The filter above a scan reads the columns of its bounds, so the scan delivers them. */
function boundsText(plan: PhysicalPlan & { readonly kind: 'table_scan' }, columnText: ColumnText): string {
  return plan.bounds
    .flatMap(({ position, operator, value }) => {
      const column = plan.columns[plan.positions.indexOf(position)];
      if (column === undefined) return [];
      return `${columnText(column)} ${BOUND_OPERATOR[operator]} ${constantText(constantOf(value, column.type))}`;
    })
    .join(', ');
}
