import type { Call, Case } from '../../../grammars/ast/expression.ts';
import { NULL } from '../../../src/types/data-type.ts';
import { LumaError, notSupported, SQLSTATE } from '../../../src/types/error.ts';

import type { BoundExpression } from '../../expression.ts';
import { caseOf, coalesceOf, constantOf } from '../../expression-build.ts';
import { isVolatile } from '../../expression-visit.ts';
import { callFunction, coerceBoolean, isUntyped, settle, unify } from './coerce.ts';
import type { ExpressionContext } from './context.ts';
import { bindExpression } from './expression.ts';

/** CASE; the simple form compares its operand with each WHEN. */
export function bindCase(case_: Case, context: ExpressionContext): BoundExpression {
  const { session } = context.environment;
  const operand = case_.operand === null ? null : once(settle(session, bindExpression(case_.operand, context)), 'CASE');
  const whens = case_.branches.map((branch) => {
    const when = bindExpression(branch.when, context);
    if (operand === null) return coerceBoolean(session, when, 'CASE/WHEN');
    return callFunction(session, 'equal', [operand, when], branch.when.span);
  });
  const otherwise = case_.otherwise === null ? constantOf(null, NULL, case_.span) : bindExpression(case_.otherwise, context);
  // ELSE comes first where types are matched (PostgreSQL, parse_expr.c: transformCaseExpr).
  const results = [otherwise, ...case_.branches.map((branch) => bindExpression(branch.then, context))];
  const { type, expressions } = unify(session, results, 'CASE');
  const [last = otherwise, ...thens] = expressions;
  const branches = whens.map((when, position) => ({ when, then: thens[position] ?? last }));
  return caseOf(branches, last, type, case_.span);
}

/** COALESCE(…): the first that is not NULL. */
export function bindCoalesce(call: Call, context: ExpressionContext): BoundExpression {
  const operands = call.arguments.map((argument) => bindExpression(argument, context));
  if (operands.length === 0) {
    throw new LumaError(SQLSTATE.syntaxError, 'COALESCE needs at least one argument', { span: call.span });
  }
  const { type, expressions } = unify(context.environment.session, operands, 'COALESCE');
  return coalesceOf(expressions, type, call.span);
}

/**
 * NULLIF(a, b): CASE WHEN a = b THEN NULL ELSE a END, in the type of a (PostgreSQL, 9.18.3), which is that of the
 * comparison where nothing else types a.
 */
export function bindNullif(call: Call, context: ExpressionContext): BoundExpression {
  const { session } = context.environment;
  const [first, second] = call.arguments;
  if (first === undefined || second === undefined || call.arguments.length > 2) {
    throw new LumaError(SQLSTATE.syntaxError, 'NULLIF needs two arguments', { span: call.span });
  }
  const left = once(bindExpression(first, context), 'NULLIF');
  const when = callFunction(session, 'equal', [left, bindExpression(second, context)], call.span);
  const compared = when.kind === 'call' ? when.arguments[0] : undefined;
  const value = settle(session, isUntyped(left) ? (compared ?? left) : left);
  return caseOf([{ when, then: constantOf(null, value.type, call.span) }], value, value.type, call.span);
}

/** For an operand that the plan evaluates more than once; 0A000 when that would change its value. */
export function once(operand: BoundExpression, what: string): BoundExpression {
  if (!isVolatile(operand)) return operand;
  throw notSupported(`a volatile function as the operand of ${what}`, {
    span: operand.span,
    hint: 'Compute it in a subquery in FROM.',
  });
}

/** Whether the name is one of the conditional forms that look like a function. */
export function bindConditional(call: Call, context: ExpressionContext): BoundExpression | undefined {
  switch (call.name) {
    case 'coalesce':
      return bindCoalesce(call, context);
    case 'nullif':
      return bindNullif(call, context);
    default:
      return undefined;
  }
}
