import type { Statement } from '../../grammars/ast/statement.ts';
import type { Language } from '../../grammars/language.ts';
import { notSupported } from '../types/error.ts';
import type { Grid } from './grid.ts';
import type { Loss } from './loss.ts';
import { type EvaluationGrid, relationToSeries } from './relation-to-series.ts';
import type { SchemaLookup } from './series-to-relation/context.ts';
import { seriesToRelation } from './series-to-relation/series-to-relation.ts';

export type { EvaluationGrid };

/** What a conversion between the algebras needs besides the statement. */
export interface ConversionOptions {
  readonly grid: Grid;
  readonly schema: SchemaLookup | undefined;
}

export interface Converted {
  readonly statement: Statement;
  readonly losses: readonly Loss[];
  readonly grid: EvaluationGrid | null;
}

/**
 * The statement in the algebra that the target language speaks. Languages of one family share their algebra, so that
 * only the printer differs; between the families the tree is rewritten.
 */
export function convert(statement: Statement, to: Language, options: ConversionOptions): Converted {
  const series = to.family === 'series';
  if (statement.kind === 'series_statement' && !series) {
    const { query, losses } = seriesToRelation(statement.expression, options.grid, options.schema);
    return { statement: { kind: 'query_statement', span: statement.span, query }, losses, grid: null };
  }
  if (statement.kind === 'query_statement' && series) {
    const { expression, grid, losses } = relationToSeries(statement.query);
    return { statement: { kind: 'series_statement', span: statement.span, expression }, losses, grid };
  }
  if (series && statement.kind !== 'series_statement') {
    throw notSupported(`a statement of kind ${statement.kind} in ${to.title}`, {
      span: statement.span,
      hint: 'It only reads series.',
    });
  }
  return { statement, losses: [], grid: null };
}
