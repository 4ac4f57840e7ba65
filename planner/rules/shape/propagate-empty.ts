import type { NamedExpression } from '../../expression.ts';
import { constantOf, FALSE } from '../../expression-build.ts';
import { columnRef, emptyOf, passThrough, projectOf, setOperationOf } from '../../logical/build.ts';
import type { Join, LogicalPlan, SetOperation } from '../../logical/plan.ts';
import { isNeverTrue } from '../../logical/predicates.ts';
import { transformUp } from '../../logical/visit.ts';
import type { Rule } from '../rule.ts';
import { constantCount } from '../support/counts.ts';

/**
 * Pattern: a filter or inner condition that is never true, LIMIT 0, VALUES without rows, and operators over inputs that
 * are known to be empty.
 * Guard: as each operator says.
 * Replacement: the empty relation, or what is left: of a left join its left side with NULLs, of an anti join its left side,
 * of UNION ALL the other inputs.
 *
 * It must not go through an aggregate without keys, `SELECT count(*) FROM t WHERE false` gives one row, nor through the
 * single row of a scalar subquery, which is NULL then.
 */
export const PropagateEmpty: Rule = {
  name: 'PropagateEmpty',
  apply: (plan) => transformUp(plan, propagate),
};

function propagate(plan: LogicalPlan): LogicalPlan {
  switch (plan.kind) {
    case 'filter':
      return isEmpty(plan.input) || plan.predicates.some(isNeverTrue) ? emptyOf(plan.columns) : plan;
    case 'project':
    case 'sort':
    case 'window':
      return isEmpty(plan.input) ? emptyOf(plan.columns) : plan;
    case 'aggregate':
      return isEmpty(plan.input) && plan.keys.length > 0 ? emptyOf(plan.columns) : plan;
    case 'limit':
      return isEmpty(plan.input) || constantCount(plan.count) === 0n ? emptyOf(plan.columns) : plan;
    case 'values':
      return plan.rows.length === 0 ? emptyOf(plan.columns) : plan;
    case 'join':
      return propagateJoin(plan);
    case 'set_operation':
      return propagateSet(plan);
    default:
      return plan;
  }
}

function isEmpty(plan: LogicalPlan): boolean {
  return plan.kind === 'empty';
}

function propagateJoin(plan: Join): LogicalPlan {
  const left = isEmpty(plan.left);
  // Without a right row that can match, it is as if there were none. NOT IN also looks at those that compare to NULL.
  const right = isEmpty(plan.right) || (plan.nullAware ? plan.predicates.slice(1) : plan.predicates).some(isNeverTrue);
  switch (plan.type) {
    case 'inner':
    case 'semi':
      return left || right ? emptyOf(plan.columns) : plan;
    case 'left':
      return left ? emptyOf(plan.columns) : right ? padded(plan, plan.left) : plan;
    case 'anti':
      return left ? emptyOf(plan.columns) : right ? plan.left : plan;
    case 'mark':
      if (left) return emptyOf(plan.columns);
      if (!right || plan.mark === null) return plan;
      return projectOf(plan.left, [
        ...plan.left.columns.map(passThrough),
        { output: { ...plan.mark, nullable: false }, expression: FALSE },
      ]);
    case 'full':
      if (left && isEmpty(plan.right)) return emptyOf(plan.columns);
      if (left) return padded(plan, plan.right);
      return isEmpty(plan.right) ? padded(plan, plan.left) : plan;
  }
}

/** The rows of `side`, NULL in the join's other columns. */
function padded(join: Join, side: LogicalPlan): LogicalPlan {
  const delivered = new Map(side.columns.map((column) => [column.id, column]));
  return projectOf(
    side,
    join.columns.map((column): NamedExpression => {
      const own = delivered.get(column.id);
      return own === undefined ? { output: column, expression: constantOf(null, column.type) } : passThrough(own);
    }),
  );
}

function propagateSet(plan: SetOperation): LogicalPlan {
  const [first] = plan.inputs;
  switch (plan.operator) {
    case 'intersect':
      return plan.inputs.some(isEmpty) ? emptyOf(plan.columns) : plan;
    case 'except':
      return first !== undefined && isEmpty(first) ? emptyOf(plan.columns) : plan;
    case 'union': {
      const inputs = plan.inputs.filter((input) => !isEmpty(input));
      if (inputs.length === plan.inputs.length) return plan;
      const [only] = inputs;
      if (only === undefined) return emptyOf(plan.columns);
      if (inputs.length > 1 || !plan.all) return setOperationOf('union', plan.all, inputs, plan.columns);
      return projectOf(
        only,
        plan.columns.flatMap((column, position): NamedExpression[] => {
          const fed = only.columns[position];
          return fed === undefined ? [] : [{ output: { ...column, nullable: fed.nullable }, expression: columnRef(fed) }];
        }),
      );
    }
  }
}
