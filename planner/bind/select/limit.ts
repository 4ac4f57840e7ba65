import type { Expression } from '../../../grammars/ast/expression.ts';
import { INT64 } from '../../../src/types/data-type.ts';
import { LumaError, notSupported, SQLSTATE } from '../../../src/types/error.ts';
import type { BoundExpression } from '../../expression.ts';
import { freeColumns, someExpression } from '../../expression-visit.ts';
import { limitOf } from '../../logical/build.ts';
import type { LogicalPlan } from '../../logical/plan.ts';
import { castArgument } from '../expression/cast.ts';
import { evaluateConstant } from '../expression/coerce.ts';
import { plainContext } from '../expression/context.ts';
import { bindExpression } from '../expression/expression.ts';
import type { QueryTail } from '../query.ts';
import type { Scope } from '../scope.ts';
import type { Environment } from '../session.ts';

/** BIGINT constants or parameters; null where the query has none. */
export interface BoundLimit {
  readonly count: BoundExpression | null;
  readonly offset: BoundExpression | null;
}

/**
 * LIMIT and OFFSET over the scope of their select, whose columns they must not use. Errors: 42P10 for columns, 2201W and
 * 2201X for negative numbers.
 */
export function bindLimit(tail: QueryTail, environment: Environment, scope: Scope): BoundLimit | null {
  const count = tail.limit === null ? null : bindRowCount(tail.limit, 'LIMIT', environment, scope);
  const offset = tail.offset === null ? null : bindRowCount(tail.offset, 'OFFSET', environment, scope);
  return count === null && offset === null ? null : { count, offset };
}

export function limitUnlessNone(plan: LogicalPlan, limit: BoundLimit | null): LogicalPlan {
  return limit === null ? plan : limitOf(plan, limit.count, limit.offset);
}

/** Null for LIMIT NULL: no limit. */
function bindRowCount(
  expression: Expression,
  clause: 'LIMIT' | 'OFFSET',
  environment: Environment,
  scope: Scope,
): BoundExpression | null {
  const { session } = environment;
  const bound = bindExpression(expression, plainContext(environment, scope, clause, null));
  const count = castArgument(session, bound, INT64, clause);
  if (freeColumns(bound).size > 0) {
    throw new LumaError(SQLSTATE.invalidColumnReference, `argument of ${clause} must not contain variables`, {
      span: bound.span,
    });
  }
  if (count.kind === 'parameter') return count;
  if (someExpression(count, (each) => each.kind === 'parameter')) {
    throw notSupported(`a parameter inside an expression in ${clause}`, {
      span: bound.span,
      hint: 'Compute the number first and pass it as the parameter.',
    });
  }
  const constant = evaluateConstant(session, count);
  if (typeof constant.value === 'bigint' && constant.value < 0n) {
    throw new LumaError(clause === 'LIMIT' ? '2201W' : '2201X', `${clause} must not be negative`, { span: bound.span });
  }
  return constant.value === null ? null : constant;
}
