import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { childrenOf, mapChildren, type Node, rewriter, someNode, walk } from '../../../grammars/ast/visit.ts';
import { equalTrees, mapSpans, shiftSpans, stripSpans } from '../../../grammars/ast/visit-spans.ts';
import { parse } from '../../../grammars/lql/parser.ts';
import { print } from '../../../grammars/lql/printer.ts';
import { statement } from '../lql/arbitrary.ts';

/** Every object with a kind of node, found without the tables. */
function nodesIn(tree: unknown): unknown[] {
  if (tree === null || typeof tree !== 'object') return [];
  const inside = Object.values(tree).flatMap(nodesIn);
  // Select items and data types have kinds too, but are no nodes.
  return 'kind' in tree && 'span' in tree && tree.kind !== 'all' ? [tree, ...inside] : inside;
}

const identity = {
  expression: <N>(node: N) => node,
  query: <N>(node: N) => node,
  body: <N>(node: N) => node,
  relation: <N>(node: N) => node,
  statement: <N>(node: N) => node,
  series: <N>(node: N) => node,
};

describe('visitors', () => {
  it('reach every node, and only nodes', () => {
    fc.assert(
      fc.property(statement, (tree) => {
        const visited: Node[] = [];
        walk(tree, (node) => {
          visited.push(node);
          return true;
        });
        expect(new Set(visited)).toEqual(new Set(nodesIn(tree)));
      }),
      { numRuns: 200 },
    );
  });

  it('map to the same node when nothing changes, and visit the children that childrenOf names', () => {
    fc.assert(
      fc.property(statement, (tree) => {
        walk(tree, (node) => {
          expect(mapChildren(node, identity)).toBe(node);
          const mapped: Node[] = [];
          const noting = <N extends Node>(child: N): N => {
            mapped.push(child);
            return child;
          };
          mapChildren(node, {
            expression: noting,
            query: noting,
            body: noting,
            relation: noting,
            statement: noting,
            series: noting,
          });
          expect(new Set(mapped)).toEqual(new Set(childrenOf(node)));
          return true;
        });
      }),
      { numRuns: 100 },
    );
  });

  it('rewrite bottom up, in subqueries and windows too', () => {
    const [tree] = parse('select a, sum(a) over (order by a) from (select a from t where a in (select a from u)) s limit a');
    if (tree === undefined) throw new Error('nothing parsed');
    const renamed = rewriter({ expression: (node) => (node.kind === 'column' ? { ...node, name: 'b' } : node) }).statement(tree);
    const text = print(renamed);
    expect(text).toBe('SELECT b, sum(b) OVER (ORDER BY b) FROM (SELECT b FROM t WHERE b IN (SELECT b FROM u)) AS s LIMIT b');
    expect(someNode(renamed, (node) => node.kind === 'column' && node.name === 'a')).toBe(false);
    expect(someNode(renamed, (node) => node.kind === 'exists')).toBe(false);
  });

  it('can leave a node out', () => {
    const [tree] = parse('select (select a)');
    const kinds: string[] = [];
    if (tree !== undefined) walk(tree, (node) => kinds.push(node.kind) > 0 && node.kind !== 'scalar_subquery');
    expect(kinds).toEqual(['query_statement', 'query', 'select', 'scalar_subquery']);
  });
});

describe('spans', () => {
  it('can be shifted, stripped and ignored', () => {
    const one = parse('select a + 1');
    const two = parse('   select   a+1');
    expect(one).not.toEqual(two);
    expect(equalTrees(one, two)).toBe(true);
    expect(stripSpans(one)).toEqual(stripSpans(two));
    expect(shiftSpans(one, 3)).not.toEqual(one);
    expect(shiftSpans(shiftSpans(one, 3), -3)).toEqual(one);
    expect(mapSpans(one, (span) => span)).toEqual(one);
    expect(equalTrees(parse('select 1'), parse('select 2'))).toBe(false);
    expect(equalTrees({ a: 0 }, { a: -0 })).toBe(false);
    expect(equalTrees({ a: Number.NaN }, { a: Number.NaN })).toBe(true);
  });
});
