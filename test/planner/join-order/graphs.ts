import fc from 'fast-check';
import { allRelations, connects, type HyperEdge, type Hypergraph, hypergraph } from '../../../planner/join-order/hypergraph.ts';
import { forEachSubset, membersOf, only, type RelationSet } from '../../../planner/join-order/relation-set.ts';
import type { Combine, JoinTree } from '../../../planner/join-order/search.ts';

/** An edge with the fraction of pairs that it keeps. */
export interface WeightedEdge extends HyperEdge {
  readonly selectivity: number;
}

export interface JoinProblem {
  readonly rows: readonly number[];
  readonly edges: readonly WeightedEdge[];
}

export function simpleEdge(left: number, right: number, selectivity = 0.1): WeightedEdge {
  return { left: only(left), right: only(right), selectivity };
}

/** Connected by a random tree of simple edges, with further edges, some of them between sets of relations. */
export const joinProblem: fc.Arbitrary<JoinProblem> = fc.integer({ min: 2, max: 7 }).chain((relations) => {
  const selectivity = fc.constantFrom(0.001, 0.01, 0.2, 1);
  const tree = fc.tuple(
    ...Array.from({ length: relations - 1 }, (_, at) =>
      fc.record({ to: fc.nat(at), selectivity }).map(({ to, selectivity: each }) => simpleEdge(at + 1, to, each)),
    ),
  );
  const all = (1 << relations) - 1;
  const further = fc.array(
    fc.record({ left: fc.integer({ min: 1, max: all }), right: fc.integer({ min: 1, max: all }), selectivity }),
    { maxLength: 4 },
  );
  return fc.record({
    rows: fc.array(fc.integer({ min: 1, max: 10_000 }), { minLength: relations, maxLength: relations }),
    edges: fc
      .tuple(tree, further)
      .map(([inTree, more]) => [...inTree, ...more.filter(({ left, right }) => (left & right) === 0)]),
  });
});

export function graphOf({ rows, edges }: JoinProblem): Hypergraph {
  return hypergraph(rows.length, edges);
}

export function leavesOf({ rows }: JoinProblem): readonly JoinTree[] {
  return rows.map((each, at) => ({ relations: only(at), rows: each, cost: 0 }));
}

/** C_out: the rows of all intermediate results (Cluet and Moerkotte 1995). */
export function combineOf({ rows, edges }: JoinProblem): Combine<JoinTree> {
  return (first, second) => {
    const relations = first.relations | second.relations;
    const inside = edges.filter((edge) => ((edge.left | edge.right) & ~relations) === 0);
    const product = membersOf(relations).reduce((all, at) => all * (rows[at] ?? 1), 1);
    const result = inside.reduce((all, edge) => all * edge.selectivity, product);
    return { relations, rows: result, cost: first.cost + second.cost + result };
  };
}

/** The least cost by trying every way to split every set in two joined parts. */
export function exhaustiveCost(problem: JoinProblem): number | undefined {
  const graph = graphOf(problem);
  const combine = combineOf(problem);
  const best = new Map<RelationSet, JoinTree>(leavesOf(problem).map((leaf) => [leaf.relations, leaf]));
  forEachSubset(allRelations(graph), (set) => {
    forEachSubset(set, (part) => {
      const [first, second] = [best.get(part), best.get(set & ~part)];
      if (first === undefined || second === undefined || !connects(graph, part, set & ~part)) return;
      const joined = combine(first, second);
      if (joined !== undefined && joined.cost < (best.get(set)?.cost ?? Number.POSITIVE_INFINITY)) best.set(set, joined);
    });
  });
  return best.get(allRelations(graph))?.cost;
}
