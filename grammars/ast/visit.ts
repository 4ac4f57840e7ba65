import { EXPRESSION_CHILDREN, EXPRESSION_MAP } from './visit-expression.ts';
import { RELATION_CHILDREN, RELATION_MAP } from './visit-relation.ts';
import { SERIES_CHILDREN, SERIES_MAP } from './visit-series.ts';
import { STATEMENT_CHILDREN, STATEMENT_MAP } from './visit-statement.ts';
import type { ChildMap, ChildrenTable, MapTable, Node, NodeKind } from './visit-table.ts';

export type { ChildMap, Node, NodeKind, OfKind } from './visit-table.ts';

// A kind without an entry in its table fails compilation here and there.
const CHILDREN: ChildrenTable<NodeKind> = {
  ...EXPRESSION_CHILDREN,
  ...RELATION_CHILDREN,
  ...STATEMENT_CHILDREN,
  ...SERIES_CHILDREN,
};

const MAP: MapTable<NodeKind> = { ...EXPRESSION_MAP, ...RELATION_MAP, ...STATEMENT_MAP, ...SERIES_MAP };

/** The nodes directly inside, in the order of the text; those of order items, windows and CTEs included. */
export function childrenOf(node: Node): readonly Node[] {
  // TypeScript cannot see that the entry found by `kind` takes this very node.
  const children = CHILDREN[node.kind] as (node: Node) => readonly Node[];
  return children(node);
}

/** The node over mapped children; the node itself when no child changed. */
export function mapChildren<N extends Node>(node: N, map: ChildMap): N {
  const entry = MAP[node.kind] as unknown as (node: N, map: ChildMap) => N;
  return entry(node, map);
}

/** Visits the node and all below it, parents first, without recursion; `visit` returns false to leave a node's inside out. */
export function walk(node: Node, visit: (node: Node) => boolean | undefined): void {
  const pending: Node[] = [node];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (visit(next) === false) continue;
    const children = childrenOf(next);
    for (let i = children.length - 1; i >= 0; i--) {
      const child = children[i];
      if (child !== undefined) pending.push(child);
    }
  }
}

/** Whether `test` holds for the node or anything below it. */
export function someNode(node: Node, test: (node: Node) => boolean): boolean {
  let found = false;
  walk(node, (each) => {
    found ||= test(each);
    return !found;
  });
  return found;
}

/**
 * A map that rewrites whole trees bottom up: a rule sees nodes whose children are already rewritten. A place without a
 * rule keeps its nodes. Used as `rewriter({ expression: … }).statement(statement)`.
 */
export function rewriter(rules: Partial<ChildMap>): ChildMap {
  const keep = <N>(node: N): N => node;
  const { expression = keep, query = keep, body = keep, relation = keep, statement = keep, series = keep } = rules;
  const map: ChildMap = {
    expression: (node) => expression(mapChildren(node, map)),
    query: (node) => query(mapChildren(node, map)),
    body: (node) => (node.kind === 'query' ? body(map.query(node)) : body(mapChildren(node, map))),
    relation: (node) => relation(mapChildren(node, map)),
    statement: (node) => statement(mapChildren(node, map)),
    series: (node) => series(mapChildren(node, map)),
  };
  return map;
}
