import type { Expression } from '../../../grammars/ast/expression.ts';
import { outputName } from '../../../grammars/ast/output-name.ts';
import type { Select } from '../../../grammars/ast/relation.ts';
import { LumaError, SQLSTATE } from '../../../src/types/error.ts';
import type { Span } from '../../../src/types/span.ts';
import type { BoundExpression } from '../../expression.ts';
import type { ExpressionContext } from '../expression/context.ts';
import { bindExpression } from '../expression/expression.ts';
import { findSource, type Scope, type ScopeColumn } from '../scope.ts';

/** One result column of a select list after `*` is spelled out: an expression of the text, or a column of FROM. */
export type Item =
  | { readonly name: string; readonly span: Span; readonly expression: Expression; readonly column: null }
  | { readonly name: string; readonly span: Span; readonly expression: null; readonly column: ScopeColumn };

/** The select list with `*` and `t.*` as their columns. */
export function expandItems(select: Select, scope: Scope): readonly Item[] {
  return select.items.flatMap((item): readonly Item[] => {
    if (item.kind === 'expression') {
      const { expression, alias } = item;
      return [{ name: alias ?? outputName(expression), span: expression.span, expression, column: null }];
    }
    return starColumns(item, select, scope).map((column) => ({ name: column.name, span: item.span, expression: null, column }));
  });
}

function starColumns(
  item: { readonly span: Span; readonly qualifier: string | null },
  select: Select,
  scope: Scope,
): readonly ScopeColumn[] {
  if (item.qualifier !== null) return findSource(item.qualifier, scope, item.span).columns;
  if (select.from !== null) return scope.columns;
  throw new LumaError(SQLSTATE.syntaxError, 'SELECT * with no tables specified is not valid', { span: item.span });
}

export function bindItem(item: Item, context: ExpressionContext): BoundExpression {
  return item.column === null ? bindExpression(item.expression, context) : { ...item.column.expression, span: item.span };
}
