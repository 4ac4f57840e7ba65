import type { BoundExpression, BoundFrameBound, ColumnId, SortKey, WindowCall } from '../../expression.ts';
import { windowOf } from '../../logical/build.ts';
import type { LogicalPlan } from '../../logical/plan.ts';
import type { WindowGroup } from '../expression/context.ts';
import { type Attachment, attach, attachedColumns, attachmentReads } from '../subquery/attachment.ts';

/**
 * The Window operators over a plan, one per group, with the subqueries of the select list around them: below, unless
 * they compare with a window's output.
 */
export function attachWindows(
  plan: LogicalPlan,
  groups: readonly WindowGroup[],
  attachments: readonly Attachment[],
): LogicalPlan {
  const { below, above } = split(attachments, new Set(groups.flatMap((group) => group.calls.map((call) => call.output.id))));
  const windowed = groups.reduce<LogicalPlan>(
    (input, group) => windowOf(input, group.partitionBy, group.orderBy, group.calls),
    attach(plan, below),
  );
  return attach(windowed, above);
}

function split(
  attachments: readonly Attachment[],
  windows: ReadonlySet<ColumnId>,
): { readonly below: readonly Attachment[]; readonly above: readonly Attachment[] } {
  const late = new Set(windows);
  const below: Attachment[] = [];
  const above: Attachment[] = [];
  for (const each of attachments) {
    if (!attachmentReads(each, late)) {
      below.push(each);
      continue;
    }
    above.push(each);
    for (const id of attachedColumns([each])) late.add(id);
  }
  return { below, above };
}

/** The group with every expression mapped. */
export function mapWindowGroup(group: WindowGroup, map: (expression: BoundExpression) => BoundExpression): WindowGroup {
  return {
    partitionBy: group.partitionBy.map(map),
    orderBy: group.orderBy.map((key): SortKey => ({ ...key, expression: map(key.expression) })),
    calls: group.calls.map((call): WindowCall => mapCall(call, map)),
  };
}

function mapCall(call: WindowCall, map: (expression: BoundExpression) => BoundExpression): WindowCall {
  const bound = (each: BoundFrameBound): BoundFrameBound => ('offset' in each ? { ...each, offset: map(each.offset) } : each);
  return {
    ...call,
    arguments: call.arguments.map(map),
    filter: call.filter === null ? null : map(call.filter),
    frame: { unit: call.frame.unit, start: bound(call.frame.start), end: bound(call.frame.end) },
  };
}
