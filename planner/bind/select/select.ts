import type { Expression } from '../../../grammars/ast/expression.ts';
import type { Select } from '../../../grammars/ast/relation.ts';
import type { BoundExpression, ColumnId } from '../../expression.ts';
import { collectColumns } from '../../expression-visit.ts';
import { aggregateOf, ONE_ROW } from '../../logical/build.ts';
import type { LogicalPlan } from '../../logical/plan.ts';
import { type AggregateSink, type ExpressionContext, plainContext, type WindowGroup } from '../expression/context.ts';
import { windowDefinitions } from '../expression/window/base.ts';
import { bindFrom } from '../from/from.ts';
import type { BoundRelation, QueryTail } from '../query.ts';
import { type Scope, scopeOf } from '../scope.ts';
import type { Environment } from '../session.ts';
import { type Attachment, attach, attachedColumns, filterAttached, mapAttachment } from '../subquery/attachment.ts';
import { bindPredicates } from '../subquery/subquery.ts';
import { deliver } from './deliver.ts';
import { bindGroupBy, type Grouping, keySubqueries, regrouper } from './group.ts';
import { bindItem, expandItems } from './items.ts';
import { bindLimit } from './limit.ts';
import { type BoundOrder, bindOrder } from './order.ts';
import { attachWindows, mapWindowGroup } from './window.ts';

/** Everything after WHERE, bound over the rows of FROM, before it is known whether the rows are grouped. */
interface Parts {
  readonly outputs: readonly { readonly name: string; readonly expression: BoundExpression }[];
  readonly order: BoundOrder;
  readonly having: readonly BoundExpression[];
  readonly havingAttachments: readonly Attachment[];
  readonly attachments: readonly Attachment[];
  readonly windows: readonly WindowGroup[];
}

/**
 * SELECT, in the order of the standard: FROM, WHERE, GROUP BY and aggregates, HAVING, windows, select list, DISTINCT,
 * ORDER BY, LIMIT. Select list, HAVING and ORDER BY are bound over the rows of FROM; if it turns out that they are
 * grouped, what was bound is rewritten to groups.
 */
export function bindSelect(select: Select, tail: QueryTail, environment: Environment, leaveOpen: boolean): BoundRelation {
  const from = select.from === null ? null : bindFrom(select.from, environment);
  const scope = scopeOf(from, environment.outer);
  const rows = bindWhere(from?.plan ?? ONE_ROW, select.where, environment, scope);
  const items = expandItems(select, scope);
  const grouping = bindGroupBy(select.groupBy, items, environment, scope);
  const sink: AggregateSink = { calls: [], attachments: [] };
  const windows = { definitions: windowDefinitions(select.windows, select.span), groups: [] };
  const attachments: Attachment[] = [];
  const context: ExpressionContext = {
    ...plainContext(environment, scope, 'this place', attachments),
    aggregates: sink,
    windows,
  };
  const outputs = items.map((item) => ({ name: item.name, expression: bindItem(item, context) }));
  const order = bindOrder(tail.orderBy, outputs, context, select.distinct);
  const havingAttachments: Attachment[] = [];
  const having =
    select.having === null
      ? []
      : bindPredicates(select.having, { ...context, clause: 'HAVING', attachments: havingAttachments, windows: null });
  const parts: Parts = { outputs, order, having, havingAttachments, attachments, windows: windows.groups };
  const grouped = select.groupBy.length > 0 || select.having !== null || sink.calls.length > 0;
  const over = grouped ? regroup(parts, grouping, scope) : parts;
  const input = grouped ? aggregate(rows, grouping, sink) : rows;
  const filtered = filterAttached(input, over.having, over.havingAttachments);
  const plan = attachWindows(filtered, over.windows, over.attachments);
  return deliver(
    plan,
    { ...over, distinct: select.distinct, limit: bindLimit(tail, environment, scope), leaveOpen },
    environment.session,
  );
}

function bindWhere(plan: LogicalPlan, where: Expression | null, environment: Environment, scope: Scope): LogicalPlan {
  if (where === null) return plan;
  const attachments: Attachment[] = [];
  const predicates = bindPredicates(where, plainContext(environment, scope, 'WHERE', attachments));
  return filterAttached(plan, predicates, attachments);
}

function aggregate(rows: LogicalPlan, grouping: Grouping, sink: AggregateSink): LogicalPlan {
  const input = attach(rows, [...grouping.attachments, ...sink.attachments]);
  return aggregateOf(input, grouping.keys, sink.calls);
}

/** The parts over groups instead of rows; 42803 for what is neither grouped nor aggregated. */
function regroup(parts: Parts, grouping: Grouping, scope: Scope): Parts {
  const inKeys = keySubqueries([...parts.attachments, ...parts.havingAttachments], grouping);
  const read = new Set<ColumnId>();
  const reading =
    (map: (expression: BoundExpression) => BoundExpression) =>
    (expression: BoundExpression): BoundExpression => {
      const mapped = map(expression);
      collectColumns(mapped, read);
      return mapped;
    };
  const map = reading(regrouper(grouping.keys, scope, 'select', inKeys));
  const inSubquery = reading(regrouper(grouping.keys, scope, 'subquery', inKeys));
  // From the last, as a subquery may read the columns of earlier ones. One that only keys needed is below the groups.
  const regroupAttachments = (attachments: readonly Attachment[]): readonly Attachment[] => {
    const kept = attachments.toReversed().flatMap((each) => {
      const columns = [...attachedColumns([each])];
      const onlyKeys = columns.length > 0 && columns.every((id) => inKeys.has(id) && !read.has(id));
      return onlyKeys ? [] : [mapAttachment(each, inSubquery, map)];
    });
    return kept.reverse();
  };
  const over = {
    outputs: parts.outputs.map((output) => ({ ...output, expression: map(output.expression) })),
    order: { ...parts.order, hidden: parts.order.hidden.map(map) },
    having: parts.having.map(map),
    windows: parts.windows.map((group) => mapWindowGroup(group, map)),
  };
  return {
    ...over,
    attachments: regroupAttachments(parts.attachments),
    havingAttachments: regroupAttachments(parts.havingAttachments),
  };
}
