import type { Expression } from '../../../grammars/ast/expression.ts';
import type { OrderItem } from '../../../grammars/ast/relation.ts';
import { LumaError, SQLSTATE } from '../../../src/types/error.ts';
import type { BoundExpression } from '../../expression.ts';
import { expressionKey } from '../../expression-visit.ts';
import { settle } from '../expression/coerce.ts';
import type { ExpressionContext } from '../expression/context.ts';
import { bindExpression } from '../expression/expression.ts';
import { ordinalOf, positionByName } from './order-target.ts';
import { ambiguous } from './sort-outputs.ts';

/** A select's ORDER BY: each key is a result column, or a hidden one after them. */
export interface BoundOrder {
  readonly keys: readonly { readonly position: number; readonly descending: boolean; readonly nulls: 'first' | 'last' }[];
  /** Expressions that are sorted by but not delivered; positions after the outputs. */
  readonly hidden: readonly BoundExpression[];
}

/**
 * ORDER BY of a SELECT: a whole number is a position, a bare name a result column if there is one, anything else an
 * expression over FROM's columns (PostgreSQL, SELECT, ORDER BY clause). With DISTINCT the expression must be a result
 * column too (42P10).
 */
export function bindOrder(
  orderBy: readonly OrderItem[],
  outputs: readonly { readonly name: string; readonly expression: BoundExpression }[],
  context: ExpressionContext,
  distinct: boolean,
): BoundOrder {
  const hidden: BoundExpression[] = [];
  const byKey = new Map(outputs.map((output, position) => [expressionKey(output.expression), position]));
  const keys = orderBy.map(({ expression, descending, nulls }) => {
    const position = outputPosition(expression, outputs) ?? expressionPosition(expression);
    return { position, descending, nulls };
  });
  return { keys, hidden };

  function expressionPosition(expression: Expression): number {
    const bound = settle(context.environment.session, bindExpression(expression, context));
    const key = expressionKey(bound);
    const known = byKey.get(key);
    if (known !== undefined) return known;
    if (distinct) {
      throw new LumaError(
        SQLSTATE.invalidColumnReference,
        'for SELECT DISTINCT, ORDER BY expressions must appear in select list',
        { span: expression.span },
      );
    }
    hidden.push(bound);
    const position = outputs.length + hidden.length - 1;
    byKey.set(key, position);
    return position;
  }
}

function outputPosition(
  expression: Expression,
  outputs: readonly { readonly name: string; readonly expression: BoundExpression }[],
): number | undefined {
  const ordinal = ordinalOf(expression, outputs.length, 'ORDER BY');
  if (ordinal !== undefined || expression.kind !== 'column' || expression.qualifier !== null) return ordinal;
  const positions = positionByName(
    expression.name,
    outputs.map((output) => output.name),
  );
  const [first] = positions;
  const different = new Set(positions.flatMap((position) => outputs[position]?.expression ?? []).map(expressionKey));
  if (different.size > 1) throw ambiguous(expression.name, expression.span);
  return first;
}
