import type { BoundExpression, Column, ColumnId, NamedExpression, SortKey } from '../../expression.ts';
import { aggregateOf, columnRef, passThrough, projectOf, sortOf } from '../../logical/build.ts';
import type { LogicalPlan } from '../../logical/plan.ts';
import { isUntyped, settle } from '../expression/coerce.ts';
import type { BoundRelation } from '../query.ts';
import type { BindSession } from '../session.ts';
import { type BoundLimit, limitUnlessNone } from './limit.ts';
import type { BoundOrder } from './order.ts';
import { placeholder } from './values.ts';

/** What a select delivers of the rows below it, and how. */
export interface Delivery {
  readonly outputs: readonly { readonly name: string; readonly expression: BoundExpression }[];
  readonly order: BoundOrder;
  readonly distinct: boolean;
  readonly limit: BoundLimit | null;
  readonly leaveOpen: boolean;
}

/** Projects, removes duplicates, sorts, limits, and drops what was only sorted by. */
export function deliver(plan: LogicalPlan, delivery: Delivery, session: BindSession): BoundRelation {
  const outputs = delivery.outputs.map(({ name, expression }) => {
    const untyped = delivery.leaveOpen && isUntyped(expression) ? expression : null;
    return { name, untyped, expression: settle(session, untyped === null ? expression : placeholder(untyped)) };
  });
  const hidden = delivery.order.hidden.map((expression) => ({ name: 'order', expression }));
  const items = nameColumns([...outputs, ...hidden], plan, session);
  const projected = isIdentity(items, plan) ? plan : projectOf(plan, items);
  const distinct = delivery.distinct ? aggregateOf(projected, projected.columns.map(passThrough), []) : projected;
  const keys = delivery.order.keys.flatMap(({ position, descending, nulls }): readonly SortKey[] => {
    const column = distinct.columns[position];
    return column === undefined ? [] : [{ expression: columnRef(column), descending, nulls }];
  });
  const sorted = keys.length === 0 ? distinct : sortOf(distinct, keys);
  const limited = limitUnlessNone(sorted, delivery.limit);
  const trimmed = hidden.length === 0 ? limited : projectOf(limited, limited.columns.slice(0, outputs.length).map(passThrough));
  return { plan: trimmed, outputs: outputs.map(({ name, untyped }) => ({ name, untyped })) };
}

/** A column of the input keeps its id the first time it is delivered; everything else becomes a new column. */
function nameColumns(
  outputs: readonly { readonly name: string; readonly expression: BoundExpression }[],
  input: LogicalPlan,
  session: BindSession,
): readonly NamedExpression[] {
  const free = new Map<ColumnId, Column>(input.columns.map((column) => [column.id, column]));
  return outputs.map(({ name, expression }) => {
    const column = expression.kind === 'column' ? free.get(expression.id) : undefined;
    if (column !== undefined && free.delete(column.id)) return passThrough(column);
    return { output: session.columns.newColumn(name, expression.type, expression.nullable), expression };
  });
}

function isIdentity(items: readonly NamedExpression[], input: LogicalPlan): boolean {
  return items.length === input.columns.length && items.every((item, position) => item.output === input.columns[position]);
}
