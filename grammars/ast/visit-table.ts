import type { Expression, WindowSpecification } from './expression.ts';
import type { OrderItem, Query, QueryBody, Relation } from './relation.ts';
import type { SeriesExpression } from './series.ts';
import type { Statement } from './statement.ts';

/** Any node of the unified AST; `kind` tells them apart across both algebras. */
export type Node = Expression | Relation | QueryBody | Statement | SeriesExpression;
export type NodeKind = Node['kind'];

/** The node whose kind is K. */
export type OfKind<K extends NodeKind> = Extract<Node, { readonly kind: K }>;

/** What becomes of a node's children, by the place they stand in. */
export interface ChildMap {
  readonly expression: (expression: Expression) => Expression;
  readonly query: (query: Query) => Query;
  /** An operand of a set operation, or what a query wraps; a parenthesized query may come here. */
  readonly body: (body: QueryBody) => QueryBody;
  readonly relation: (relation: Relation) => Relation;
  readonly statement: (statement: Statement) => Statement;
  readonly series: (expression: SeriesExpression) => SeriesExpression;
}

/** The children of each kind, in the order of the text. */
export type ChildrenTable<Kinds extends NodeKind> = { readonly [K in Kinds]: (node: OfKind<K>) => readonly Node[] };

/** Each kind over mapped children; the node itself when no child changed. */
export type MapTable<Kinds extends NodeKind> = { readonly [K in Kinds]: (node: OfKind<K>, map: ChildMap) => OfKind<K> };

/** A leaf's row in a ChildrenTable. */
export const none = (): readonly Node[] => [];

/** A leaf's row in a MapTable. */
export const same = <N extends Node>(node: N): N => node;

/** The children that are there. */
export function present(...nodes: readonly (Node | null)[]): readonly Node[] {
  return nodes.filter((node) => node !== null);
}

/** `node` with the `changes` that differ from what it has; itself when none does. */
export function withChanges<T extends object>(node: T, changes: { readonly [K in keyof T]?: T[K] }): T {
  for (const key of Object.keys(changes) as (keyof T)[]) if (changes[key] !== node[key]) return { ...node, ...changes };
  return node;
}

/** The list of mapped items; the list itself when no item changed. */
export function mapList<T>(list: readonly T[], map: (item: T) => T): readonly T[] {
  let changed = false;
  const mapped = list.map((item) => {
    const result = map(item);
    if (result !== item) changed = true;
    return result;
  });
  return changed ? mapped : list;
}

/** Null stays null. */
export function mapOptional<T>(value: T | null, map: (value: T) => T): T | null {
  return value === null ? null : map(value);
}

export function mapOrder(items: readonly OrderItem[], map: ChildMap): readonly OrderItem[] {
  return mapList(items, (item) => withChanges(item, { expression: map.expression(item.expression) }));
}

export function windowExpressions(window: WindowSpecification): readonly Expression[] {
  const { frame } = window;
  const bounds = frame === null ? [] : [frame.start, frame.end];
  return [
    ...window.partitionBy,
    ...window.orderBy.map((item) => item.expression),
    ...bounds.flatMap((bound) => ('offset' in bound ? [bound.offset] : [])),
  ];
}

export function mapWindow(window: WindowSpecification, map: ChildMap): WindowSpecification {
  return withChanges(window, {
    partitionBy: mapList(window.partitionBy, map.expression),
    orderBy: mapOrder(window.orderBy, map),
    frame: mapOptional(window.frame, (frame) =>
      withChanges(frame, { start: mapBound(frame.start, map), end: mapBound(frame.end, map) }),
    ),
  });
}

type Bound = NonNullable<WindowSpecification['frame']>['start'];

function mapBound(bound: Bound, map: ChildMap): Bound {
  return 'offset' in bound ? withChanges(bound, { offset: map.expression(bound.offset) }) : bound;
}
