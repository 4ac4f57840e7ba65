import type { Expression } from '../../../grammars/ast/expression.ts';
import { LumaError, SQLSTATE } from '../../../src/types/error.ts';
import { didYouMean } from '../../../src/types/nearest.ts';
import type { BoundExpression, Column, ColumnId, ColumnRef, NamedExpression } from '../../expression.ts';
import { expressionKey, mapChildren, substituteColumns } from '../../expression-visit.ts';
import { columnRef } from '../../logical/build.ts';
import { settle } from '../expression/coerce.ts';
import { type ExpressionContext, plainContext } from '../expression/context.ts';
import { bindExpression } from '../expression/expression.ts';
import type { Scope } from '../scope.ts';
import type { Environment } from '../session.ts';
import { type Attachment, attachedColumns } from '../subquery/attachment.ts';
import { bindItem, type Item } from './items.ts';
import { ordinalOf, positionByName } from './order-target.ts';

/** The keys of GROUP BY, each once, and the subqueries in them. */
export interface Grouping {
  readonly keys: readonly NamedExpression[];
  readonly attachments: readonly Attachment[];
}

/**
 * GROUP BY: a whole number is a position of the select list; a bare name is a column of FROM, else a name of the select
 * list; anything else an expression (PostgreSQL, SELECT, GROUP BY clause).
 */
export function bindGroupBy(
  groupBy: readonly Expression[],
  items: readonly Item[],
  environment: Environment,
  scope: Scope,
): Grouping {
  const attachments: Attachment[] = [];
  const context = plainContext(environment, scope, 'GROUP BY', attachments);
  const keys = new Map<string, NamedExpression>();
  for (const each of groupBy) {
    const expression = settle(environment.session, bindKey(each, items, context));
    const key = expressionKey(expression);
    if (!keys.has(key)) keys.set(key, { expression, output: keyColumn(expression, context) });
  }
  return { keys: [...keys.values()], attachments };
}

function bindKey(expression: Expression, items: readonly Item[], context: ExpressionContext): BoundExpression {
  const ordinal = ordinalOf(expression, items.length, 'GROUP BY');
  const item = ordinal === undefined ? namedItem(expression, items, context.scope) : items[ordinal];
  return item === undefined ? bindExpression(expression, context) : bindItem(item, context);
}

function namedItem(expression: Expression, items: readonly Item[], scope: Scope): Item | undefined {
  if (expression.kind !== 'column' || expression.qualifier !== null) return undefined;
  const { name, span } = expression;
  if (scope.columns.some((column) => column.name === name)) return undefined;
  const positions = positionByName(
    name,
    items.map((item) => item.name),
  );
  if (positions.length > 1) {
    throw new LumaError(SQLSTATE.ambiguousColumn, `GROUP BY "${name}" is ambiguous`, { span });
  }
  return positions[0] === undefined ? undefined : items[positions[0]];
}

/** A column of FROM groups under its own id, so that references to it stay valid. */
function keyColumn(expression: BoundExpression, context: ExpressionContext): Column {
  if (expression.kind === 'column' && context.scope.ids.has(expression.id)) {
    const { id, name, type, nullable } = expression;
    return { id, name, type, nullable };
  }
  return context.environment.session.columns.newColumn('key', expression.type, expression.nullable);
}

/** Columns of subqueries outside of GROUP BY, and those of the same subqueries in its keys. */
export type KeySubqueries = ReadonlyMap<ColumnId, BoundExpression>;

/** Which of the subqueries stand in the keys too: each place binds its own, so that they are compared as text is. */
export function keySubqueries(attachments: readonly Attachment[], grouping: Grouping): KeySubqueries {
  const found = new Map<ColumnId, BoundExpression>();
  for (const key of grouping.attachments) {
    const column = key.mark ?? key.plan.columns[0];
    if (column === undefined) continue;
    const text = sourceText(key);
    for (const each of attachments) {
      if (sourceText(each) === text) for (const id of attachedColumns([each])) found.set(id, columnRef(column));
    }
  }
  return found;
}

function sourceText({ source }: Attachment): string {
  return JSON.stringify(source, (name, value) => (name === 'span' ? undefined : typeof value === 'bigint' ? `${value}` : value));
}

/**
 * Rewrites expressions over the rows of FROM to expressions over groups: what equals a key becomes the key's column. A
 * column of FROM outside keys and aggregates is 42803.
 */
export function regrouper(
  keys: readonly NamedExpression[],
  scope: Scope,
  place: 'select' | 'subquery',
  subqueries: KeySubqueries = new Map(),
): (expression: BoundExpression) => BoundExpression {
  const byKey = new Map(keys.map((key) => [expressionKey(key.expression), key.output]));
  const map = (expression: BoundExpression): BoundExpression => {
    if (expression.kind === 'constant') return expression;
    const output = byKey.get(expressionKey(substituteColumns(expression, subqueries)));
    if (output !== undefined) return { ...columnRef(output), span: expression.span };
    if (expression.kind === 'column' && scope.ids.has(expression.id)) throw ungrouped(expression, keys, scope, place);
    return mapChildren(expression, map);
  };
  return map;
}

function ungrouped(column: ColumnRef, keys: readonly NamedExpression[], scope: Scope, place: 'select' | 'subquery'): LumaError {
  const name = qualifiedName(column, scope);
  const message =
    place === 'select'
      ? `column "${name}" must appear in the GROUP BY clause or be used in an aggregate function`
      : `subquery uses ungrouped column "${name}" from outer query`;
  const keyNames = keys.map((key) => key.output.name);
  return new LumaError(SQLSTATE.groupingError, message, { span: column.span, hint: didYouMean(column.name, keyNames) });
}

function qualifiedName(column: ColumnRef, scope: Scope): string {
  for (const source of scope.sources) {
    const found = source.columns.find((each) => each.expression.kind === 'column' && each.expression.id === column.id);
    if (found !== undefined) return source.name === null ? found.name : `${source.name}.${found.name}`;
  }
  return column.name;
}
