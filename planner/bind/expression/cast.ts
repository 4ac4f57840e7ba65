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
  const assigned = assign(session, expression, column.type);
  if (assigned !== undefined) return assigned;
  throw new LumaError(
    SQLSTATE.datatypeMismatch,
    `column "${column.name}" is of type ${typeName(column.type).toLowerCase()} but expression is of type ${shownType(expression)}`,
    { span: expression.span, hint: 'You will need to rewrite or cast the expression.' },
  );
}

/** An argument of a clause that takes one type, such as LIMIT; 42804 as in PostgreSQL. */
export function castArgument(session: BindSession, expression: BoundExpression, type: DataType, clause: string): BoundExpression {
  const assigned = assign(session, expression, type);
  if (assigned !== undefined) return assigned;
  const wanted = typeName(type).toLowerCase();
  throw new LumaError(
    SQLSTATE.datatypeMismatch,
    `argument of ${clause} must be type ${wanted}, not type ${shownType(expression)}`,
    { span: expression.span },
  );
}

/** The expression by an implicit or assignment cast; undefined when there is none. */
function assign(session: BindSession, expression: BoundExpression, type: DataType): BoundExpression | undefined {
  if (isUntyped(expression) || sameType(expression.type, type)) return coerce(session, expression, type);
  const allowed = session.catalog.functions.cast(expression.type, type);
  return allowed === 'implicit' || allowed === 'assignment' ? castOf(expression, type) : undefined;
}
