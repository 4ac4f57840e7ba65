import type { BoundExpression, Column, ColumnId, NamedExpression } from '../expression.ts';
import { freeColumns } from '../expression-visit.ts';
import type { Aggregate, LogicalPlan, Scan, SetOperation, Shared } from '../logical/plan.ts';
import type { StepGrid } from '../series-plan.ts';
import {
  type ColumnEstimate,
  clampDistinct,
  constantColumn,
  type PlanEstimate,
  scaleColumns,
  storedColumn,
  unknownColumn,
} from './estimate.ts';
import { estimateFilter } from './filter-estimate.ts';
import { estimateJoin } from './join-estimate.ts';
import { columnOf } from './selectivity.ts';

/** Rows assumed of a table function and of a LIMIT by parameter. */
const DEFAULT_FUNCTION_ROWS = 1000;
const DEFAULT_LIMIT = 100;
/** Series assumed to match a selector. */
const DEFAULT_SERIES = 100;

/** Estimates rows and column values bottom up; each operator is looked at once. */
export class Estimator {
  readonly #known = new WeakMap<LogicalPlan, PlanEstimate>();

  estimate(plan: LogicalPlan): PlanEstimate {
    const known = this.#known.get(plan);
    if (known !== undefined) return known;
    const derived = this.#derive(plan);
    this.#known.set(plan, derived);
    return derived;
  }

  #derive(plan: LogicalPlan): PlanEstimate {
    switch (plan.kind) {
      case 'scan':
        return scanEstimate(plan);
      case 'one_row':
        return { rows: 1, columns: new Map() };
      case 'empty':
        return unknown(plan.columns, 0);
      case 'values':
        return unknown(plan.columns, plan.rows.length, plan.rows.length);
      case 'filter':
        return estimateFilter(plan.predicates, this.estimate(plan.input));
      case 'project': {
        const input = this.estimate(plan.input);
        return { rows: input.rows, columns: named(plan.items, input) };
      }
      case 'aggregate':
        return aggregateEstimate(plan, this.estimate(plan.input));
      case 'join':
        return estimateJoin(plan, this.estimate(plan.left), this.estimate(plan.right));
      case 'apply':
        // Gone before costs matter; the left side is what a dependent join keeps.
        return { ...unknown(plan.columns, this.estimate(plan.left).rows) };
      case 'sort':
        return this.estimate(plan.input);
      case 'limit': {
        const input = this.estimate(plan.input);
        const offset = plan.offset === null ? 0 : constantCount(plan.offset, 0);
        const count = plan.count === null ? Number.POSITIVE_INFINITY : constantCount(plan.count, DEFAULT_LIMIT);
        const rows = Math.max(0, Math.min(count, input.rows - offset));
        return { rows, columns: scaleColumns(input.columns, input.rows, rows) };
      }
      case 'single_row': {
        const input = this.estimate(plan.input);
        return { rows: 1, columns: scaleColumns(input.columns, input.rows, 1) };
      }
      case 'set_operation':
        return setEstimate(
          plan,
          plan.inputs.map((input) => this.estimate(input)),
        );
      case 'window': {
        const input = this.estimate(plan.input);
        const added = plan.calls.map((call): [ColumnId, ColumnEstimate] => [
          call.output.id,
          unknownColumn(call.output.type, input.rows, input.rows),
        ]);
        return { rows: input.rows, columns: new Map([...input.columns, ...added]) };
      }
      case 'table_function':
        return unknown(plan.columns, functionRows(plan.function.name, plan.arguments));
      case 'series_scan':
        return unknown(plan.columns, stepsOf(plan.series.grid) * (plan.series.type === 'scalar' ? 1 : DEFAULT_SERIES));
      case 'shared':
        return sharedEstimate(plan, this.estimate(plan.source.plan));
    }
  }
}

function scanEstimate(plan: Scan): PlanEstimate {
  const statistics = plan.table.statistics();
  const columns = plan.columns.map((column, position): [ColumnId, ColumnEstimate] => [
    column.id,
    storedColumn(column.type, statistics.rows, statistics.columns[plan.positions[position] ?? -1]),
  ]);
  return { rows: statistics.rows, columns: new Map(columns) };
}

function sharedEstimate(plan: Shared, source: PlanEstimate): PlanEstimate {
  const columns = plan.columns.map((column, position): [ColumnId, ColumnEstimate] => {
    const read = plan.source.plan.columns[plan.positions[position] ?? -1];
    const known = read === undefined ? undefined : source.columns.get(read.id);
    return [column.id, known ?? unknownColumn(column.type, source.rows)];
  });
  return { rows: source.rows, columns: new Map(columns) };
}

function aggregateEstimate(plan: Aggregate, input: PlanEstimate): PlanEstimate {
  if (plan.keys.length === 0) return unknown(plan.columns, 1);
  const keys = named(plan.keys, input);
  const rows = groupCount([...keys.values()], input.rows);
  const columns = new Map<ColumnId, ColumnEstimate>();
  for (const [id, key] of keys) columns.set(id, { ...key, distinct: clampDistinct(key.distinct, rows) });
  for (const call of plan.aggregates) columns.set(call.output.id, unknownColumn(call.output.type, rows, rows));
  return { rows, columns };
}

/** Groups: the product of the keys' values, a NULL group each, but no more than the input has rows. */
export function groupCount(keys: readonly ColumnEstimate[], inputRows: number): number {
  const combinations = keys.reduce((product, key) => product * (Math.max(1, key.distinct) + (key.nullFraction > 0 ? 1 : 0)), 1);
  return Math.max(Math.min(1, inputRows), Math.min(combinations, inputRows));
}

function setEstimate(plan: SetOperation, inputs: readonly PlanEstimate[]): PlanEstimate {
  const sum = inputs.reduce((total, input) => total + input.rows, 0);
  const first = inputs[0]?.rows ?? 0;
  if (plan.operator === 'union') return unknown(plan.columns, plan.all ? sum : sum * 0.7, sum);
  if (plan.operator === 'intersect') return unknown(plan.columns, Math.min(...inputs.map((input) => input.rows)) / 2);
  return unknown(plan.columns, first / 2, first);
}

function named(items: readonly NamedExpression[], input: PlanEstimate): ReadonlyMap<ColumnId, ColumnEstimate> {
  return new Map(items.map((item) => [item.output.id, expressionEstimate(item.expression, input)]));
}

/** What an expression's values look like: a column's own, a constant's one, else as many as its columns can combine. */
function expressionEstimate(expression: BoundExpression, input: PlanEstimate): ColumnEstimate {
  if (expression.kind === 'constant') return constantColumn(expression.type, expression.value);
  const column = columnOf(expression, input);
  if (column !== undefined) return { ...column, type: expression.type };
  let distinct = 1;
  for (const id of freeColumns(expression)) distinct *= Math.max(1, input.columns.get(id)?.distinct ?? 1);
  if (expression.type.kind === 'boolean') distinct = Math.min(distinct, 2);
  return unknownColumn(expression.type, input.rows, distinct);
}

function unknown(columns: readonly Column[], rows: number, distinct?: number): PlanEstimate {
  return { rows, columns: new Map(columns.map((column) => [column.id, unknownColumn(column.type, rows, distinct)])) };
}

function constantCount(expression: BoundExpression, otherwise: number): number {
  if (expression.kind !== 'constant') return otherwise;
  return typeof expression.value === 'bigint' || typeof expression.value === 'number' ? Number(expression.value) : otherwise;
}

function functionRows(name: string, arguments_: readonly BoundExpression[]): number {
  const [start, stop, step] = arguments_.map((each) => (each.kind === 'constant' ? each.value : undefined));
  if (name !== 'generate_series' || start === undefined || stop === undefined) return DEFAULT_FUNCTION_ROWS;
  const width = step === undefined ? 1 : Number(step);
  const rows = Math.floor((Number(stop) - Number(start)) / width) + 1;
  return Number.isFinite(rows) ? Math.max(0, rows) : DEFAULT_FUNCTION_ROWS;
}

function stepsOf(grid: StepGrid): number {
  return grid.step <= 0 ? 1 : Math.floor((grid.end - grid.start) / grid.step) + 1;
}
