import type { Query } from '../../grammars/ast/relation.ts';
import type { Catalog } from '../catalog.ts';
import type { LogicalQuery } from '../logical/plan.ts';
import { bindRelation, finishQuery } from './query.ts';
import { type BindOptions, createSession } from './session.ts';

export type { BindOptions } from './session.ts';

/**
 * The binder: names, types and functions of a query, resolved against the catalog by PostgreSQL's rules. Every error has
 * a SQLSTATE and a place in the text. INSERT is in insert.ts, series expressions are in series.ts.
 */
export function bindQuery(query: Query, catalog: Catalog, options: BindOptions): LogicalQuery {
  const session = createSession(catalog, options);
  const { plan, outputs } = bindRelation(query, { session, outer: null, commonTables: new Map() });
  const names = outputs.map((output) => output.name);
  return finishQuery(plan, names, session);
}
