import type { Estimator } from '../statistics/derive.ts';
import type { ColumnEstimate, PlanEstimate } from '../statistics/estimate.ts';
import { keyDivisor } from '../statistics/join-estimate.ts';
import { selectivity } from '../statistics/selectivity.ts';
import type { Conditions, EqualityClass } from './conditions.ts';
import type { Region } from './region.ts';
import { intersects, isSubset, membersOf, only, type RelationSet } from './relation-set.ts';

/**
 * Rows of every join of a set of relations, the same whatever the order: the product of the relations' rows, of the
 * selectivities of the conditions among them, and of what left, semi and anti joins leave of their left side.
 */
export class Cardinalities {
  readonly #leaves: readonly PlanEstimate[];
  readonly #conditions: readonly { readonly relations: RelationSet; readonly selectivity: number }[];
  readonly #classes: readonly EqualityClass[];
  readonly #corrections: readonly Correction[];
  readonly #outer: readonly { readonly relations: RelationSet; readonly right: RelationSet; readonly factor: number }[];
  readonly #known = new Map<RelationSet, number>();

  constructor(region: Region, conditions: Conditions, estimator: Estimator) {
    this.#leaves = region.leaves.map((leaf) => estimator.estimate(leaf));
    const all: PlanEstimate = {
      rows: this.#leaves.reduce((product, leaf) => product * Math.max(1, leaf.rows), 1),
      columns: new Map(this.#leaves.flatMap((leaf) => [...leaf.columns])),
    };
    this.#conditions = conditions.inner.map(({ relations, predicate }) => ({
      relations,
      selectivity: selectivity(predicate, all),
    }));
    this.#classes = conditions.classes;
    this.#corrections = correctionsOf(conditions.classes, this.#leaves);
    this.#outer = conditions.outer.map(({ relations, operator }) => {
      const left = estimator.estimate(operator.join.left).rows;
      return { relations, right: operator.right, factor: left > 0 ? estimator.estimate(operator.join).rows / left : 1 };
    });
  }

  rows(relations: RelationSet): number {
    const known = this.#known.get(relations);
    if (known !== undefined) return known;
    let counted = relations;
    let rows = 1;
    for (const { relations: needed, right, factor } of this.#outer) {
      if (!isSubset(needed, relations)) continue;
      counted &= ~right;
      rows *= factor;
    }
    for (const relation of membersOf(counted)) rows *= this.#leaves[relation]?.rows ?? 1;
    for (const condition of this.#conditions) if (isSubset(condition.relations, counted)) rows *= condition.selectivity;
    for (const class_ of this.#classes) rows *= classSelectivity(class_, counted, this.#leaves);
    for (const correction of this.#corrections) if (isSubset(correction.relations, counted)) rows *= correction.factor;
    this.#known.set(relations, rows);
    return rows;
  }
}

/** Of the joined columns, each but the one with the fewest values divides by its distinct values (Selinger et al. 1979). */
function classSelectivity({ members, relations }: EqualityClass, counted: RelationSet, leaves: readonly PlanEstimate[]): number {
  if (!intersects(relations, counted)) return 1;
  const distinct: number[] = [];
  let present = 1;
  for (const [relation, column] of members) {
    if (!intersects(only(relation), counted)) continue;
    const estimate = leaves[relation]?.columns.get(column.id);
    distinct.push(distinctOf(estimate));
    present *= 1 - (estimate?.nullFraction ?? 0);
  }
  if (distinct.length < 2) return 1;
  const product = distinct.reduce((all, each) => all * each, 1);
  return (present * Math.min(...distinct)) / product;
}

interface Correction {
  readonly relations: RelationSet;
  readonly factor: number;
}

/**
 * Two relations joined on several columns have no more combinations of them than rows; where that bites, the product of
 * the classes' selectivities is too small by the factor computed here (see keyDivisor).
 */
function correctionsOf(classes: readonly EqualityClass[], leaves: readonly PlanEstimate[]): readonly Correction[] {
  const byClasses = new Map<string, Correction>();
  leaves.forEach((left, one) => {
    leaves.forEach((right, other) => {
      const shared = classes.filter(({ members }) => one < other && members.has(one) && members.has(other));
      if (shared.length < 2) return;
      const leftColumns = shared.flatMap(({ members }) => left.columns.get(members.get(one)?.id ?? -1) ?? []);
      const rightColumns = shared.flatMap(({ members }) => right.columns.get(members.get(other)?.id ?? -1) ?? []);
      const assumed = leftColumns.reduce((all, each, at) => all * Math.max(distinctOf(each), distinctOf(rightColumns[at])), 1);
      const factor = Math.max(1, assumed / keyDivisor(leftColumns, left.rows, rightColumns, right.rows));
      const key = shared.map((class_) => classes.indexOf(class_)).join(' ');
      // Three relations that share the same columns are corrected once: their pairs are not independent.
      if (factor > (byClasses.get(key)?.factor ?? 1)) byClasses.set(key, { relations: only(one) | only(other), factor });
    });
  });
  return [...byClasses.values()];
}

function distinctOf(estimate: ColumnEstimate | undefined): number {
  return Math.max(1, estimate?.distinct ?? 1);
}
