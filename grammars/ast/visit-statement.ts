import type { Copy, StatementKind } from './statement.ts';
import {
  type ChildMap,
  type ChildrenTable,
  type MapTable,
  mapOptional,
  none,
  present,
  same,
  withChanges,
} from './visit-table.ts';

export const STATEMENT_CHILDREN: ChildrenTable<StatementKind> = {
  query_statement: (statement) => [statement.query],
  series_statement: (statement) => [statement.expression],
  create_table: (create) => present(create.query),
  drop_table: none,
  insert: (insert) => [insert.source],
  copy: (copy) => (copy.source.type === 'query' ? [copy.source.query] : []),
  explain: (explain) => [explain.statement],
  analyze: none,
  transaction: none,
  set: none,
  show: none,
  deallocate: none,
  discard: none,
};

export const STATEMENT_MAP: MapTable<StatementKind> = {
  query_statement: (statement, map) => withChanges(statement, { query: map.query(statement.query) }),
  series_statement: (statement, map) => withChanges(statement, { expression: map.series(statement.expression) }),
  create_table: (create, map) => withChanges(create, { query: mapOptional(create.query, map.query) }),
  drop_table: same,
  insert: (insert, map) => withChanges(insert, { source: map.query(insert.source) }),
  copy: (copy, map) => withChanges(copy, { source: mapSource(copy.source, map) }),
  explain: (explain, map) => withChanges(explain, { statement: map.statement(explain.statement) }),
  analyze: same,
  transaction: same,
  set: same,
  show: same,
  deallocate: same,
  discard: same,
};

function mapSource(source: Copy['source'], map: ChildMap): Copy['source'] {
  return source.type === 'query' ? withChanges(source, { query: map.query(source.query) }) : source;
}
