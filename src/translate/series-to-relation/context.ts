import type { CommonTable, Query, QueryBody, Relation } from '../../../grammars/ast/relation.ts';
import type { Selector } from '../../../grammars/ast/series.ts';
import { notSupported } from '../../types/error.ts';
import type { Span } from '../../types/span.ts';
import type { Grid } from '../grid.ts';
import type { Loss, LossCode } from '../loss.ts';
import { commonTable, query, table } from '../relation-build.ts';

/** Where a metric's samples lie: one row per series and time. */
export interface MetricSchema {
  readonly table: string;
  /** A TIMESTAMP column. */
  readonly time: string;
  /** A DOUBLE PRECISION column. */
  readonly value: string;
  /** TEXT columns; NULL or empty is an absent label. */
  readonly labels: readonly string[];
}

export type SchemaLookup = (metric: string) => MetricSchema | undefined;

/** The evaluation times an expression is computed for: a common table with the column `time`. */
export interface Steps {
  readonly table: string;
  readonly grid: Grid;
}

/** Collects the common tables of one translation, in the order in which they refer to each other. */
export interface Context {
  readonly schema: SchemaLookup | undefined;
  /** The grid of the request, which start() and end() mean even inside a subquery. */
  readonly request: Grid;
  readonly steps: Steps;
  /** The labels a query names for each selector. */
  readonly mentioned: ReadonlyMap<Selector, ReadonlySet<string>>;
  readonly tables: CommonTable[];
  readonly losses: Loss[];
  /** Names that no common table may take. */
  readonly taken: Set<string>;
}

/** Adds a common table under a name like `base` and returns the name. */
export function define(context: Pick<Context, 'tables' | 'taken'>, base: string, body: QueryBody): string {
  const name = freeName(base, context.taken);
  context.taken.add(name);
  context.tables.push(commonTable(name, body.kind === 'query' ? body : query(body)));
  return name;
}

/** The name, with a number behind it if it is taken. */
export function freeName(base: string, taken: ReadonlySet<string>): string {
  const clean = base.replace(/\W+/g, '_').toLowerCase();
  if (!taken.has(clean)) return clean;
  let number = 2;
  while (taken.has(`${clean}_${number}`)) number++;
  return `${clean}_${number}`;
}

export function lose(context: Context, code: LossCode, span: Span, reason: string): void {
  if (context.losses.some((loss) => loss.code === code && loss.reason === reason)) return;
  context.losses.push({ code, span, reason });
}

/** Throws 0A000 for a label that would have the name of another column of the result. */
export function checkLabel(label: string, span: Span): void {
  if (label !== 'time' && label !== 'value') return;
  throw notSupported(`a label named "${label}" in SQL`, { span, hint: 'The result has a column of that name.' });
}

/** The steps as a relation named `alias`. */
export function stepsRelation(context: Context, alias: string): Relation {
  return table(context.steps.table, alias);
}

/** The whole query: the common tables and what is selected from them. */
export function withTables(context: Context, body: QueryBody, orderBy: Query['orderBy'] = []): Query {
  return query(body, { with: context.tables, orderBy });
}
