import { notSupported } from '../../../src/types/error.ts';
import type { AggregateCall } from '../../expression.ts';
import { expressionKey } from '../../expression-visit.ts';
import { aggregateOf } from '../../logical/build.ts';
import type { Aggregate, LogicalPlan } from '../../logical/plan.ts';
import { mapList, transformUp } from '../../logical/visit.ts';
import type { Rule, RuleContext } from '../rule.ts';
import { isRepeatable } from '../support/repeatable.ts';
import { aggregateTwice, isDecomposable } from './aggregate-twice.ts';
import { joinAggregates } from './join-aggregates.ts';
import { numberDistinctRows } from './number-distinct-rows.ts';
import { ignoresRepetition } from './order-insensitive.ts';

/**
 * Pattern: an aggregate with DISTINCT calls.
 * Guard: none; DISTINCT does not reach the executor.
 * Replacement: min(DISTINCT x) is min(x). Calls over one distinct argument list group twice: by the keys and the
 * arguments, then by the keys; calls without DISTINCT beside them are computed in part below and put together above, if
 * they can be (count becomes a sum of counts). Otherwise one aggregate per distinct argument list, joined on the keys; over
 * an input that cannot be read twice, the first row of each value is numbered 1 and the others filtered out.
 *
 * Parts of a count must not be counted: in `SELECT count(*), count(DISTINCT a) FROM t` the upper aggregate sees one row per
 * value of a, and their number is not count(*); nor may their sum be NULL over an empty table. NULL keys must find each
 * other again: the joined parts of `GROUP BY k` match k by IS NOT DISTINCT FROM.
 */
export const ExpandDistinctAggregates: Rule = {
  name: 'ExpandDistinctAggregates',
  apply: (plan, context) => transformUp(plan, (each) => (each.kind === 'aggregate' ? expand(each, context) : each)),
};

function expand(aggregate: Aggregate, context: RuleContext): LogicalPlan {
  const calls = mapList(aggregate.aggregates, withoutNeedlessDistinct);
  const plan = calls === aggregate.aggregates ? aggregate : aggregateOf(aggregate.input, aggregate.keys, calls);
  const distinct = calls.filter((call) => call.distinct);
  if (distinct.length === 0) return plan;
  for (const call of distinct) requireOrderByArguments(call);
  const groups = groupByArguments(distinct);
  const plain = calls.filter((call) => !call.distinct);
  const [only] = groups;
  if (only !== undefined && groups.length === 1 && plain.every(isDecomposable)) return aggregateTwice(plan, only, plain, context);
  if (!isRepeatable(plan)) return numberDistinctRows(plan, groups, context);
  return joinAggregates(plan, groups, plain, context);
}

function withoutNeedlessDistinct(call: AggregateCall): AggregateCall {
  return call.distinct && ignoresRepetition(call) ? { ...call, distinct: false } : call;
}

/** Calls with the same arguments and filter see the same distinct rows. */
function groupByArguments(calls: readonly AggregateCall[]): readonly (readonly AggregateCall[])[] {
  const groups = new Map<string, AggregateCall[]>();
  for (const call of calls) {
    const parts = [...call.arguments.map(expressionKey), call.filter === null ? '' : expressionKey(call.filter)];
    const key = parts.join(' ');
    groups.set(key, [...(groups.get(key) ?? []), call]);
  }
  return [...groups.values()];
}

/** PostgreSQL's rule: in an aggregate with DISTINCT, ORDER BY expressions must appear in the argument list. */
function requireOrderByArguments(call: AggregateCall): void {
  const keys = new Set(call.arguments.map(expressionKey));
  if (call.orderBy.every((key) => keys.has(expressionKey(key.expression)))) return;
  throw notSupported('ORDER BY of something else than an argument in an aggregate with DISTINCT', { span: call.span });
}
