import { EMPTY_SET, intersects, isSubset, lowest, membersOf, only, type RelationSet } from './relation-set.ts';

/** Relations that can be joined once `left` is together on one side and `right` on the other, either way round. */
export interface HyperEdge {
  readonly left: RelationSet;
  readonly right: RelationSet;
}

/** Edges between single relations as neighbours per relation, the others as they are. */
export interface Hypergraph {
  readonly relations: number;
  readonly neighbours: readonly RelationSet[];
  readonly hyperedges: readonly HyperEdge[];
}

export function hypergraph(relations: number, edges: readonly HyperEdge[]): Hypergraph {
  const neighbours = new Array<RelationSet>(relations).fill(EMPTY_SET);
  const hyperedges: HyperEdge[] = [];
  for (const edge of edges) {
    const { left, right } = edge;
    if (lowest(left) !== left || lowest(right) !== right) {
      hyperedges.push(edge, { left: right, right: left });
      continue;
    }
    for (const [from, to] of [
      [left, right],
      [right, left],
    ] as const) {
      for (const relation of membersOf(from)) neighbours[relation] = (neighbours[relation] ?? EMPTY_SET) | to;
    }
  }
  return { relations, neighbours, hyperedges };
}

/**
 * N(S, X) of the paper: relations next to `set` outside `excluded`; of a hyperedge's far side its lowest relation stands
 * for all, unless another neighbour is already part of it.
 */
export function neighbourhood(graph: Hypergraph, set: RelationSet, excluded: RelationSet): RelationSet {
  const forbidden = set | excluded;
  let found = EMPTY_SET;
  for (const relation of membersOf(set)) found |= graph.neighbours[relation] ?? EMPTY_SET;
  found &= ~forbidden;
  for (const { left, right } of graph.hyperedges) {
    if (isSubset(left, set) && !intersects(right, forbidden) && !intersects(right, found)) found |= lowest(right);
  }
  return found;
}

/** Whether some edge joins the two sets. */
export function connects(graph: Hypergraph, a: RelationSet, b: RelationSet): boolean {
  if (membersOf(a).some((relation) => intersects(graph.neighbours[relation] ?? EMPTY_SET, b))) return true;
  return graph.hyperedges.some(({ left, right }) => isSubset(left, a) && isSubset(right, b));
}

export function allRelations(graph: Hypergraph): RelationSet {
  return graph.relations === 0 ? EMPTY_SET : (only(graph.relations - 1) << 1) - 1;
}
