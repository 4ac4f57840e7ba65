import { enumeratePairs } from './enumerate.ts';
import { allRelations, connects, type Hypergraph } from './hypergraph.ts';
import { intersects, type RelationSet } from './relation-set.ts';

/** A way to join a set of relations. */
export interface JoinTree {
  readonly relations: RelationSet;
  readonly rows: number;
  readonly cost: number;
}

/** The cheapest way to join two trees directly, or undefined where their relations must not be joined by themselves. */
export type Combine<Tree extends JoinTree> = (first: Tree, second: Tree) => Tree | undefined;

/** Dynamic programming looks at all bushy trees up to so many relations … */
export const MAX_EXHAUSTIVE = 12;
/** … and up to so many pairs of subtrees; a clique of 12 has 261 625. */
const MAX_PAIRS = 30_000;

/** The best tree that can be found in reasonable time; undefined when no order satisfies all constraints that was tried. */
export function searchTree<Tree extends JoinTree>(
  graph: Hypergraph,
  leaves: readonly Tree[],
  combine: Combine<Tree>,
): Tree | undefined {
  const optimal = graph.relations <= MAX_EXHAUSTIVE ? optimalTree(graph, leaves, combine, MAX_PAIRS) : undefined;
  return optimal ?? greedyTree(graph, leaves, combine);
}

/** The cheapest of all trees; undefined past `maxPairs`, or when there is none. */
export function optimalTree<Tree extends JoinTree>(
  graph: Hypergraph,
  leaves: readonly Tree[],
  combine: Combine<Tree>,
  maxPairs: number,
): Tree | undefined {
  const best = new Map(leaves.map((leaf) => [leaf.relations, leaf]));
  let pairs = 0;
  enumeratePairs(graph, {
    has: (set) => best.has(set),
    pair: (first, second) => {
      pairs++;
      const [left, right] = [best.get(first), best.get(second)];
      if (left === undefined || right === undefined) return;
      const joined = combine(left, right);
      if (joined === undefined) return;
      const known = best.get(joined.relations);
      if (known === undefined || joined.cost < known.cost) best.set(joined.relations, joined);
    },
    stopped: () => pairs > maxPairs,
  });
  return pairs > maxPairs ? undefined : best.get(allRelations(graph));
}

/**
 * Greedy operator ordering: again and again the two trees whose join is smallest (Fegaras, "A New Heuristic for Optimizing
 * Large Queries", DEXA 1998).
 */
export function greedyTree<Tree extends JoinTree>(
  graph: Hypergraph,
  leaves: readonly Tree[],
  combine: Combine<Tree>,
): Tree | undefined {
  let trees = [...leaves];
  while (trees.length > 1) {
    const joined = smallestJoin(trees, combine, (a, b) => connects(graph, a.relations, b.relations));
    if (joined === undefined) return undefined;
    trees = [...trees.filter((tree) => !intersects(tree.relations, joined.relations)), joined];
  }
  return trees[0];
}

function smallestJoin<Tree extends JoinTree>(
  trees: readonly Tree[],
  combine: Combine<Tree>,
  connected: (a: Tree, b: Tree) => boolean,
): Tree | undefined {
  let best: Tree | undefined;
  trees.forEach((first, position) => {
    for (const second of trees.slice(position + 1)) {
      const joined = connected(first, second) ? combine(first, second) : undefined;
      if (joined === undefined) continue;
      if (best === undefined || joined.rows < best.rows || (joined.rows === best.rows && joined.cost < best.cost)) best = joined;
    }
  });
  return best;
}
