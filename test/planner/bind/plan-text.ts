import type {
  AggregateCall,
  BoundExpression,
  BoundFrameBound,
  Column,
  SortKey,
  WindowCall,
} from '../../../planner/expression.ts';
import type { LogicalPlan } from '../../../planner/logical/plan.ts';
import { inputsOf } from '../../../planner/logical/visit.ts';
import type { SeriesPlan, SeriesSource } from '../../../planner/series-plan.ts';
import { typeName } from '../../../src/types/data-type.ts';

/** A plan as compact text for tests: an operator per line, columns as `name#id`. */
export function planText(plan: LogicalPlan): string {
  return lines(plan).join('\n');
}

function lines(plan: LogicalPlan): readonly string[] {
  const inputs = plan.kind === 'series_scan' ? [] : inputsOf(plan).flatMap(lines);
  return [headline(plan), ...[...inputs, ...extra(plan)].map((line) => `  ${line}`)];
}

function extra(plan: LogicalPlan): readonly string[] {
  return plan.kind === 'series_scan' ? seriesLines(plan.series) : [];
}

function headline(plan: LogicalPlan): string {
  switch (plan.kind) {
    case 'scan':
      return `scan ${plan.table.name}${plan.alias === plan.table.name ? '' : ` ${plan.alias}`}: ${columns(plan.columns)}`;
    case 'one_row':
      return 'one_row';
    case 'empty':
      return `empty: ${columns(plan.columns)}`;
    case 'values':
      return `values ${plan.rows.map((row) => `(${row.map(expressionText).join(', ')})`).join(', ')}: ${columns(plan.columns)}`;
    case 'filter':
      return `filter ${plan.predicates.map(expressionText).join(' AND ')}`;
    case 'project':
      return `project ${plan.items.map((item) => named(item.output, item.expression)).join(', ')}`;
    case 'aggregate': {
      const keys = plan.keys.map((key) => named(key.output, key.expression));
      return `aggregate by (${keys.join(', ')}) ${plan.aggregates.map(aggregateText).join(', ')}`.trimEnd();
    }
    case 'join':
    case 'apply': {
      const mark = plan.mark === null ? '' : ` → ${columnText(plan.mark)}`;
      const on = plan.predicates.length === 0 ? '' : ` on ${plan.predicates.map(expressionText).join(' AND ')}`;
      return `${plan.kind} ${plan.type}${plan.nullAware ? ' null-aware' : ''}${on}${mark}`;
    }
    case 'sort':
      return `sort ${plan.keys.map(sortText).join(', ')}`;
    case 'limit': {
      const count = plan.count === null ? 'all' : expressionText(plan.count);
      return `limit ${count}${plan.offset === null ? '' : ` offset ${expressionText(plan.offset)}`}`;
    }
    case 'single_row':
      return 'single_row';
    case 'shared':
      return `shared (${lines(plan.source.plan).join('; ')})`;
    case 'set_operation':
      return `${plan.operator}${plan.all ? ' all' : ''}: ${columns(plan.columns)}`;
    case 'window': {
      const parts = [
        plan.partitionBy.length === 0 ? '' : ` partition by ${plan.partitionBy.map(expressionText).join(', ')}`,
        plan.orderBy.length === 0 ? '' : ` order by ${plan.orderBy.map(sortText).join(', ')}`,
      ];
      return `window${parts.join('')}: ${plan.calls.map(windowText).join(', ')}`;
    }
    case 'table_function':
      return `${plan.function.name}(${plan.arguments.map(expressionText).join(', ')}): ${columns(plan.columns)}`;
    case 'series_scan':
      return `series: ${columns(plan.columns)}`;
  }
}

function columns(list: readonly Column[]): string {
  return list.map(columnText).join(', ');
}

function columnText(column: { readonly name: string; readonly id: number }): string {
  return `${column.name}#${column.id}`;
}

function named(output: Column, expression: BoundExpression): string {
  if (expression.kind === 'column' && expression.id === output.id) return columnText(output);
  return `${expressionText(expression)} → ${columnText(output)}`;
}

function sortText(key: SortKey): string {
  return `${expressionText(key.expression)}${key.descending ? ' desc' : ''}${key.nulls === (key.descending ? 'first' : 'last') ? '' : ` nulls ${key.nulls}`}`;
}

function aggregateText(call: AggregateCall): string {
  const distinct = call.distinct ? 'distinct ' : '';
  const order = call.orderBy.length === 0 ? '' : ` order by ${call.orderBy.map(sortText).join(', ')}`;
  const filter = call.filter === null ? '' : ` filter ${expressionText(call.filter)}`;
  return `${call.function.name}(${distinct}${call.arguments.map(expressionText).join(', ')}${order})${filter} → ${columnText(call.output)}`;
}

function windowText(call: WindowCall): string {
  const name = call.function.type === 'window' ? call.function.name : call.function.aggregate.name;
  const { unit, start, end } = call.frame;
  const plain = unit === 'range' && start.type === 'unbounded_preceding' && end.type === 'current_row';
  const frame = plain ? '' : ` ${unit} ${boundText(start)}..${boundText(end)}`;
  return `${name}(${call.arguments.map(expressionText).join(', ')})${frame} → ${columnText(call.output)}`;
}

function boundText(bound: BoundFrameBound): string {
  return 'offset' in bound ? `${expressionText(bound.offset)} ${bound.type}` : bound.type;
}

export function expressionText(expression: BoundExpression): string {
  switch (expression.kind) {
    case 'constant': {
      const { value } = expression;
      if (typeof value === 'string') return `'${value}'`;
      if (value !== null && typeof value === 'object') return `${value.months}mon ${value.days}d ${value.nanoseconds}ns`;
      const kind = expression.type.kind;
      const plain = value === null || typeof value === 'boolean' || kind === 'int32';
      return plain ? String(value) : `${String(value)}::${typeName(expression.type).toLowerCase()}`;
    }
    case 'column':
      return columnText(expression);
    case 'parameter':
      return `$${expression.index}::${typeName(expression.type).toLowerCase()}`;
    case 'call':
      return `${expression.function.name}(${expression.arguments.map(expressionText).join(', ')})`;
    case 'and':
    case 'or':
      return `(${expression.operands.map(expressionText).join(` ${expression.kind.toUpperCase()} `)})`;
    case 'not':
      return `not(${expressionText(expression.operand)})`;
    case 'is_null':
      return `is_null(${expressionText(expression.operand)})`;
    case 'case': {
      const branches = expression.branches.map((each) => `when ${expressionText(each.when)} then ${expressionText(each.then)}`);
      return `case ${branches.join(' ')} else ${expressionText(expression.otherwise)} end`;
    }
    case 'coalesce':
      return `coalesce(${expression.operands.map(expressionText).join(', ')})`;
    case 'cast':
      return `${expressionText(expression.operand)}::${typeName(expression.type).toLowerCase()}`;
    case 'in':
      return `${expressionText(expression.operand)} in (${expression.values.map(expressionText).join(', ')})`;
  }
}

function seriesLines(series: SeriesPlan<LogicalPlan>): readonly string[] {
  const labels = series.labels.length === 0 ? '' : ` {${series.labels.join(', ')}}`;
  const { start, end, step } = series.grid;
  const head = `${seriesHead(series)} ${series.type}${labels} @${start}..${end}/${step}`;
  return [head, ...seriesChildren(series).map((line) => `  ${line}`)];
}

function seriesHead(series: SeriesPlan<LogicalPlan>): string {
  switch (series.kind) {
    case 'series_select':
      return `select lookback ${series.lookback}${sampleTime(series.sampleTime)}`;
    case 'series_window':
      return `window ${series.function} ${series.input.range}${sampleTime(series.input.sampleTime)}`;
    case 'series_raw':
      return `raw ${series.input.range}${sampleTime(series.input.sampleTime)}`;
    case 'series_number':
      return `number ${series.value}`;
    case 'series_string':
      return `string '${series.value}'`;
    case 'series_map':
      return `map ${series.function}`;
    case 'series_negation':
      return 'negation';
    case 'series_aggregate':
      return `aggregate ${series.operator} ${series.grouping.type} (${series.grouping.labels.join(', ')})`;
    case 'series_binary': {
      const { on, labels, cardinality, include } = series.matching;
      const match = `${on ? 'on' : 'ignoring'} (${labels.join(', ')}) ${cardinality}${include.length > 0 ? ` (${include.join(', ')})` : ''}`;
      return `${series.operator}${series.returnBool ? ' bool' : ''} ${match}`;
    }
  }
}

function sampleTime({ at, offset }: { readonly at: number | null; readonly offset: number }): string {
  return `${at === null ? '' : ` at ${at}`}${offset === 0 ? '' : ` offset ${offset}`}`;
}

function seriesChildren(series: SeriesPlan<LogicalPlan>): readonly string[] {
  switch (series.kind) {
    case 'series_number':
    case 'series_string':
      return [];
    case 'series_select':
      return series.sources.flatMap(sourceLines);
    case 'series_raw':
    case 'series_window': {
      const input = series.input.type === 'samples' ? series.input.sources.flatMap(sourceLines) : seriesLines(series.input.plan);
      return series.kind === 'series_window' ? [...input, ...series.parameters.flatMap(seriesLines)] : input;
    }
    case 'series_map':
      return series.arguments.flatMap(seriesLines);
    case 'series_negation':
      return seriesLines(series.operand);
    case 'series_aggregate':
      return [...(series.parameter === null ? [] : seriesLines(series.parameter)), ...seriesLines(series.operand)];
    case 'series_binary':
      return [...seriesLines(series.left), ...seriesLines(series.right)];
  }
}

function sourceLines(source: SeriesSource<LogicalPlan>): readonly string[] {
  const labels = source.labels.map((label) => `${label.name}#${label.column}`).join(', ');
  const head = `source ${source.metric} (${labels}) time #${source.time} value #${source.value}`;
  return [head, ...lines(source.relation).map((line) => `  ${line}`)];
}
