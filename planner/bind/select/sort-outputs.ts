import type { OrderItem } from '../../../grammars/ast/relation.ts';
import { LumaError, notSupported, SQLSTATE } from '../../../src/types/error.ts';
import type { BoundExpression, SortKey } from '../../expression.ts';
import { columnRef, sortOf } from '../../logical/build.ts';
import { settle } from '../expression/coerce.ts';
import { plainContext } from '../expression/context.ts';
import { bindExpression } from '../expression/expression.ts';
import type { BoundRelation, QueryTail } from '../query.ts';
import { scopeColumns, scopeOf } from '../scope.ts';
import type { Environment } from '../session.ts';
import { limitUnlessNone } from './limit.ts';
import { ordinalOf, positionByName } from './order-target.ts';

/**
 * ORDER BY and LIMIT over something whose outputs are all that can be named: after a set operation by name or number
 * only (PostgreSQL, SELECT, ORDER BY clause), after VALUES or a parenthesized query by expressions over the outputs too.
 */
export function sortOutputs(
  relation: BoundRelation,
  tail: QueryTail,
  environment: Environment,
  allowed: 'names' | 'expressions',
): BoundRelation {
  const keys = tail.orderBy.map((item) => sortKey(item, relation, environment, allowed));
  const sorted = keys.length === 0 ? relation.plan : sortOf(relation.plan, keys);
  return { ...relation, plan: limitUnlessNone(sorted, tail.limit) };
}

function sortKey(item: OrderItem, relation: BoundRelation, environment: Environment, allowed: 'names' | 'expressions'): SortKey {
  const { descending, nulls } = item;
  return { expression: keyExpression(item, relation, environment, allowed), descending, nulls };
}

function keyExpression(
  item: OrderItem,
  relation: BoundRelation,
  environment: Environment,
  allowed: 'names' | 'expressions',
): BoundExpression {
  const { plan, outputs } = relation;
  const { expression } = item;
  const at = (position: number): BoundExpression => {
    const column = plan.columns[position];
    if (column === undefined) throw new LumaError(SQLSTATE.internalError, 'an output has no column', { span: expression.span });
    return { ...columnRef(column), span: expression.span };
  };
  const ordinal = ordinalOf(expression, outputs.length, 'ORDER BY');
  if (ordinal !== undefined) return at(ordinal);
  if (expression.kind === 'column' && expression.qualifier === null) {
    const named = positionByName(
      expression.name,
      outputs.map((output) => output.name),
    );
    if (named.length > 1) throw ambiguous(expression.name, expression.span);
    if (named[0] !== undefined) return at(named[0]);
  }
  const names = outputs.map((output) => output.name);
  const item_ = { plan, sources: [], columns: scopeColumns(plan.columns, names) };
  const context = plainContext(environment, scopeOf(item_, environment.outer), 'ORDER BY', null);
  const bound = settle(environment.session, bindExpression(expression, context));
  if (allowed === 'expressions') return bound;
  throw notSupported('ORDER BY by anything but a result column after UNION, INTERSECT or EXCEPT', {
    span: expression.span,
    hint: 'Put the set operation in a subquery in FROM and order around it.',
  });
}

export function ambiguous(name: string, span: BoundExpression['span']): LumaError {
  return new LumaError(SQLSTATE.ambiguousColumn, `ORDER BY "${name}" is ambiguous`, { span });
}
