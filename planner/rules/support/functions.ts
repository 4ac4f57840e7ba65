import { NO_SPAN, type Span } from '../../../src/types/span.ts';
import type { ArgumentInfo, Catalog } from '../../catalog.ts';
import type { AggregateCall, BoundExpression, ScalarCall } from '../../expression.ts';
import { callOf, castOf } from '../../expression-build.ts';
import type { RuleContext } from '../rule.ts';

/** Functions that rules put into plans, resolved by the catalog as the binder would. */

/** A call of the scalar function that takes these arguments, cast to what it takes. */
export function scalarCall(
  catalog: Catalog,
  name: string,
  arguments_: readonly BoundExpression[],
  span: Span = NO_SPAN,
): ScalarCall {
  const function_ = catalog.functions.scalar(name, arguments_.map(infoOf), span);
  return callOf(function_, castAll(arguments_, function_.argumentTypes), span);
}

/** `left = right`, or `IS NOT DISTINCT FROM` where both can be NULL and NULL is to equal NULL. */
export function sameValue(catalog: Catalog, left: BoundExpression, right: BoundExpression): ScalarCall {
  // Where one side is never NULL the two operators differ only between false and NULL, which no join predicate can see.
  const name = left.nullable && right.nullable ? 'is_not_distinct' : 'equal';
  return scalarCall(catalog, name, [left, right]);
}

/** An aggregate without DISTINCT, FILTER and ORDER BY, delivered as a new column. */
export function aggregateCall(
  context: RuleContext,
  name: string,
  arguments_: readonly BoundExpression[],
  outputName: string,
): AggregateCall {
  const function_ = context.catalog.functions.aggregate(name, arguments_.map(infoOf), NO_SPAN);
  return {
    output: context.newColumn(outputName, function_.returnType, function_.nullOnEmpty),
    function: function_,
    arguments: castAll(arguments_, function_.argumentTypes),
    distinct: false,
    filter: null,
    orderBy: [],
    span: NO_SPAN,
  };
}

function castAll(arguments_: readonly BoundExpression[], types: readonly BoundExpression['type'][]): readonly BoundExpression[] {
  return arguments_.map((argument, position) => castOf(argument, types[position] ?? argument.type));
}

function infoOf(argument: BoundExpression): ArgumentInfo {
  return { type: argument.type, untyped: false };
}
