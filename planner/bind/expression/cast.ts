import { type DataType, sameType, typeName } from '../../../src/types/data-type.ts';
import { LumaError, SQLSTATE } from '../../../src/types/error.ts';
import type { Span } from '../../../src/types/span.ts';
import type { BoundExpression } from '../../expression.ts';
import { castOf } from '../../expression-build.ts';
import type { BindSession } from '../session.ts';
import { coerce, isUntyped, shownType } from './coerce.ts';

/** CAST(x AS type); 42846 when there is no such cast. */
export function castExplicitly(session: BindSession, expression: BoundExpression, type: DataType, span: Span): BoundExpression {
  if (isUntyped(expression)) return coerce(session, expression, type);
  if (session.catalog.functions.cast(expression.type, type) === undefined && !sameType(expression.type, type)) {
    throw new LumaError('42846', `cannot cast type ${shownType(expression)} to ${typeName(type).toLowerCase()}`, { span });
  }
  return castOf(expression, type, span);
}

/** The value of a column in INSERT; 42804 when only an explicit cast would do. */
export function castForAssignment(
  session: BindSession,
  expression: BoundExpression,
  column: { readonly name: string; readonly type: DataType },
): BoundExpression {
  if (isUntyped(expression) || sameType(expression.type, column.type)) return coerce(session, expression, column.type);
  const allowed = session.catalog.functions.cast(expression.type, column.type);
  if (allowed === 'implicit' || allowed === 'assignment') return castOf(expression, column.type);
  throw new LumaError(
    SQLSTATE.datatypeMismatch,
    `column "${column.name}" is of type ${typeName(column.type).toLowerCase()} but expression is of type ${shownType(expression)}`,
    { span: expression.span, hint: 'You will need to rewrite or cast the expression.' },
  );
}
