import type { Call } from '../../../grammars/ast/expression.ts';
import { LumaError, notSupported, SQLSTATE } from '../../../src/types/error.ts';
import type { AggregateCall, AggregateFunction, BoundExpression, Column, SortKey } from '../../expression.ts';
import { expressionKey, freeColumns, isVolatile } from '../../expression-visit.ts';
import { columnRef } from '../../logical/build.ts';
import type { Scope } from '../scope.ts';
import type { BindSession } from '../session.ts';
import type { Attachment } from '../subquery/attachment.ts';
import { argumentInfo, coerce, coerceBoolean, settle } from './coerce.ts';
import type { AggregateSink, ExpressionContext } from './context.ts';
import { bindExpression } from './expression.ts';
import { bindSortKeys } from './sort-keys.ts';

/**
 * An aggregate: its call goes to the sink of the query level whose columns it aggregates (the innermost one it names;
 * this one when it names none; PostgreSQL, 4.2.7), and a column stands in its place.
 */
export function bindAggregate(call: Call, context: ExpressionContext): BoundExpression {
  const attachments: Attachment[] = [];
  const inner: ExpressionContext = {
    ...context,
    attachments: context.attachments === null ? null : attachments,
    aggregates: null,
    windows: null,
    inside: 'aggregate',
  };
  const parts = bindAggregateParts(call, inner);
  const sink = sinkOf(call, parts, context);
  if (attachments.length > 0) {
    if (sink !== context.aggregates) throw notSupported('a subquery in an aggregate of an outer query', { span: call.span });
    sink.attachments.push(...attachments);
  }
  const output = sameCall(sink.calls, parts) ?? newCall(sink, parts, call, context.environment.session);
  return { ...columnRef(output), span: call.span };
}

/** What an aggregate computes, resolved: also the part of a window call that is an aggregate over its frame. */
export interface AggregateParts {
  readonly function: AggregateFunction;
  readonly arguments: readonly BoundExpression[];
  readonly distinct: boolean;
  readonly filter: BoundExpression | null;
  readonly orderBy: readonly SortKey[];
}

export function bindAggregateParts(call: Call, context: ExpressionContext): AggregateParts {
  const { session } = context.environment;
  const given = call.arguments.map((argument) => bindExpression(argument, context));
  const function_ = session.catalog.functions.aggregate(call.name, given.map(argumentInfo), call.span);
  if (given.length === 0 && !call.star) {
    const message = `${call.name}(*) must be used to call a parameterless aggregate function`;
    throw new LumaError('42809', message, { span: call.span });
  }
  const arguments_ = given.map((argument, position) =>
    settle(session, coerce(session, argument, function_.argumentTypes[position] ?? argument.type)),
  );
  const filter = call.filter === null ? null : coerceBoolean(session, bindExpression(call.filter, context), 'FILTER');
  const orderBy = bindSortKeys(call.orderBy, context);
  if (call.distinct) checkDistinctOrder(orderBy, arguments_);
  return { function: function_, arguments: arguments_, distinct: call.distinct, filter, orderBy };
}

function checkDistinctOrder(orderBy: readonly SortKey[], arguments_: readonly BoundExpression[]): void {
  const keys = new Set(arguments_.map(expressionKey));
  const foreign = orderBy.find((key) => !keys.has(expressionKey(key.expression)));
  if (foreign === undefined) return;
  throw new LumaError(
    SQLSTATE.invalidColumnReference,
    'in an aggregate with DISTINCT, ORDER BY expressions must appear in argument list',
    { span: foreign.expression.span },
  );
}

function partsOf(parts: AggregateParts): readonly BoundExpression[] {
  const filter = parts.filter === null ? [] : [parts.filter];
  return [...parts.arguments, ...filter, ...parts.orderBy.map((key) => key.expression)];
}

/** The sink of the level that owns the aggregate; 42803 when none may stand there. */
function sinkOf(call: Call, parts: AggregateParts, context: ExpressionContext): AggregateSink {
  const columns = partsOf(parts).flatMap((expression) => [...freeColumns(expression)]);
  const outer = outerOwner(columns, context.scope);
  const sink = outer === undefined ? context.aggregates : outer.aggregates;
  if (sink !== null) return sink;
  const nested = context.inside === 'aggregate' && outer === undefined;
  const message = nested
    ? 'aggregate function calls cannot be nested'
    : `aggregate functions are not allowed in ${context.clause}`;
  throw new LumaError(SQLSTATE.groupingError, message, { span: call.span });
}

/** The innermost outer scope that owns one of the columns, when every column is an outer one. */
function outerOwner(columns: readonly number[], scope: Scope): Scope | undefined {
  if (columns.length === 0) return undefined;
  const owners = columns.map((id) => {
    for (let level = scope.outer; level !== null; level = level.outer) if (level.ids.has(id)) return level;
    return undefined;
  });
  if (owners.includes(undefined)) return undefined;
  for (let level = scope.outer; level !== null; level = level.outer) if (owners.includes(level)) return level;
  return undefined;
}

function sameCall(calls: readonly AggregateCall[], parts: AggregateParts): Column | undefined {
  if (partsOf(parts).some(isVolatile)) return undefined;
  const key = callKey(parts);
  return calls.find((call) => callKey(call) === key)?.output;
}

function callKey(parts: AggregateParts): string {
  return JSON.stringify([
    parts.function.name,
    parts.arguments.map(expressionKey),
    parts.distinct,
    parts.filter === null ? null : expressionKey(parts.filter),
    parts.orderBy.map((key) => [expressionKey(key.expression), key.descending, key.nulls]),
  ]);
}

function newCall(sink: AggregateSink, parts: AggregateParts, call: Call, session: BindSession): Column {
  const output = session.columns.newColumn(call.name, parts.function.returnType, parts.function.nullOnEmpty);
  sink.calls.push({ ...parts, output, span: call.span });
  return output;
}
