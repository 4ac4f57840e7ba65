import type { Query, QueryBody } from '../../grammars/ast/relation.ts';
import type { BoundExpression } from '../expression.ts';
import type { LogicalPlan, LogicalQuery } from '../logical/plan.ts';
import { bindCommonTables } from './from/common-table.ts';
import { bindSelect } from './select/select.ts';
import { bindSetOperation } from './select/set-operation.ts';
import { sortOutputs } from './select/sort-outputs.ts';
import { bindValues } from './select/values.ts';
import type { BindSession, Environment } from './session.ts';

/** What a query delivers under one name. */
export interface Output {
  readonly name: string;
  /**
   * A quoted string, NULL or parameter that nothing has typed, when the caller asked to leave those open; the plan's
   * column is then text, and the caller puts this, typed, in its place. Null otherwise.
   */
  readonly untyped: BoundExpression | null;
}

/** A bound query: `plan.columns[i]` is `outputs[i]`. */
export interface BoundRelation {
  readonly plan: LogicalPlan;
  readonly outputs: readonly Output[];
}

/** What comes after a query's body. */
export type QueryTail = Pick<Query, 'orderBy' | 'limit' | 'offset'>;

/** No order, no limit. */
export const NO_TAIL: QueryTail = { orderBy: [], limit: null, offset: null };

/** A query in its environment. `leaveOpen`: keep outputs untyped where nothing types them (`Output.untyped`). */
export function bindRelation(query: Query, environment: Environment, leaveOpen = false): BoundRelation {
  const common = bindCommonTables(query.with, environment);
  const inner = mergeParentheses(query);
  if (inner !== null) {
    const relation = bindRelation(inner, common.environment, leaveOpen);
    common.checkUnread();
    return relation;
  }
  const relation = bindBody(query.body, query, common.environment, leaveOpen);
  common.checkUnread();
  return relation;
}

/** `(SELECT …) ORDER BY …` is the SELECT with that order, unless the parentheses hold an order or limit of their own. */
function mergeParentheses(query: Query): Query | null {
  const inner = query.body;
  if (inner.kind !== 'query') return null;
  const bare = (each: Query): boolean => each.orderBy.length === 0 && each.limit === null && each.offset === null;
  if (bare(query)) return inner;
  if (bare(inner)) return { ...inner, orderBy: query.orderBy, limit: query.limit, offset: query.offset };
  return null;
}

/** A body with the order and limit around it. */
export function bindBody(body: QueryBody, tail: QueryTail, environment: Environment, leaveOpen: boolean): BoundRelation {
  switch (body.kind) {
    case 'select':
      return bindSelect(body, tail, environment, leaveOpen);
    case 'set_operation':
      return sortOutputs(bindSetOperation(body, environment), tail, environment, 'names');
    case 'values':
      return sortOutputs(bindValues(body, environment, leaveOpen), tail, environment, 'expressions');
    case 'query':
      return sortOutputs(bindRelation(body, environment, leaveOpen), tail, environment, 'expressions');
  }
}

/** A bound statement as the planner takes it: every parameter has a type, and `names[i]` names the i-th column. */
export function finishQuery(plan: LogicalPlan, names: readonly string[], session: BindSession): LogicalQuery {
  return {
    plan: session.parameters.complete(plan),
    output: plan.columns.map((column, position) => ({ name: names[position] ?? column.name, id: column.id })),
    parameters: session.parameters.list(),
  };
}
