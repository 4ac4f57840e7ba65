import type { Alias } from '../../../grammars/ast/relation.ts';
import { LumaError, SQLSTATE } from '../../../src/types/error.ts';
import type { Span } from '../../../src/types/span.ts';
import type { LogicalPlan } from '../../logical/plan.ts';
import { type FromItem, scopeColumns } from '../scope.ts';

/** The names of a relation's columns under an alias: its own list first, then what they were called; 42P10 for too many. */
export function aliasColumns(
  names: readonly string[],
  alias: Pick<Alias, 'name' | 'columns'> | null,
  span: Span,
): readonly string[] {
  if (alias === null || alias.columns.length === 0) return names;
  if (alias.columns.length > names.length) {
    throw new LumaError(
      SQLSTATE.invalidColumnReference,
      `table "${alias.name}" has ${names.length} columns available but ${alias.columns.length} columns specified`,
      { span },
    );
  }
  return names.map((name, position) => alias.columns[position] ?? name);
}

/** A plan as a part of FROM: `names[i]` names `plan.columns[i]`. */
export function fromItem(plan: LogicalPlan, name: string | null, names: readonly string[]): FromItem {
  const columns = scopeColumns(plan.columns, names);
  return { plan, sources: [{ name, columns }], columns };
}
