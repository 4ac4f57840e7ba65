import type { Call, WindowSpecification } from '../../../../grammars/ast/expression.ts';
import { LumaError, notSupported, SQLSTATE } from '../../../../src/types/error.ts';
import type { BoundExpression, Column, SortKey, WindowCall } from '../../../expression.ts';
import { expressionKey } from '../../../expression-visit.ts';
import { columnRef } from '../../../logical/build.ts';
import { bindAggregateParts } from '../aggregate-call.ts';
import { resolveCall, settle } from '../coerce.ts';
import type { ExpressionContext, WindowGroup, WindowSink } from '../context.ts';
import { bindExpression } from '../expression.ts';
import { bindSortKeys } from '../sort-keys.ts';
import { inheritWindow } from './base.ts';
import { bindFrame } from './frame.ts';

/** `f(…) OVER (…)`: the call goes to the window sink, and a column stands in its place. */
export function bindWindowCall(call: Call, over: WindowSpecification, context: ExpressionContext): BoundExpression {
  const sink = windowSink(call, context);
  const { session } = context.environment;
  // Arguments, partitions and order may aggregate (windows come after grouping), but hold no window call.
  const inner: ExpressionContext = { ...context, windows: null, inside: 'window' };
  const window = inheritWindow(over, sink.definitions, call.span);
  const computed = bindComputed(call, inner);
  const partitionBy = window.partitionBy.map((each) => settle(session, bindExpression(each, inner)));
  const { frame, orderBy } = bindFrame(window.frame, bindSortKeys(window.orderBy, inner), inner, call.span);
  const output = session.columns.newColumn(call.name, computed.type, computed.nullable);
  const group = groupOf(sink, partitionBy, orderBy);
  const { function: function_, arguments: arguments_, filter } = computed;
  const bound: WindowCall = { output, function: function_, arguments: arguments_, filter, frame, span: call.span };
  const known = sameCall(group, bound);
  if (known === undefined) group.calls.push(bound);
  return { ...columnRef(known ?? output), span: call.span };
}

type Computed = Pick<WindowCall, 'function' | 'arguments' | 'filter'> & Pick<Column, 'type' | 'nullable'>;

function bindComputed(call: Call, context: ExpressionContext): Computed {
  const { session } = context.environment;
  const kinds = session.catalog.functions.kinds(call.name);
  if (call.distinct) throw notSupported('DISTINCT for window functions', { span: call.span });
  if (call.orderBy.length > 0) throw notSupported('ORDER BY in the arguments of a window function', { span: call.span });
  if (kinds.includes('aggregate')) {
    const { function: aggregate, arguments: arguments_, filter } = bindAggregateParts(call, context);
    const { returnType: type, nullOnEmpty: nullable } = aggregate;
    return { function: { type: 'aggregate', aggregate }, arguments: arguments_, filter, type, nullable };
  }
  if (kinds.length > 0 && !kinds.includes('window')) {
    const message = `OVER specified, but ${call.name} is not a window function nor an aggregate function`;
    throw new LumaError('42809', message, { span: call.span });
  }
  const given = call.arguments.map((argument) => bindExpression(argument, context));
  const { resolved, coerced } = resolveCall(session, given, (arguments_) =>
    session.catalog.functions.window(call.name, arguments_, call.span),
  );
  if (call.filter !== null) throw notSupported('FILTER for window functions that are not aggregates', { span: call.span });
  const { name, returnType } = resolved;
  return {
    function: { type: 'window', name, returnType },
    arguments: coerced.map((argument) => settle(session, argument)),
    filter: null,
    type: returnType,
    nullable: true,
  };
}

function windowSink(call: Call, context: ExpressionContext): WindowSink {
  if (context.windows !== null) return context.windows;
  if (context.inside === 'aggregate') {
    const message = 'aggregate function calls cannot contain window function calls';
    throw new LumaError(SQLSTATE.groupingError, message, { span: call.span });
  }
  const message =
    context.inside === 'window'
      ? 'window function calls cannot be nested'
      : `window functions are not allowed in ${context.clause}`;
  throw new LumaError(SQLSTATE.windowingError, message, {
    span: call.span,
    hint: 'Compute it in a subquery in FROM and use its column.',
  });
}

function groupOf(sink: WindowSink, partitionBy: readonly BoundExpression[], orderBy: readonly SortKey[]): WindowGroup {
  const key = groupKey({ partitionBy, orderBy });
  const known = sink.groups.find((group) => groupKey(group) === key);
  if (known !== undefined) return known;
  const group: WindowGroup = { partitionBy, orderBy, calls: [] };
  sink.groups.push(group);
  return group;
}

function groupKey(group: Pick<WindowGroup, 'partitionBy' | 'orderBy'>): string {
  return JSON.stringify([
    group.partitionBy.map(expressionKey),
    group.orderBy.map((key) => [expressionKey(key.expression), key.descending, key.nulls]),
  ]);
}

function sameCall(group: WindowGroup, call: WindowCall): Column | undefined {
  const key = callKey(call);
  return group.calls.find((each) => callKey(each) === key)?.output;
}

function callKey(call: WindowCall): string {
  const { unit, start, end } = call.frame;
  const bounds = [start, end].map((bound) => ('offset' in bound ? [bound.type, expressionKey(bound.offset)] : [bound.type]));
  const name = call.function.type === 'window' ? call.function.name : call.function.aggregate.name;
  const filter = call.filter === null ? null : expressionKey(call.filter);
  return JSON.stringify([call.function.type, name, call.arguments.map(expressionKey), filter, unit, bounds]);
}
