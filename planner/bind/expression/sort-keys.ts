import type { OrderItem } from '../../../grammars/ast/relation.ts';
import type { SortKey } from '../../expression.ts';
import { settle } from './coerce.ts';
import type { ExpressionContext } from './context.ts';
import { bindExpression } from './expression.ts';

/** ORDER BY of a window or an aggregate: expressions, never ordinals or output names. */
export function bindSortKeys(items: readonly OrderItem[], context: ExpressionContext): readonly SortKey[] {
  return items.map((item) => ({
    expression: settle(context.environment.session, bindExpression(item.expression, context)),
    descending: item.descending,
    nulls: item.nulls,
  }));
}
