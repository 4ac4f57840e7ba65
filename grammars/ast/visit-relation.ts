import type { Join, QueryBodyKind, RelationKind, SelectItem } from './relation.ts';
import {
  type ChildMap,
  type ChildrenTable,
  type MapTable,
  mapList,
  mapOptional,
  mapOrder,
  mapWindow,
  none,
  present,
  same,
  windowExpressions,
  withChanges,
} from './visit-table.ts';

export const RELATION_CHILDREN: ChildrenTable<RelationKind | QueryBodyKind> = {
  table: none,
  derived: (derived) => [derived.query],
  table_function: (call) => call.arguments,
  series_relation: (relation) => [relation.expression, ...present(relation.start, relation.end, relation.step)],
  join: (join) => present(join.left, join.right, join.condition?.type === 'on' ? join.condition.expression : null),
  query: (query) => [
    ...query.with.map((table) => table.query),
    query.body,
    ...query.orderBy.map((item) => item.expression),
    ...present(query.limit, query.offset),
  ],
  select: (select) => [
    ...select.items.flatMap((item) => (item.kind === 'expression' ? [item.expression] : [])),
    ...present(select.from, select.where),
    ...select.groupBy,
    ...present(select.having),
    ...select.windows.flatMap((window) => windowExpressions(window.specification)),
  ],
  set_operation: (operation) => [operation.left, operation.right],
  values: (values) => values.rows.flat(),
};

export const RELATION_MAP: MapTable<RelationKind | QueryBodyKind> = {
  table: same,
  derived: (derived, map) => withChanges(derived, { query: map.query(derived.query) }),
  table_function: (call, map) => withChanges(call, { arguments: mapList(call.arguments, map.expression) }),
  series_relation: (relation, map) =>
    withChanges(relation, {
      expression: map.series(relation.expression),
      start: map.expression(relation.start),
      end: map.expression(relation.end),
      step: mapOptional(relation.step, map.expression),
    }),
  join: (join, map) =>
    withChanges(join, {
      left: map.relation(join.left),
      right: map.relation(join.right),
      condition: mapOptional(join.condition, (condition) => mapCondition(condition, map)),
    }),
  query: (query, map) =>
    withChanges(query, {
      with: mapList(query.with, (table) => withChanges(table, { query: map.query(table.query) })),
      body: map.body(query.body),
      orderBy: mapOrder(query.orderBy, map),
      limit: mapOptional(query.limit, map.expression),
      offset: mapOptional(query.offset, map.expression),
    }),
  select: (select, map) =>
    withChanges(select, {
      items: mapList(select.items, (item) => mapItem(item, map)),
      from: mapOptional(select.from, map.relation),
      where: mapOptional(select.where, map.expression),
      groupBy: mapList(select.groupBy, map.expression),
      having: mapOptional(select.having, map.expression),
      windows: mapList(select.windows, (window) => withChanges(window, { specification: mapWindow(window.specification, map) })),
    }),
  set_operation: (operation, map) => withChanges(operation, { left: map.body(operation.left), right: map.body(operation.right) }),
  values: (values, map) => withChanges(values, { rows: mapList(values.rows, (row) => mapList(row, map.expression)) }),
};

function mapItem(item: SelectItem, map: ChildMap): SelectItem {
  return item.kind === 'expression' ? withChanges(item, { expression: map.expression(item.expression) }) : item;
}

type Condition = NonNullable<Join['condition']>;

function mapCondition(condition: Condition, map: ChildMap): Condition {
  return condition.type === 'on' ? withChanges(condition, { expression: map.expression(condition.expression) }) : condition;
}
