import { sameType } from '../../../src/types/data-type.ts';
import type { AggregateCall, BoundExpression, Column, NamedExpression } from '../../expression.ts';
import { castOf, coalesceOf, constantOf } from '../../expression-build.ts';
import { expressionKey, mapChildren } from '../../expression-visit.ts';
import { aggregateOf, columnRef, passThrough, projectOf } from '../../logical/build.ts';
import type { Aggregate, LogicalPlan } from '../../logical/plan.ts';
import { mapSortKeys } from '../../logical/visit.ts';
import type { RuleContext } from '../rule.ts';
import { aggregateCall } from '../support/functions.ts';

/** How partial results are put together, by the aggregate that made them. */
const COMBINED_BY: Readonly<Record<string, string>> = {
  count: 'sum',
  sum: 'sum',
  min: 'min',
  max: 'max',
  any_value: 'any_value',
};

/** Whether the aggregate of a whole can be had from the aggregates of its parts. */
export function isDecomposable(call: AggregateCall): boolean {
  return !call.distinct && call.orderBy.length === 0 && Object.hasOwn(COMBINED_BY, call.function.name);
}

/**
 * Below: one row per keys and distinct arguments, with the partial results of the plain calls. Above: by the keys, the
 * distinct calls over rows that are distinct now, and the plain ones put together.
 */
export function aggregateTwice(
  plan: Aggregate,
  distinct: readonly AggregateCall[],
  plain: readonly AggregateCall[],
  context: RuleContext,
): LogicalPlan {
  const first = distinct[0];
  const grouped = new Map<string, NamedExpression>();
  const group = (expression: BoundExpression, name: string): Column => {
    const key = expressionKey(expression);
    const known = grouped.get(key);
    if (known !== undefined) return known.output;
    const output = context.newColumn(name, expression.type, expression.nullable);
    grouped.set(key, { output, expression });
    return output;
  };
  const keys = plan.keys.map(({ output, expression }) => {
    const below = group(expression, output.name);
    return { output: { ...output, nullable: below.nullable }, expression: columnRef(below) };
  });
  for (const argument of first?.arguments ?? []) group(argument, 'argument');
  if (first !== undefined && first.filter !== null) group(first.filter, 'filter');
  // From the whole to its parts: of `a + b` grouped by both `a` and `a + b`, the sum is what is there.
  const onGroup = (expression: BoundExpression): BoundExpression => {
    const found = grouped.get(expressionKey(expression));
    return found === undefined ? mapChildren(expression, onGroup) : columnRef(found.output);
  };
  const partials = plain.map((call) => ({
    ...call,
    output: context.newColumn(call.output.name, call.function.returnType, call.output.nullable),
  }));
  const below = aggregateOf(plan.input, [...grouped.values()], partials);

  const combined = new Map(plain.map((call, position) => [call, combine(call, partials[position] ?? call, context)]));
  const calls = plan.aggregates.map((call): AggregateCall => {
    const plainCall = combined.get(call);
    if (plainCall !== undefined) return plainCall.call;
    return {
      ...call,
      distinct: false,
      arguments: call.arguments.map(onGroup),
      filter: call.filter === null ? null : onGroup(call.filter),
      orderBy: mapSortKeys(call.orderBy, onGroup),
    };
  });
  const above = aggregateOf(below, keys, calls);
  if ([...combined.values()].every(({ finish }) => finish === null)) return above;
  return projectOf(above, [
    ...keys.map((key) => passThrough(key.output)),
    ...plan.aggregates.map((call) => combined.get(call)?.finish ?? passThrough(call.output)),
  ]);
}

interface Combined {
  readonly call: AggregateCall;
  /** What turns the combined value into the call's own output, if anything must. */
  readonly finish: NamedExpression | null;
}

function combine(call: AggregateCall, partial: AggregateCall, context: RuleContext): Combined {
  const name = COMBINED_BY[call.function.name] ?? call.function.name;
  const combined = aggregateCall(context, name, [columnRef(partial.output)], call.output.name);
  if (sameType(combined.output.type, call.output.type) && call.function.nullOnEmpty) {
    return { call: { ...combined, output: call.output }, finish: null };
  }
  const value = castOf(columnRef(combined.output), call.output.type);
  // Without rows there are no partial counts to sum.
  const expression = call.function.nullOnEmpty ? value : coalesceOf([value, constantOf(0n, call.output.type)], call.output.type);
  return { call: combined, finish: { output: call.output, expression } };
}
