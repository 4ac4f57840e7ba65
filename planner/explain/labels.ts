import type { Column, ColumnId } from '../expression.ts';
import type { ColumnText } from './expression.ts';

/** A column of a plan and, when a table delivers it, the name that the query reads the table by. */
export interface LabelledColumn {
  readonly column: Column;
  readonly alias: string | null;
}

/**
 * Names for the columns of one plan: the bare name where only one column has it, otherwise with the table's alias, and
 * with the id where that is not enough.
 */
export function columnLabels(columns: Iterable<LabelledColumn>): ColumnText {
  const labels = new Map<ColumnId, { readonly name: string; alias: string | null }>();
  for (const { column, alias } of columns) {
    const known = labels.get(column.id);
    if (known === undefined) labels.set(column.id, { name: column.name, alias });
    else known.alias ??= alias;
  }
  const bare = countBy(labels.values(), ({ name }) => name);
  const qualified = countBy(labels.values(), ({ name, alias }) => `${alias}.${name}`);
  return ({ id, name: referred }) => {
    const label = labels.get(id);
    if (label === undefined) return referred;
    const { name, alias } = label;
    if (bare.get(name) === 1) return name;
    if (alias === null) return `${name}#${id}`;
    return qualified.get(`${alias}.${name}`) === 1 ? `${alias}.${name}` : `${alias}.${name}#${id}`;
  };
}

function countBy<T>(items: Iterable<T>, key: (item: T) => string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(key(item), (counts.get(key(item)) ?? 0) + 1);
  return counts;
}
