import { connects, type Hypergraph, neighbourhood } from './hypergraph.ts';
import { EMPTY_SET, forEachSubset, membersOf, only, type RelationSet, upTo } from './relation-set.ts';

/** What the enumeration asks and tells while it runs. */
export interface PairVisitor {
  /** Whether a plan for the set is known. */
  has(set: RelationSet): boolean;
  /** Two connected sets without common members, each with a plan; every such pair comes once, parts before wholes. */
  pair(first: RelationSet, second: RelationSet): void;
  /** Ends the enumeration early. */
  stopped(): boolean;
}

/**
 * DPhyp: every pair of a connected subgraph and a connected complement of it, without looking at others (Moerkotte and
 * Neumann, "Dynamic Programming Strikes Back", SIGMOD 2008, section 3).
 */
export function enumeratePairs(graph: Hypergraph, visitor: PairVisitor): void {
  for (let relation = graph.relations - 1; relation >= 0; relation--) {
    const start = only(relation);
    emitSubgraph(graph, visitor, start);
    growSubgraph(graph, visitor, start, upTo(start));
  }
}

/** EnumerateCsgRec: the connected sets that contain `set` and nothing of `excluded`. */
function growSubgraph(graph: Hypergraph, visitor: PairVisitor, set: RelationSet, excluded: RelationSet): void {
  const next = neighbourhood(graph, set, excluded);
  if (next === EMPTY_SET || visitor.stopped()) return;
  forEachSubset(next, (added) => {
    if (visitor.has(set | added)) emitSubgraph(graph, visitor, set | added);
  });
  forEachSubset(next, (added) => growSubgraph(graph, visitor, set | added, excluded | next));
}

/** EmitCsg: finds the complements of one connected set. */
function emitSubgraph(graph: Hypergraph, visitor: PairVisitor, set: RelationSet): void {
  const excluded = set | upTo(set & -set);
  const next = neighbourhood(graph, set, excluded);
  for (const relation of membersOf(next).toReversed()) {
    if (visitor.stopped()) return;
    const start = only(relation);
    if (connects(graph, set, start)) visitor.pair(set, start);
    growComplement(graph, visitor, set, start, excluded | (next & upTo(start)));
  }
}

/** EnumerateCmpRec. */
function growComplement(
  graph: Hypergraph,
  visitor: PairVisitor,
  set: RelationSet,
  complement: RelationSet,
  excluded: RelationSet,
): void {
  const next = neighbourhood(graph, complement, excluded);
  if (next === EMPTY_SET || visitor.stopped()) return;
  forEachSubset(next, (added) => {
    const grown = complement | added;
    if (visitor.has(grown) && connects(graph, set, grown)) visitor.pair(set, grown);
  });
  forEachSubset(next, (added) => growComplement(graph, visitor, set, complement | added, excluded | next));
}
