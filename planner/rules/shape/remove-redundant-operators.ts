import { filterOf, filterUnlessTrue, projectOf, sortOf } from '../../logical/build.ts';
import type { LogicalPlan } from '../../logical/plan.ts';
import { mapInputs, transformUp } from '../../logical/visit.ts';
import { ignoresOrder } from '../aggregates/order-insensitive.ts';
import type { Rule } from '../rule.ts';
import { givesOneRow } from '../subqueries/cardinality.ts';
import { isPassThrough } from '../support/columns.ts';
import { isUniqueOn } from '../support/uniqueness.ts';

/**
 * Pattern: operators that change nothing: a projection of all columns as they are, one of some columns below an operator that
 * picks its own, a filter without predicates or over a
 * filter, LIMIT without numbers, sorting by constants, sorting for an operator that does not look at order, the
 * single-row check of what has one row, the join with a row without columns, DISTINCT of what is distinct.
 * Guard: as said.
 * Replacement: their input.
 *
 * It must not remove the sort below LIMIT, below another projection at the root, or below an aggregate that sees order:
 * `SELECT array_agg(a) FROM (SELECT a FROM t ORDER BY a)`.
 */
export const RemoveRedundantOperators: Rule = {
  name: 'RemoveRedundantOperators',
  apply: (plan) => transformUp(plan, remove),
};

function remove(plan: LogicalPlan): LogicalPlan {
  switch (plan.kind) {
    case 'project': {
      const { items, input } = plan;
      const same = items.length === input.columns.length && items.every((item, at) => isSame(item, input, at));
      return same ? input : mapInputs(plan, withoutSelection);
    }
    case 'filter':
      if (plan.predicates.length === 0) return plan.input;
      return plan.input.kind === 'filter' ? filterOf(plan.input.input, [...plan.input.predicates, ...plan.predicates]) : plan;
    case 'limit':
      return plan.count === null && plan.offset === null ? plan.input : plan;
    case 'sort': {
      const keys = plan.keys.filter(({ expression }) => expression.kind !== 'constant' && expression.kind !== 'parameter');
      if (keys.length === 0) return plan.input;
      return keys.length === plan.keys.length ? plan : sortOf(plan.input, keys);
    }
    case 'single_row':
      return givesOneRow(plan.input) ? plan.input : plan;
    case 'aggregate': {
      if (plan.aggregates.length === 0 && plan.keys.length > 0) {
        const keys = plan.keys.flatMap(({ expression }) => (expression.kind === 'column' ? [expression.id] : []));
        if (isUniqueOn(plan.input, new Set(keys))) return projectOf(plan.input, plan.keys);
      }
      const read = mapInputs(plan, withoutSelection);
      return plan.aggregates.every(ignoresOrder) ? mapInputs(read, withoutOrder) : read;
    }
    case 'join': {
      if (plan.type === 'inner' && isUnit(plan.left)) return filterUnlessTrue(plan.right, plan.predicates);
      if (plan.type === 'inner' && isUnit(plan.right)) return filterUnlessTrue(plan.left, plan.predicates);
      return mapInputs(plan, withoutOrder);
    }
    case 'set_operation':
      return mapInputs(plan, withoutOrder);
    default:
      return plan;
  }
}

function isSame(item: Parameters<typeof isPassThrough>[0], input: LogicalPlan, position: number): boolean {
  return isPassThrough(item) && item.output.id === input.columns[position]?.id;
}

function isUnit(plan: LogicalPlan): boolean {
  return plan.kind === 'one_row';
}

/** The plan, for an operator that finds its columns by id and delivers none of the others. */
function withoutSelection(plan: LogicalPlan): LogicalPlan {
  return plan.kind === 'project' && plan.items.every(isPassThrough) ? withoutSelection(plan.input) : plan;
}

/** The plan, for an operator that does not care in which order rows come. */
function withoutOrder(plan: LogicalPlan): LogicalPlan {
  switch (plan.kind) {
    case 'sort':
      return withoutOrder(plan.input);
    case 'filter':
    case 'project':
      return mapInputs(plan, withoutOrder);
    default:
      return plan;
  }
}
