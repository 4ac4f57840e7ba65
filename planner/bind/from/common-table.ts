import type { CommonTable } from '../../../grammars/ast/relation.ts';
import { LumaError, notSupported, SQLSTATE } from '../../../src/types/error.ts';
import type { Span } from '../../../src/types/span.ts';
import { isVolatile } from '../../expression-visit.ts';
import type { LogicalPlan } from '../../logical/plan.ts';
import { expressionsOf, walk } from '../../logical/visit.ts';
import { type BoundRelation, bindRelation } from '../query.ts';
import type { CommonTableEntry, Environment } from '../session.ts';

/** The environment of a query's body, in which its WITH entries have names. */
export interface CommonTables {
  readonly environment: Environment;
  /** Binds the entries that the query never read, for their errors. */
  checkUnread(): void;
}

/** WITH: each entry sees the ones before it (PostgreSQL, 7.8); 42712 for a name given twice. */
export function bindCommonTables(definitions: readonly CommonTable[], environment: Environment): CommonTables {
  if (definitions.length === 0) return { environment, checkUnread: () => undefined };
  const visible = new Map(environment.commonTables);
  const entries: CommonTableEntry[] = [];
  for (const definition of definitions) {
    if (entries.some((entry) => entry.definition.name === definition.name)) {
      throw new LumaError(SQLSTATE.duplicateAlias, `WITH query name "${definition.name}" specified more than once`, {
        span: definition.span,
      });
    }
    const entry = { definition, environment: { ...environment, commonTables: new Map(visible) }, references: 0 };
    visible.set(definition.name, entry);
    entries.push(entry);
  }
  return {
    environment: { ...environment, commonTables: visible },
    checkUnread: () => {
      for (const entry of entries) if (entry.references === 0) bindRelation(entry.definition.query, entry.environment);
    },
  };
}

/**
 * One reference to a WITH entry: its query bound anew. PostgreSQL computes an entry that is read twice once; the result
 * is the same but for volatile functions, and those are refused.
 */
export function bindCommonTable(entry: CommonTableEntry, span: Span): BoundRelation {
  entry.references++;
  const relation = bindRelation(entry.definition.query, entry.environment);
  if (entry.references > 1 && isVolatilePlan(relation.plan)) {
    throw notSupported(`reading the WITH query "${entry.definition.name}", which has a volatile function, more than once`, {
      span,
      hint: 'Store its rows in a table first.',
    });
  }
  return relation;
}

function isVolatilePlan(plan: LogicalPlan): boolean {
  let volatile = false;
  walk(plan, (each) => {
    volatile ||= expressionsOf(each).some(isVolatile);
  });
  return volatile;
}
