import type { Between, InList, Like } from '../../../grammars/ast/expression.ts';
import { BOOLEAN } from '../../../src/types/data-type.ts';
import type { BoundExpression, Constant } from '../../expression.ts';
import { logicalOf, notOf } from '../../expression-build.ts';
import { freeColumns, someExpression } from '../../expression-visit.ts';
import { once } from './case.ts';
import { argumentInfo, callFunction, evaluateConstant, isUntyped, unify } from './coerce.ts';
import type { ExpressionContext } from './context.ts';
import { bindExpression } from './expression.ts';

/** `x BETWEEN a AND b`: x >= a AND x <= b (PostgreSQL, 9.2). */
export function bindBetween(between: Between, context: ExpressionContext): BoundExpression {
  const { session } = context.environment;
  const operand = once(bindExpression(between.operand, context), 'BETWEEN');
  const low = bindExpression(between.low, context);
  const high = bindExpression(between.high, context);
  const both = logicalOf(
    'and',
    [
      callFunction(session, 'greater_equal', [operand, low], between.span),
      callFunction(session, 'less_equal', [operand, high], between.span),
    ],
    between.span,
  );
  return between.negated ? notOf(both, between.span) : both;
}

/**
 * `x IN (…)`. Constants are brought to the type they share with x and become one set; anything else is a chain of
 * equalities, each with its own type (PostgreSQL, parse_expr.c: transformAExprIn).
 */
export function bindInList(in_: InList, context: ExpressionContext): BoundExpression {
  const { session } = context.environment;
  const operand = bindExpression(in_.operand, context);
  const items = in_.items.map((item) => bindExpression(item, context));
  const result = bindInConstants(in_, operand, items, context) ?? equalToAny(operand);
  return in_.negated ? notOf(result, in_.span) : result;

  function equalToAny(of: BoundExpression): BoundExpression {
    const once_ = items.length > 1 ? once(of, 'IN') : of;
    const tests = items.map((item) => callFunction(session, 'equal', [once_, item], in_.span));
    return logicalOf('or', tests, in_.span);
  }
}

function bindInConstants(
  in_: InList,
  operand: BoundExpression,
  items: readonly BoundExpression[],
  context: ExpressionContext,
): BoundExpression | undefined {
  const { session } = context.environment;
  if (items.length < 2 || !items.every(isFixed)) return undefined;
  const all = [operand, ...items];
  if (all.every(isUntyped) || session.catalog.functions.commonType(all.map(argumentInfo)) === undefined) return undefined;
  const [typed = operand, ...values] = unify(session, all, 'IN').expressions;
  const constants: readonly Constant[] = values.map((value, position) =>
    evaluateConstant(session, value, in_.items[position]?.span ?? in_.span),
  );
  const nullable = typed.nullable || constants.some((constant) => constant.value === null);
  return { kind: 'in', operand: typed, values: constants, type: BOOLEAN, nullable, span: in_.span };
}

/** A constant whose value binding may compute: no call, so that nothing is evaluated that execution would not reach. */
function isFixed(expression: BoundExpression): boolean {
  const open = (each: BoundExpression): boolean => each.kind !== 'constant' && each.kind !== 'cast';
  return freeColumns(expression).size === 0 && !someExpression(expression, open);
}

/** LIKE and ILIKE: the registered function with pattern and, if written, the escape character. */
export function bindLike(like: Like, context: ExpressionContext): BoundExpression {
  const operands = [like.operand, like.pattern, ...(like.escape === null ? [] : [like.escape])];
  const arguments_ = operands.map((operand) => bindExpression(operand, context));
  const name = like.caseInsensitive ? 'ilike' : 'like';
  const call = callFunction(context.environment.session, name, arguments_, like.span);
  return like.negated ? notOf(call, like.span) : call;
}
