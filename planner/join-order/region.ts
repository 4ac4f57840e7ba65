import type { BoundExpression, ColumnId, ColumnRef } from '../expression.ts';
import { collectColumns, transformExpression } from '../expression-visit.ts';
import type { Join, LogicalPlan } from '../logical/plan.ts';
import { rejectsNulls } from '../rules/support/nulls.ts';
import type { OrderedJoinType, TreeOperator } from './conflicts.ts';
import { EMPTY_SET, intersects, MAX_RELATIONS, membersOf, only, type RelationSet } from './relation-set.ts';

/** A join operator of the region, with its place in the tree and its plan. */
export interface RegionOperator extends TreeOperator {
  readonly join: Join;
  readonly predicates: readonly BoundExpression[];
}

/** Joins that may be reordered among each other, and the relations that they join. */
export interface Region {
  readonly leaves: readonly LogicalPlan[];
  /** Inputs before the operators over them. */
  readonly operators: readonly RegionOperator[];
  /** Columns that projections inside the region gave new ids, and the leaf columns that they are. */
  readonly renames: ReadonlyMap<ColumnId, ColumnRef>;
}

/** Whether the plan is a join that may change places with others. NOT IN and marks stay where they are. */
export function isReorderable(plan: LogicalPlan): plan is Join & { readonly type: OrderedJoinType } {
  if (plan.kind !== 'join' || plan.nullAware) return false;
  return plan.type === 'inner' || plan.type === 'left' || plan.type === 'semi' || plan.type === 'anti';
}

/** The region below a reorderable join: down to other operators, or to as many relations as a set can hold. */
export function collectRegion(root: Join): Region {
  const collector = new RegionCollector();
  collector.collect(root, MAX_RELATIONS);
  return collector;
}

interface Subtree {
  readonly relations: RelationSet;
  readonly operators: readonly RegionOperator[];
}

class RegionCollector implements Region {
  readonly leaves: LogicalPlan[] = [];
  readonly operators: RegionOperator[] = [];
  readonly renames = new Map<ColumnId, ColumnRef>();
  readonly #relationOf = new Map<ColumnId, number>();

  /** Adds the plan's part of the region, of at most `room` relations. */
  collect(plan: LogicalPlan, room: number): Subtree {
    const join = throughRenames(plan);
    if (room < 2 || join === undefined) return this.#leaf(plan);
    const left = this.collect(join.left, room - 1);
    const right = this.collect(join.right, room - membersOf(left.relations).length);
    const predicates = join.predicates.map((predicate) => this.resolve(predicate));
    const operator: RegionOperator = {
      join,
      type: join.type,
      predicates,
      left: left.relations,
      right: right.relations,
      reads: predicates.reduce((set, predicate) => set | this.relationsRead(predicate), EMPTY_SET),
      leftOperators: left.operators,
      rightOperators: right.operators,
      rejectsNullsOf: (relations) => {
        const columns = new Set([...this.#relationOf].flatMap(([id, at]) => (intersects(only(at), relations) ? [id] : [])));
        return predicates.some((predicate) => rejectsNulls(predicate, columns));
      },
    };
    this.operators.push(operator);
    this.#rename(plan);
    return { relations: left.relations | right.relations, operators: [...left.operators, ...right.operators, operator] };
  }

  /** The relations whose columns an expression reads. */
  relationsRead(expression: BoundExpression): RelationSet {
    return relationsRead(expression, this.#relationOf);
  }

  /** The expression over leaf columns. */
  resolve(expression: BoundExpression): BoundExpression {
    return resolveRenames(expression, this.renames);
  }

  #leaf(plan: LogicalPlan): Subtree {
    const relation = this.leaves.push(plan) - 1;
    for (const column of plan.columns) this.#relationOf.set(column.id, relation);
    return { relations: only(relation), operators: [] };
  }

  #rename(plan: LogicalPlan): void {
    if (plan.kind !== 'project') return;
    this.#rename(plan.input);
    for (const { output, expression } of plan.items) {
      const resolved = this.resolve(expression);
      if (resolved.kind === 'column' && resolved.id !== output.id) this.renames.set(output.id, resolved);
    }
  }
}

/** The relation of each leaf column. */
export function relationsOfColumns(leaves: readonly LogicalPlan[]): ReadonlyMap<ColumnId, number> {
  return new Map(leaves.flatMap((leaf, relation) => leaf.columns.map((column) => [column.id, relation] as const)));
}

export function relationsRead(expression: BoundExpression, relationOf: ReadonlyMap<ColumnId, number>): RelationSet {
  const columns = new Set<ColumnId>();
  collectColumns(expression, columns);
  let set = EMPTY_SET;
  for (const id of columns) {
    const relation = relationOf.get(id);
    if (relation !== undefined) set |= only(relation);
  }
  return set;
}

/** The expression with renamed columns as what they are; a reference stays as nullable as it was. */
export function resolveRenames(expression: BoundExpression, renames: ReadonlyMap<ColumnId, ColumnRef>): BoundExpression {
  if (renames.size === 0) return expression;
  return transformExpression(expression, (each) => {
    const renamed = each.kind === 'column' ? renames.get(each.id) : undefined;
    return renamed === undefined ? each : { ...renamed, span: each.span, nullable: each.nullable || renamed.nullable };
  });
}

/** The join that the plan is, or renames the columns of. */
function throughRenames(plan: LogicalPlan): (Join & { readonly type: OrderedJoinType }) | undefined {
  if (isReorderable(plan)) return plan;
  if (plan.kind !== 'project' || !plan.items.every((item) => item.expression.kind === 'column')) return undefined;
  return throughRenames(plan.input);
}
