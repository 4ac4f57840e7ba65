/** A set of relations of one join region: bit i is relation i. At most 30, so that it stays a small integer. */
export type RelationSet = number;

export const MAX_RELATIONS = 30;
export const EMPTY_SET: RelationSet = 0;

export function only(relation: number): RelationSet {
  return 1 << relation;
}

export function isSubset(part: RelationSet, whole: RelationSet): boolean {
  return (part & ~whole) === 0;
}

export function intersects(a: RelationSet, b: RelationSet): boolean {
  return (a & b) !== 0;
}

/** The set of the lowest member. */
export function lowest(set: RelationSet): RelationSet {
  return set & -set;
}

/** The members up to and including the one of the singleton `member`, whether in `set` or not. */
export function upTo(member: RelationSet): RelationSet {
  return (member << 1) - 1;
}

/** The members' numbers, ascending. */
export function membersOf(set: RelationSet): readonly number[] {
  const members: number[] = [];
  for (let rest = set; rest !== 0; rest &= rest - 1) members.push(31 - Math.clz32(rest & -rest));
  return members;
}

/** Calls `visit` for every subset but the empty one, every set after all of its own subsets. */
export function forEachSubset(set: RelationSet, visit: (subset: RelationSet) => void): void {
  for (let subset = lowest(set); subset !== 0; subset = (subset - set) & set) visit(subset);
}
