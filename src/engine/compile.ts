import type { Query } from '../../grammars/ast/relation.ts';
import type { SeriesExpression } from '../../grammars/ast/series.ts';
import type { Insert } from '../../grammars/ast/statement.ts';
import { type BindOptions, bindQuery } from '../../planner/bind/bind.ts';
import { createColumnFactory } from '../../planner/bind/column-factory.ts';
import { bindInsert } from '../../planner/bind/insert.ts';
import { bindSeries } from '../../planner/bind/series.ts';
import type { Catalog } from '../../planner/catalog.ts';
import type { LogicalQuery } from '../../planner/logical/plan.ts';
import { type PlannedQuery, planQuery } from '../../planner/plan-query.ts';
import type { StepGrid } from '../../planner/series-plan.ts';
import type { DataType } from '../types/data-type.ts';
import type { Settings } from './settings.ts';

/** Prometheus' default of --query.lookback-delta, ms. */
const LOOKBACK_MS = 300_000;
/** Prometheus' default of global.evaluation_interval, ms: the step of a subquery that names none. */
const EVALUATION_INTERVAL_MS = 60_000;

/** What turning a statement into a physical plan depends on, besides its text. */
export interface CompileContext {
  readonly catalog: Catalog;
  readonly settings: Settings;
  /** The transaction's time, nanoseconds since 1970. */
  readonly now: bigint;
  /** Types the client gave for `$1`…; undefined where it gave none. */
  readonly parameterTypes: readonly (DataType | undefined)[];
}

export interface Compiled extends PlannedQuery {
  readonly logical: LogicalQuery;
  /** Milliseconds of binding and planning. */
  readonly planningMs: number;
  /** The plan holds the transaction's time as a constant, and is good for that transaction only. */
  readonly fixedTime: boolean;
}

/** Binds with `bind`, then plans. One column factory serves both, so that no two columns of a query share an id. */
export function compile(context: CompileContext, bind: (options: BindOptions) => LogicalQuery): Compiled {
  const started = performance.now();
  const columns = createColumnFactory();
  let fixedTime = false;
  const logical = bind({
    columns,
    get now() {
      fixedTime = true;
      return context.now;
    },
    lookback: LOOKBACK_MS,
    evaluationInterval: EVALUATION_INTERVAL_MS,
    parameterTypes: context.parameterTypes,
  });
  const planned = planQuery(logical, { catalog: context.catalog, columns, disabledRules: context.settings.disabledRules });
  return { ...planned, logical, planningMs: performance.now() - started, fixedTime };
}

export function compileQuery(query: Query, context: CompileContext): Compiled {
  return compile(context, (options) => bindQuery(query, context.catalog, options));
}

/** Without a grid: one step, at the transaction's time. */
export function compileSeries(expression: SeriesExpression, grid: StepGrid | undefined, context: CompileContext): Compiled {
  return compile(context, (options) => bindSeries(expression, grid ?? instantAt(options.now), context.catalog, options));
}

function instantAt(now: bigint): StepGrid {
  const ms = Number(now / 1_000_000n);
  return { start: ms, end: ms, step: 0 };
}

/** The rows that an INSERT writes: one output per column of the table, in its order and of its type. */
export function compileInsert(insert: Insert, context: CompileContext): Compiled {
  return compile(context, (options) => bindInsert(insert, context.catalog, options).query);
}
