import type { Expression } from '../../../grammars/ast/expression.ts';
import { LumaError, notSupported, SQLSTATE } from '../../../src/types/error.ts';
import type { BoundExpression, SortKey } from '../../expression.ts';
import { columnRef, sortOf } from '../../logical/build.ts';
import type { LogicalPlan } from '../../logical/plan.ts';
import { settle } from '../expression/coerce.ts';
import { plainContext } from '../expression/context.ts';
import { bindExpression } from '../expression/expression.ts';
import type { BoundRelation, QueryTail } from '../query.ts';
import { type Scope, scopeColumns, scopeOf } from '../scope.ts';
import type { Environment } from '../session.ts';
import { bindLimit, limitUnlessNone } from './limit.ts';
import { ordinalOf, positionByName } from './order-target.ts';

/**
 * ORDER BY and LIMIT over something whose outputs are all that can be named: after a set operation by name or number
 * only (PostgreSQL, SELECT, ORDER BY clause), after VALUES or a parenthesized query by expressions over the outputs too.
 */
export function sortOutputs(
  relation: BoundRelation,
  tail: QueryTail,
  environment: Environment,
  allowed: 'names' | 'expressions',
): BoundRelation {
  const { plan, outputs } = relation;
  const names = outputs.map((output) => output.name);
  const scope = scopeOf({ plan, sources: [], columns: scopeColumns(plan.columns, names) }, environment.outer);
  const keys = tail.orderBy.map(({ expression, descending, nulls }): SortKey => {
    const key = outputKey(expression, names, plan) ?? expressionKey(expression, environment, scope, allowed);
    return { expression: key, descending, nulls };
  });
  const sorted = keys.length === 0 ? plan : sortOf(plan, keys);
  return { outputs, plan: limitUnlessNone(sorted, bindLimit(tail, environment, scope)) };
}

/** The output that a position or a bare name stands for. */
function outputKey(expression: Expression, names: readonly string[], plan: LogicalPlan): BoundExpression | undefined {
  const ordinal = ordinalOf(expression, names.length, 'ORDER BY');
  const named =
    ordinal === undefined && expression.kind === 'column' && expression.qualifier === null
      ? positionByName(expression.name, names)
      : [];
  if (expression.kind === 'column' && named.length > 1) throw ambiguous(expression.name, expression.span);
  const column = plan.columns[ordinal ?? named[0] ?? -1];
  return column === undefined ? undefined : { ...columnRef(column), span: expression.span };
}

function expressionKey(
  expression: Expression,
  environment: Environment,
  scope: Scope,
  allowed: 'names' | 'expressions',
): BoundExpression {
  const context = plainContext(environment, scope, 'ORDER BY', null);
  const bound = settle(environment.session, bindExpression(expression, context));
  if (allowed === 'expressions') return bound;
  throw notSupported('ORDER BY by anything but a result column after UNION, INTERSECT or EXCEPT', {
    span: expression.span,
    hint: 'Put the set operation in a subquery in FROM and order around it.',
  });
}

export function ambiguous(name: string, span: BoundExpression['span']): LumaError {
  return new LumaError(SQLSTATE.ambiguousColumn, `ORDER BY "${name}" is ambiguous`, { span });
}
