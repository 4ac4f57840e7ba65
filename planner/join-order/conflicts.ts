import { intersects, isSubset, type RelationSet } from './relation-set.ts';

/** The join types that take part in reordering. */
export type OrderedJoinType = 'inner' | 'left' | 'semi' | 'anti';

/** An operator of the original join tree. */
export interface TreeOperator {
  readonly type: OrderedJoinType;
  /** Relations below its left and right input. */
  readonly left: RelationSet;
  readonly right: RelationSet;
  /** Relations that its condition reads. */
  readonly reads: RelationSet;
  /** Operators below its left and right input. */
  readonly leftOperators: readonly TreeOperator[];
  readonly rightOperators: readonly TreeOperator[];
  /** Whether its condition drops rows in which all columns of the given relations are NULL. */
  rejectsNullsOf(relations: RelationSet): boolean;
}

/** If any of `when` has been joined, all of `needs` must have been. */
export interface ConflictRule {
  readonly when: RelationSet;
  readonly needs: RelationSet;
}

/** When a condition may be applied: `relations` are all there, split between the sides, and the rules hold. */
export interface Eligibility {
  /** Total eligibility set. */
  readonly relations: RelationSet;
  readonly rules: readonly ConflictRule[];
}

/**
 * Algorithm CD-C of Moerkotte, Fender and Eich, "On the Correct and Complete Enumeration of the Core Search Space",
 * SIGMOD 2013: the relations that a condition of operator `b` needs, and the rules that keep it from moving past operators
 * with which it does not commute.
 */
export function eligibilityOf(b: TreeOperator, reads: RelationSet): Eligibility {
  const rules: ConflictRule[] = [];
  for (const a of b.leftOperators) {
    if (!isAssociative(a, b)) rules.push(rule(a.right, a.left, a.reads));
    // l-asscom, (e1 a e2) b e3 = (e1 b e3) a e2, holds for all pairs of these types.
  }
  for (const a of b.rightOperators) {
    if (!isAssociative(b, a)) rules.push(rule(a.left, a.right, a.reads));
    if (!isRightAsscom(b, a)) rules.push(rule(a.right, a.left, a.reads));
  }
  // A condition that does not read both sides says nothing about where it belongs: it stays where it is.
  const degenerate = !intersects(reads, b.left) || !intersects(reads, b.right);
  return absorb(degenerate ? b.left | b.right : reads, rules);
}

export function holds(rules: readonly ConflictRule[], joined: RelationSet): boolean {
  return rules.every(({ when, needs }) => !intersects(when, joined) || isSubset(needs, joined));
}

function rule(when: RelationSet, side: RelationSet, reads: RelationSet): ConflictRule {
  return { when, needs: intersects(side, reads) ? side & reads : side };
}

/** Rules whose `when` is certain become part of the set; those that it fulfils are not needed any more. */
function absorb(start: RelationSet, rules: readonly ConflictRule[]): Eligibility {
  let relations = start;
  for (;;) {
    const certain = rules.filter(({ when, needs }) => intersects(when, relations) && !isSubset(needs, relations));
    if (certain.length === 0) return { relations, rules: rules.filter(({ needs }) => !isSubset(needs, relations)) };
    for (const { needs } of certain) relations |= needs;
  }
}

/** (e1 a e2) b e3 = e1 a (e2 b e3): table 2 of the paper, without full joins. */
function isAssociative(a: TreeOperator, b: TreeOperator): boolean {
  if (a.type === 'inner') return true;
  return a.type === 'left' && b.type === 'left' && b.rejectsNullsOf(a.right);
}

/** e1 a (e2 b e3) = e2 b (e1 a e3). */
function isRightAsscom(a: TreeOperator, b: TreeOperator): boolean {
  return a.type === 'inner' && b.type === 'inner';
}
