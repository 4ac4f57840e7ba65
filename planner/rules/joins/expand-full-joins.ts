import type { BoundExpression, NamedExpression } from '../../expression.ts';
import { constantOf } from '../../expression-build.ts';
import { transformExpression } from '../../expression-visit.ts';
import { columnRef, joinOf, projectOf, setOperationOf } from '../../logical/build.ts';
import type { Join, LogicalPlan } from '../../logical/plan.ts';
import { transformUp } from '../../logical/visit.ts';
import type { Rule, RuleContext } from '../rule.ts';
import { readTwice } from '../support/read-twice.ts';

/**
 * Pattern: a full outer join.
 * Guard: none; a side that would give other rows when run again is computed once and read twice.
 * Replacement: the left join, and the right rows without a partner (an anti join over second copies of both sides) with
 * NULLs, under UNION ALL. The executor knows no full join.
 *
 * A row must not count as unmatched because the condition is NULL for one partner: the anti join asks whether any partner
 * makes it true, it is not NOT IN.
 */
export const ExpandFullJoins: Rule = {
  name: 'ExpandFullJoins',
  apply: (plan, context) =>
    transformUp(plan, (each) => (each.kind === 'join' && each.type === 'full' ? expand(each, context) : each)),
};

function expand(join: Join, context: RuleContext): LogicalPlan {
  const { first: ownLeft, second: left } = readTwice(join.left, context);
  const { first: ownRight, second: right } = readTwice(join.right, context);
  const matched = joinOf('left', ownLeft, ownRight, join.predicates);
  const copyOf = (expression: BoundExpression) =>
    transformExpression(expression, (each) => {
      const column = each.kind === 'column' ? (left.columns.get(each.id) ?? right.columns.get(each.id)) : undefined;
      return column === undefined ? each : columnRef(column);
    });
  const unmatched = joinOf('anti', right.plan, left.plan, join.predicates.map(copyOf));
  const padded = projectOf(
    unmatched,
    join.columns.map((column): NamedExpression => {
      const output = context.newColumn(column.name, column.type, true);
      const copied = right.columns.get(column.id);
      return { output, expression: copied === undefined ? constantOf(null, column.type) : columnRef(copied) };
    }),
  );
  const renamed = projectOf(
    matched,
    matched.columns.map((column) => ({
      output: context.newColumn(column.name, column.type, column.nullable),
      expression: columnRef(column),
    })),
  );
  return setOperationOf('union', true, [renamed, padded], join.columns);
}
