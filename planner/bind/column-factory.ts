import type { ColumnFactory } from '../rules/rule.ts';

/** Column ids of one query: binder and rules draw from the same factory, so that no two columns share an id. */
export function createColumnFactory(): ColumnFactory {
  let next = 1;
  return {
    newColumn: (name, type, nullable) => ({ id: next++, name, type, nullable }),
  };
}
