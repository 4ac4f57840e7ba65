import type { BoundExpression, ColumnId, NamedExpression } from '../../expression.ts';
import { expressionKey, freeColumns, isVolatile, substituteColumns } from '../../expression-visit.ts';
import { columnRef } from '../../logical/build.ts';
import type { LogicalPlan } from '../../logical/plan.ts';
import { walk } from '../../logical/visit.ts';
import { mayRaise } from '../support/raising.ts';

/** A predicate over one column. */
export interface ColumnPredicate {
  readonly column: ColumnId;
  readonly predicate: BoundExpression;
}

/** Those of the predicates that read one column only and may be repeated about another with the same values. */
export function columnPredicates(predicates: readonly BoundExpression[]): readonly ColumnPredicate[] {
  return predicates.flatMap((predicate) => {
    const [column, ...more] = freeColumns(predicate);
    if (column === undefined || more.length > 0 || isVolatile(predicate) || mayRaise(predicate)) return [];
    return [{ column, predicate }];
  });
}

/** What filters below make true of every row that the plan delivers, by single column. */
export function knownPredicates(plan: LogicalPlan): readonly ColumnPredicate[] {
  switch (plan.kind) {
    case 'filter':
      return [...columnPredicates(plan.predicates), ...knownPredicates(plan.input)];
    case 'project':
      return renamed(knownPredicates(plan.input), plan.items);
    case 'aggregate':
      return renamed(knownPredicates(plan.input), plan.keys);
    case 'sort':
    case 'limit':
    case 'window':
      return knownPredicates(plan.input);
    case 'join':
      switch (plan.type) {
        case 'inner':
          return [...columnPredicates(plan.predicates), ...knownPredicates(plan.left), ...knownPredicates(plan.right)];
        case 'full':
          return [];
        default:
          return knownPredicates(plan.left);
      }
    default:
      return [];
  }
}

/** Whether some filter in the plan has this very predicate. */
export function hasFilter(plan: LogicalPlan, predicate: BoundExpression): boolean {
  const key = expressionKey(predicate);
  let found = false;
  walk(plan, (each) => {
    if (each.kind === 'filter' && each.predicates.some((other) => expressionKey(other) === key)) found = true;
  });
  return found;
}

function renamed(known: readonly ColumnPredicate[], items: readonly NamedExpression[]): readonly ColumnPredicate[] {
  return known.flatMap(({ column, predicate }) =>
    items.flatMap(({ output, expression }) => {
      if (expression.kind !== 'column' || expression.id !== column) return [];
      return [{ column: output.id, predicate: substituteColumns(predicate, new Map([[column, columnRef(output)]])) }];
    }),
  );
}
