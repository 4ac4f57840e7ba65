import type { Expression, ExpressionKind } from '../../../grammars/ast/expression.ts';
import type { BoundExpression } from '../../expression.ts';
import { resolveColumn } from '../scope.ts';
import { bindExists, bindInSubquery, bindQuantified, bindScalarSubquery } from '../subquery/subquery.ts';
import { bindCall } from './call.ts';
import { bindCase } from './case.ts';
import { castExplicitly } from './cast.ts';
import type { ExpressionContext } from './context.ts';
import { literalConstant } from './literal.ts';
import { bindBinary, bindUnary } from './operator.ts';
import { bindBetween, bindInList, bindLike } from './predicate.ts';

type OfKind<K extends ExpressionKind> = Expression & { readonly kind: K };

/** One entry per kind: a kind without an entry fails compilation. */
const BIND: { readonly [K in ExpressionKind]: (expression: OfKind<K>, context: ExpressionContext) => BoundExpression } = {
  literal: (literal) => literalConstant(literal),
  column: (column, context) => resolveColumn(column, context.scope),
  parameter: (parameter, context) => context.environment.session.parameters.reference(parameter.index, parameter.span),
  binary: bindBinary,
  unary: bindUnary,
  like: bindLike,
  between: bindBetween,
  in_list: bindInList,
  in_subquery: bindInSubquery,
  quantified: bindQuantified,
  exists: bindExists,
  scalar_subquery: bindScalarSubquery,
  case: bindCase,
  cast: (cast, context) =>
    castExplicitly(context.environment.session, bindExpression(cast.operand, context), cast.type, cast.span),
  call: bindCall,
};

/**
 * An expression over the scope's columns. Subqueries, aggregates and window calls in it go to the context's sinks and
 * are columns here. What nothing types stays untyped (coerce.ts): the place that takes the expression decides.
 */
export function bindExpression(expression: Expression, context: ExpressionContext): BoundExpression {
  // TypeScript cannot see that the entry found by `kind` takes this very expression.
  const bind = BIND[expression.kind] as (expression: Expression, context: ExpressionContext) => BoundExpression;
  return bind(expression, context);
}
