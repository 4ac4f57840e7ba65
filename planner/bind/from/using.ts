import type { Join } from '../../../grammars/ast/relation.ts';
import { LumaError, SQLSTATE } from '../../../src/types/error.ts';
import { didYouMean } from '../../../src/types/nearest.ts';
import type { Span } from '../../../src/types/span.ts';
import type { BoundExpression } from '../../expression.ts';
import { coalesceOf } from '../../expression-build.ts';
import { callFunction, unify } from '../expression/coerce.ts';
import type { FromItem, ScopeColumn } from '../scope.ts';
import type { BindSession } from '../session.ts';

/** The names that both sides have, in the order of the left one. */
export function naturalColumns(left: FromItem, right: FromItem): readonly string[] {
  const names = new Set(right.columns.map((column) => column.name));
  return left.columns.map((column) => column.name).filter((name) => names.has(name));
}

/**
 * JOIN … USING (PostgreSQL, 7.2.1.1): equalities, and one merged column per name before the rest of both sides. The
 * merged column is the left one in INNER and LEFT joins, the right one in RIGHT joins, and whichever is not NULL in FULL.
 */
export function bindUsing(
  names: readonly string[],
  join: Join,
  left: FromItem,
  right: FromItem,
  session: BindSession,
): { readonly predicates: readonly BoundExpression[]; readonly columns: readonly ScopeColumn[] } {
  const twice = names.find((name, position) => names.indexOf(name) !== position);
  if (twice !== undefined) {
    throw new LumaError(SQLSTATE.duplicateColumn, `column name "${twice}" appears more than once in USING clause`, {
      span: join.span,
    });
  }
  const pairs = names.map((name) => {
    const a = sideColumn(name, left, 'left', join.span);
    const b = sideColumn(name, right, 'right', join.span);
    const predicate = callFunction(session, 'equal', [a.expression, b.expression], join.span);
    return { name, a, b, predicate, merged: merge(join, a, b, session) };
  });
  const rest = (columns: readonly ScopeColumn[], side: 'a' | 'b'): readonly ScopeColumn[] =>
    columns.filter((column) => !pairs.some((pair) => pair[side] === column));
  const merged = pairs.map(({ name, merged: expression }) => ({ name, expression }));
  return {
    predicates: pairs.map((pair) => pair.predicate),
    columns: [...merged, ...rest(left.columns, 'a'), ...rest(right.columns, 'b')],
  };
}

function merge(join: Join, a: ScopeColumn, b: ScopeColumn, session: BindSession): BoundExpression {
  const { type, expressions } = unify(session, [a.expression, b.expression], 'JOIN/USING');
  const [left = a.expression, right = b.expression] = expressions;
  switch (join.type) {
    case 'right':
      return right;
    case 'full':
      return coalesceOf([left, right], type, join.span);
    default:
      return left;
  }
}

function sideColumn(name: string, item: FromItem, side: 'left' | 'right', span: Span): ScopeColumn {
  const [column, second] = item.columns.filter((each) => each.name === name);
  if (second !== undefined) {
    throw new LumaError(SQLSTATE.ambiguousColumn, `common column name "${name}" appears more than once in ${side} table`, {
      span,
    });
  }
  if (column !== undefined) return column;
  throw new LumaError(SQLSTATE.undefinedColumn, `column "${name}" specified in USING clause does not exist in ${side} table`, {
    span,
    hint: didYouMean(
      name,
      item.columns.map((each) => each.name),
    ),
  });
}
