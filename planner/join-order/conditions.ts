import type { Catalog } from '../catalog.ts';
import type { BoundExpression, ColumnId, ColumnRef } from '../expression.ts';
import { expressionKey } from '../expression-visit.ts';
import { columnEquality, equalityClasses } from '../rules/support/equality-classes.ts';
import { scalarCall } from '../rules/support/functions.ts';
import { type ConflictRule, type Eligibility, eligibilityOf } from './conflicts.ts';
import type { HyperEdge } from './hypergraph.ts';
import { type Region, type RegionOperator, relationsOfColumns, relationsRead } from './region.ts';
import { EMPTY_SET, intersects, only, type RelationSet } from './relation-set.ts';

/** One conjunct of the inner joins, applied where its relations first meet. */
export interface InnerCondition extends Eligibility, HyperEdge {
  readonly predicate: BoundExpression;
}

/** A left, semi or anti join, applied as a whole. */
export interface OuterCondition extends Eligibility, HyperEdge {
  readonly operator: RegionOperator;
}

/** Columns of different relations that inner joins make equal: where two of them meet, one equality is enough. */
export interface EqualityClass {
  /** One column for each relation that has one. */
  readonly members: ReadonlyMap<number, ColumnRef>;
  readonly relations: RelationSet;
  readonly rules: readonly ConflictRule[];
}

/** What the operators of a region ask for, freed from their places in the tree. */
export interface Conditions {
  readonly inner: readonly InnerCondition[];
  readonly outer: readonly OuterCondition[];
  readonly classes: readonly EqualityClass[];
  readonly edges: readonly HyperEdge[];
}

/**
 * `classes`: whether equalities may be exchanged for others of the same class (`a = b AND b = c` lets a and c be joined
 * first). They are not where a condition is tied to more relations than it reads.
 */
export function conditionsOf(region: Region, withClasses: boolean): Conditions {
  const relationOf = relationsOfColumns(region.leaves);
  const inner: InnerCondition[] = [];
  const outer: OuterCondition[] = [];
  const edges: HyperEdge[] = [];
  const equalities: InnerCondition[] = [];
  for (const operator of region.operators) {
    if (operator.type !== 'inner') {
      outer.push({ operator, ...edgeOf(operator, eligibilityOf(operator, operator.reads)) });
      continue;
    }
    if (operator.predicates.length === 0) edges.push({ left: operator.left, right: operator.right });
    for (const predicate of operator.predicates) {
      const reads = relationsRead(predicate, relationOf);
      const condition = { predicate, ...edgeOf(operator, eligibilityOf(operator, reads)) };
      const exchangeable = withClasses && condition.relations === reads && columnEquality(predicate) !== undefined;
      (exchangeable ? equalities : inner).push(condition);
    }
  }
  const { classes, others } = classesOf(equalities, relationOf);
  inner.push(...others);
  edges.push(...inner, ...outer, ...classes.flatMap(classEdges));
  return { inner, outer, classes, edges };
}

function edgeOf(operator: RegionOperator, eligibility: Eligibility): Eligibility & HyperEdge {
  return {
    ...eligibility,
    left: eligibility.relations & operator.left,
    right: eligibility.relations & operator.right,
  };
}

/** Classes with at most one column of each relation; the equalities of all others stay conditions of their own. */
function classesOf(
  equalities: readonly InnerCondition[],
  relationOf: ReadonlyMap<ColumnId, number>,
): { readonly classes: readonly EqualityClass[]; readonly others: readonly InnerCondition[] } {
  const classes: EqualityClass[] = [];
  const others: InnerCondition[] = [];
  for (const columns of equalityClasses(equalities.map((each) => each.predicate))) {
    const members = new Map(columns.map((column) => [relationOf.get(column.id) ?? -1, column]));
    const ids = new Set(columns.map((column) => column.id));
    const conditions = equalities.filter((each) => ids.has(columnEquality(each.predicate)?.[0].id ?? -1));
    if (members.size < columns.length) {
      others.push(...conditions);
      continue;
    }
    let relations = EMPTY_SET;
    for (const relation of members.keys()) relations |= only(relation);
    classes.push({ members, relations, rules: conditions.flatMap((each) => each.rules) });
  }
  return { classes, others };
}

function classEdges({ members }: EqualityClass): readonly HyperEdge[] {
  const relations = [...members.keys()];
  return relations.flatMap((left, position) =>
    relations.slice(position + 1).map((right) => ({ left: only(left), right: only(right) })),
  );
}

/** The equality of a class between two sides that both have members of it, as the query wrote it where it did. */
export function classEquality(
  { members }: EqualityClass,
  left: RelationSet,
  right: RelationSet,
  written: ReadonlyMap<string, BoundExpression>,
  catalog: Catalog,
): BoundExpression | undefined {
  let fallback: BoundExpression | undefined;
  for (const [one, a] of members) {
    if (!intersects(only(one), left)) continue;
    for (const [other, b] of members) {
      if (!intersects(only(other), right)) continue;
      const original = written.get(pairKey(a, b)) ?? written.get(pairKey(b, a));
      if (original !== undefined) return original;
      fallback ??= scalarCall(catalog, 'equal', [a, b]);
    }
  }
  return fallback;
}

/** The equalities of columns among the predicates of a region. */
export function writtenEqualities(region: Region): ReadonlyMap<string, BoundExpression> {
  return new Map(
    region.operators
      .flatMap((operator) => operator.predicates)
      .flatMap((predicate) => {
        const pair = columnEquality(predicate);
        return pair === undefined ? [] : [[pairKey(pair[0], pair[1]), predicate] as const];
      }),
  );
}

function pairKey(a: BoundExpression, b: BoundExpression): string {
  return `${expressionKey(a)} = ${expressionKey(b)}`;
}
