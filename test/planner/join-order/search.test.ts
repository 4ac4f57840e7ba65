import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { enumeratePairs } from '../../../planner/join-order/enumerate.ts';
import { hypergraph } from '../../../planner/join-order/hypergraph.ts';
import { only } from '../../../planner/join-order/relation-set.ts';
import { greedyTree, type JoinTree, optimalTree, searchTree } from '../../../planner/join-order/search.ts';
import { combineOf, exhaustiveCost, graphOf, joinProblem, leavesOf, simpleEdge, type WeightedEdge } from './graphs.ts';

const UNLIMITED = Number.POSITIVE_INFINITY;

test('DPhyp finds a tree as cheap as the cheapest of all', () => {
  fc.assert(
    fc.property(joinProblem, (problem) => {
      const best = optimalTree(graphOf(problem), leavesOf(problem), combineOf(problem), UNLIMITED);
      const expected = exhaustiveCost(problem);
      expect(expected).toBeDefined();
      expect((best?.cost ?? Number.NaN) / (expected ?? Number.NaN)).toBeCloseTo(1, 9);
    }),
    { numRuns: 200 },
  );
});

test('greedy ordering joins everything, and never beats the optimum', () => {
  fc.assert(
    fc.property(joinProblem, (problem) => {
      const simple = { ...problem, edges: problem.edges.slice(0, problem.rows.length - 1) };
      const greedy = greedyTree(graphOf(simple), leavesOf(simple), combineOf(simple));
      expect(greedy?.relations).toBe((1 << simple.rows.length) - 1);
      expect(greedy?.cost ?? 0).toBeGreaterThanOrEqual((exhaustiveCost(simple) ?? Number.NaN) * (1 - 1e-9));
    }),
    { numRuns: 100 },
  );
});

/** #ccp by shape: Moerkotte and Neumann, "Analysis of Two Existing and One New Dynamic Programming Algorithm", VLDB 2006, 2.3. */
describe('every pair of a connected set and a connected complement comes once', () => {
  const chain = (n: number) => Array.from({ length: n - 1 }, (_, at) => simpleEdge(at, at + 1));
  const star = (n: number) => Array.from({ length: n - 1 }, (_, at) => simpleEdge(0, at + 1));
  const cycle = (n: number) => [...chain(n), simpleEdge(0, n - 1)];
  const clique = (n: number) => Array.from({ length: n }, (_, a) => Array.from({ length: a }, (_, b) => simpleEdge(a, b))).flat();
  test.each<[string, (n: number) => readonly WeightedEdge[], (n: number) => number]>([
    ['chain', chain, (n) => (n ** 3 - n) / 6],
    ['star', star, (n) => (n - 1) * 2 ** (n - 2)],
    ['cycle', cycle, (n) => (n ** 3 - 2 * n ** 2 + n) / 2],
    ['clique', clique, (n) => (3 ** n - 2 ** (n + 1) + 1) / 2],
  ])('%s', (_name, edges, expected) => {
    for (const n of [3, 5, 8]) expect(pairsOf(n, edges(n))).toBe(expected(n));
  });

  function pairsOf(relations: number, edges: readonly WeightedEdge[]): number {
    const known = new Set(Array.from({ length: relations }, (_, at) => only(at)));
    const seen = new Set<string>();
    let pairs = 0;
    enumeratePairs(hypergraph(relations, edges), {
      has: (set) => known.has(set),
      pair: (first, second) => {
        pairs += 1;
        known.add(first | second);
        seen.add([Math.min(first, second), Math.max(first, second)].join());
      },
      stopped: () => false,
    });
    expect(seen.size).toBe(pairs);
    return pairs;
  }
});

test('a hyperedge joins only once its sides are together', () => {
  // a – b – c in a chain, and a condition over {a, b} and {d}: d is joined last.
  const problem = {
    rows: [10, 10, 10, 1],
    edges: [simpleEdge(0, 1), simpleEdge(1, 2), { left: 0b0011, right: 0b1000, selectivity: 0.001 }],
  };
  const joins: number[] = [];
  const combine = combineOf(problem);
  optimalTree<JoinTree>(
    graphOf(problem),
    leavesOf(problem),
    (first, second) => {
      joins.push(first.relations | second.relations);
      return combine(first, second);
    },
    UNLIMITED,
  );
  expect(joins).toContain(0b1011);
  expect(joins.filter((set) => (set & 0b1000) !== 0 && (set & 0b0011) !== 0b0011)).toEqual([]);
});

test('past twelve relations, or too many pairs, the tree is found greedily', () => {
  const clique = (n: number) => ({
    rows: Array.from({ length: n }, (_, at) => at + 1),
    edges: Array.from({ length: n }, (_, a) => Array.from({ length: a }, (_, b) => simpleEdge(a, b))).flat(),
  });
  for (const problem of [clique(14), clique(12)]) {
    const found = searchTree(graphOf(problem), leavesOf(problem), combineOf(problem));
    const greedy = greedyTree(graphOf(problem), leavesOf(problem), combineOf(problem));
    expect(found).toEqual(greedy);
  }
});
