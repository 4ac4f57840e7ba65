import type { Catalog } from '../catalog.ts';
import { expressionCost, hashJoinCost, nestedLoopCost } from '../cost/cost.ts';
import type { BoundExpression } from '../expression.ts';
import { joinOf } from '../logical/build.ts';
import type { Join, LogicalPlan } from '../logical/plan.ts';
import { asNullableAs, idsOf } from '../rules/support/columns.ts';
import { Estimator } from '../statistics/derive.ts';
import { splitKeys } from '../statistics/join-estimate.ts';
import { Cardinalities } from './cardinality.ts';
import { type Conditions, classEquality, conditionsOf, type OuterCondition, writtenEqualities } from './conditions.ts';
import { holds } from './conflicts.ts';
import { hypergraph } from './hypergraph.ts';
import type { Region } from './region.ts';
import { intersects, isSubset, only, type RelationSet } from './relation-set.ts';
import { type JoinTree, searchTree } from './search.ts';

/** A join tree of the search: a leaf has no sides. */
interface RegionTree extends JoinTree {
  readonly sides: { readonly left: RegionTree; readonly right: RegionTree; readonly outer: OuterCondition | undefined } | null;
}

/**
 * The region's joins in the cheapest order found, over the given leaves (in the region's order); undefined when no other
 * order than the original is possible. Columns come in the new order.
 */
export function orderRegion(region: Region, leaves: readonly LogicalPlan[], catalog: Catalog): LogicalPlan | undefined {
  return order(region, leaves, catalog, true) ?? order(region, leaves, catalog, false);
}

function order(region: Region, leaves: readonly LogicalPlan[], catalog: Catalog, withClasses: boolean): LogicalPlan | undefined {
  const conditions = conditionsOf(region, withClasses);
  const cardinalities = new Cardinalities(region, conditions, new Estimator());
  const orderer = new RegionOrderer(region, conditions, cardinalities, catalog);
  const start = leaves.map((_, relation): RegionTree => {
    const relations = only(relation);
    return { relations, rows: cardinalities.rows(relations), cost: 0, sides: null };
  });
  const graph = hypergraph(leaves.length, conditions.edges);
  const best = searchTree(graph, start, (first, second) => orderer.combine(first, second));
  return best === undefined ? undefined : orderer.build(best, leaves);
}

class RegionOrderer {
  readonly #conditions: Conditions;
  readonly #cardinalities: Cardinalities;
  readonly #catalog: Catalog;
  readonly #written: ReadonlyMap<string, BoundExpression>;
  readonly #keyConditions: ReadonlySet<BoundExpression>;

  constructor(region: Region, conditions: Conditions, cardinalities: Cardinalities, catalog: Catalog) {
    this.#conditions = conditions;
    this.#cardinalities = cardinalities;
    this.#catalog = catalog;
    this.#written = writtenEqualities(region);
    this.#keyConditions = new Set(region.operators.flatMap((operator) => keyConditions(operator.join, operator.predicates)));
  }

  combine(first: RegionTree, second: RegionTree): RegionTree | undefined {
    const outer = this.#conditions.outer.filter((each) => becomesEligible(each.relations, first.relations, second.relations));
    const inner = this.#innerConditions(first.relations, second.relations);
    const joined = first.relations | second.relations;
    if (outer.length === 0) {
      if (!inner.every((each) => holds(each.rules, joined))) return undefined;
      return this.#innerJoin(first, second, inner);
    }
    const [only] = outer;
    // Two operators at once, or an inner condition beside one, would have to be applied one after the other.
    if (only === undefined || outer.length > 1 || inner.length > 0 || !holds(only.rules, joined)) return undefined;
    return this.#outerJoin(first, second, only) ?? this.#outerJoin(second, first, only);
  }

  #innerJoin(first: RegionTree, second: RegionTree, conditions: readonly Crossing[]): RegionTree {
    const relations = first.relations | second.relations;
    const rows = this.#cardinalities.rows(relations);
    const [build, probe] = first.rows <= second.rows ? [first, second] : [second, first];
    const hashable = conditions.some((each) => each.predicate === null || this.#keyConditions.has(each.predicate));
    const predicateCost = conditions.reduce(
      (sum, each) => sum + (each.predicate === null ? 1 : expressionCost(each.predicate)),
      0,
    );
    const own = hashable
      ? hashJoinCost(probe.rows, build.rows, rows)
      : nestedLoopCost(probe.rows, build.rows, rows, predicateCost);
    return { relations, rows, cost: first.cost + second.cost + own, sides: { left: probe, right: build, outer: undefined } };
  }

  #outerJoin(left: RegionTree, right: RegionTree, outer: OuterCondition): RegionTree | undefined {
    const { operator } = outer;
    if (!isSubset(outer.left, left.relations) || !isSubset(outer.right, right.relations)) return undefined;
    if (intersects(operator.right, left.relations) || intersects(operator.left, right.relations)) return undefined;
    const relations = left.relations | right.relations;
    const rows = this.#cardinalities.rows(relations);
    const hashable = operator.predicates.some((predicate) => this.#keyConditions.has(predicate));
    const predicateCost = operator.predicates.reduce((sum, predicate) => sum + expressionCost(predicate), 0);
    const own = hashable ? hashJoinCost(left.rows, right.rows, rows) : nestedLoopCost(left.rows, right.rows, rows, predicateCost);
    return { relations, rows, cost: left.cost + right.cost + own, sides: { left, right, outer } };
  }

  /** The inner conditions and classes that first meet in the join of two sets. */
  #innerConditions(first: RelationSet, second: RelationSet): readonly Crossing[] {
    const crossing: Crossing[] = [];
    for (const condition of this.#conditions.inner) {
      if (becomesEligible(condition.relations, first, second)) crossing.push(condition);
    }
    for (const class_ of this.#conditions.classes) {
      if (intersects(class_.relations, first) && intersects(class_.relations, second)) {
        crossing.push({ predicate: null, rules: class_.rules });
      }
    }
    return crossing;
  }

  build(tree: RegionTree, leaves: readonly LogicalPlan[]): LogicalPlan {
    if (tree.sides === null) {
      const leaf = leaves[31 - Math.clz32(tree.relations)];
      if (leaf === undefined) throw new RangeError('a join tree over a relation that the region does not have');
      return leaf;
    }
    const { left, right, outer } = tree.sides;
    const [leftPlan, rightPlan] = [this.build(left, leaves), this.build(right, leaves)];
    const columns = [...leftPlan.columns, ...rightPlan.columns];
    if (outer !== undefined) {
      return joinOf(outer.operator.type, leftPlan, rightPlan, asNullableAs(outer.operator.predicates, columns));
    }
    const equalities = this.#conditions.classes.flatMap(
      (class_) => classEquality(class_, left.relations, right.relations, this.#written, this.#catalog) ?? [],
    );
    const others = this.#conditions.inner
      .filter((each) => becomesEligible(each.relations, left.relations, right.relations))
      .map((each) => each.predicate);
    return joinOf('inner', leftPlan, rightPlan, asNullableAs([...equalities, ...others], columns));
  }
}

interface Crossing {
  /** Null: the equality of a class. */
  readonly predicate: BoundExpression | null;
  readonly rules: readonly { readonly when: RelationSet; readonly needs: RelationSet }[];
}

function becomesEligible(needed: RelationSet, first: RelationSet, second: RelationSet): boolean {
  return isSubset(needed, first | second) && !isSubset(needed, first) && !isSubset(needed, second);
}

/** The conjuncts that a hash join can look up by. */
function keyConditions(join: Join, predicates: readonly BoundExpression[]): readonly BoundExpression[] {
  const left = idsOf(join.left.columns);
  const right = idsOf(join.right.columns);
  return predicates.filter((_, position) => {
    const original = join.predicates[position];
    return original !== undefined && splitKeys([original], left, right).keys.length > 0;
  });
}
