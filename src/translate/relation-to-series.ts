import type { Expression } from '../../grammars/ast/expression.ts';
import type { Query, Select, SeriesRelation } from '../../grammars/ast/relation.ts';
import type { SeriesExpression } from '../../grammars/ast/series.ts';
import { notSupported } from '../types/error.ts';
import type { Span } from '../types/span.ts';
import type { Loss } from './loss.ts';

/** Where a series expression is evaluated, in milliseconds; step 0 is an instant. */
export interface EvaluationGrid {
  readonly start: number;
  readonly end: number;
  readonly step: number;
}

export interface RelationToSeries {
  readonly expression: SeriesExpression;
  /** Null when start, end and step are no constants. */
  readonly grid: EvaluationGrid | null;
  readonly losses: readonly Loss[];
}

/** `SELECT * FROM promql(…)` as the expression it carries. Throws 0A000 for any other query. */
export function relationToSeries(query: Query): RelationToSeries {
  const relation = soleSeries(query);
  const grid = gridOf(relation);
  const losses: Loss[] = [];
  if (grid === null) {
    losses.push({
      code: 'evaluation_grid',
      span: relation.span,
      reason: 'start, end or step are not constants and have no place in a series expression',
    });
  }
  return { expression: relation.expression, grid, losses };
}

function refuse(what: string, span: Span): never {
  throw notSupported(`${what} as a series expression`, {
    span,
    hint: 'Only SELECT * FROM promql(…) has a meaning as one series expression.',
  });
}

function soleSeries(query: Query): SeriesRelation {
  const { body } = query;
  if (query.with.length > 0) refuse('WITH', query.span);
  if (query.orderBy.length > 0 || query.limit !== null || query.offset !== null) refuse('ORDER BY or LIMIT', query.span);
  if (body.kind === 'query') return soleSeries(body);
  if (body.kind !== 'select') refuse('a query without FROM', body.span);
  const [item] = body.items;
  if (body.items.length !== 1 || item?.kind !== 'all') refuse('a list of columns', body.span);
  if (hasMore(body)) refuse('WHERE, GROUP BY or DISTINCT', body.span);
  if (body.from?.kind !== 'series_relation') refuse('a query of tables', body.from?.span ?? body.span);
  return body.from;
}

function hasMore(select: Select): boolean {
  return select.distinct || select.where !== null || select.groupBy.length > 0 || select.having !== null;
}

function gridOf(relation: SeriesRelation): EvaluationGrid | null {
  const end = timeOf(relation.end);
  if (end === null) return null;
  if (relation.step === null) return { start: end, end, step: 0 };
  const start = timeOf(relation.start);
  const step = spanOf(relation.step);
  return start === null || step === null ? null : { start, end, step };
}

/** Milliseconds of a constant timestamp (text is UTC unless it names a zone), or null. */
function timeOf(expression: Expression): number | null {
  if (expression.kind === 'cast') return timeOf(expression.operand);
  if (expression.kind !== 'literal' || expression.value.type !== 'text') return null;
  const text = expression.value.value.trim().replace(' ', 'T');
  const time = Date.parse(/(?:Z|[+-]\d\d:?\d\d)$/.test(text) ? text : text.includes('T') ? `${text}Z` : `${text}T00:00:00Z`);
  return Number.isNaN(time) ? null : time;
}

/** Milliseconds of a constant interval without calendar parts, or null. */
function spanOf(expression: Expression): number | null {
  if (expression.kind === 'cast') return spanOf(expression.operand);
  if (expression.kind !== 'literal' || expression.value.type !== 'interval') return null;
  const { months, days, nanoseconds } = expression.value;
  return months === 0 && days === 0 ? Number(nanoseconds / 1_000_000n) : null;
}
