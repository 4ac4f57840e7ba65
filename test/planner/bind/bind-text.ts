import { lql } from '../../../grammars/lql/language.ts';
import { promql } from '../../../grammars/promql/language.ts';
import { type BindOptions, bindQuery } from '../../../planner/bind/bind.ts';
import { createColumnFactory } from '../../../planner/bind/column-factory.ts';
import { type BoundInsert, bindInsert } from '../../../planner/bind/insert.ts';
import { bindSeries } from '../../../planner/bind/series.ts';
import type { Catalog } from '../../../planner/catalog.ts';
import type { LogicalQuery } from '../../../planner/logical/plan.ts';
import { checkReferences } from '../../../planner/rules/check.ts';
import type { StepGrid } from '../../../planner/series-plan.ts';
import { LumaError } from '../../../src/types/error.ts';
import { fixtureCatalog } from '../fixture.ts';
import { planText } from './plan-text.ts';

/** 2026-01-02T03:04:05.678Z, ns. */
const NOW = 1_767_323_045_678_000_000n;

const CATALOG = fixtureCatalog();

export interface TextOptions extends Partial<Omit<BindOptions, 'columns'>> {
  readonly catalog?: Catalog;
}

function split(options: TextOptions): readonly [Catalog, BindOptions] {
  const { catalog = CATALOG, ...rest } = options;
  return [catalog, { now: NOW, ...rest, columns: createColumnFactory() }];
}

/** An LQL query, parsed and bound over the fixture's tables; its references are checked. */
export function bindSql(text: string, options: TextOptions = {}): LogicalQuery {
  const [statement] = lql.parse(text);
  if (statement?.kind !== 'query_statement') throw new Error(`not a query: ${text}`);
  const bound = bindQuery(statement.query, ...split(options));
  checkReferences('bind', bound.plan);
  return bound;
}

export function bindInsertSql(text: string, options: TextOptions = {}): BoundInsert {
  const [statement] = lql.parse(text);
  if (statement?.kind !== 'insert') throw new Error(`not an INSERT: ${text}`);
  const bound = bindInsert(statement, ...split(options));
  checkReferences('bind', bound.query.plan);
  return bound;
}

/** A PromQL expression, parsed and bound on a grid. */
export function bindPromql(text: string, grid: StepGrid, options: TextOptions = {}): LogicalQuery {
  const [statement] = promql.parse(text);
  if (statement?.kind !== 'series_statement') throw new Error(`not an expression: ${text}`);
  const bound = bindSeries(statement.expression, grid, ...split(options));
  checkReferences('bind', bound.plan);
  return bound;
}

/** The plan of a query as text. */
export function sqlPlan(text: string, options: TextOptions = {}): string {
  return planText(bindSql(text, options).plan);
}

/** The plan of a PromQL expression as text, without the line of the scan around it. */
export function promqlPlan(text: string, grid: StepGrid, options: TextOptions = {}): string {
  return planText(bindPromql(text, grid, options).plan)
    .split('\n')
    .slice(1)
    .map((line) => line.slice(2))
    .join('\n');
}

/** `CODE "place": message` of the error that `run` throws; the place is the text under the error's span. */
export function errorOf(text: string, run: (text: string) => unknown): string {
  try {
    run(text);
  } catch (thrown) {
    if (!(thrown instanceof LumaError)) throw thrown;
    const place = thrown.span === undefined ? '' : ` "${text.slice(thrown.span.start, thrown.span.end)}"`;
    return `${thrown.code}${place}: ${thrown.message}`;
  }
  return 'no error';
}
