import type { AggregateCall, BoundExpression, NamedExpression } from '../../expression.ts';
import { expressionKey, isVolatile, mapChildren } from '../../expression-visit.ts';
import { aggregateOf, columnRef, passThrough, projectOf } from '../../logical/build.ts';
import type { Aggregate, LogicalPlan } from '../../logical/plan.ts';
import { transformUp } from '../../logical/visit.ts';
import type { Rule, RuleContext } from '../rule.ts';
import { aggregateCall } from '../support/functions.ts';

/**
 * Pattern: an aggregate with keys that other keys decide (constants, repetitions, expressions over other keys), calls that
 * occur twice, or count(x) of what is never NULL.
 * Guard: the expressions are not volatile.
 * Replacement: fewer keys, the others computed above; each call once; count(*).
 *
 * It must not remove the last key: `SELECT 1 FROM empty_table GROUP BY 1 + 1` gives no row, and without a key it would
 * give one. Nor may count(x) of a nullable x become count(*).
 */
export const SimplifyAggregates: Rule = {
  name: 'SimplifyAggregates',
  apply: (plan, context) => transformUp(plan, (each) => (each.kind === 'aggregate' ? simplify(each, context) : each)),
};

function simplify(plan: Aggregate, context: RuleContext): LogicalPlan {
  const keys = necessaryKeys(plan.keys);
  const calls = new Map<string, AggregateCall>();
  for (const call of plan.aggregates) {
    const counted = countRows(call, context);
    const key = callKey(counted);
    if (!calls.has(key)) calls.set(key, counted);
  }
  const same =
    keys.length === plan.keys.length &&
    calls.size === plan.aggregates.length &&
    plan.aggregates.every((call) => calls.get(callKey(call)) === call);
  if (same) return plan;
  const simpler = aggregateOf(plan.input, keys, [...calls.values()]);
  if (keys.length === plan.keys.length && calls.size === plan.aggregates.length) return simpler;
  const known = new Map(keys.map((key) => [expressionKey(key.expression), columnRef(key.output)]));
  const overKeys = (expression: BoundExpression): BoundExpression =>
    known.get(expressionKey(expression)) ?? mapChildren(expression, overKeys);
  return projectOf(simpler, [
    ...plan.keys.map((key) =>
      keys.includes(key) ? passThrough(key.output) : { output: key.output, expression: overKeys(key.expression) },
    ),
    ...plan.aggregates.map((call): NamedExpression => {
      const kept = calls.get(callKey(countRows(call, context)));
      return kept === undefined || kept.output.id === call.output.id
        ? passThrough(call.output)
        : { output: call.output, expression: columnRef(kept.output) };
    }),
  ]);
}

/** Keys whose values the others do not decide, at least one. */
function necessaryKeys(keys: readonly NamedExpression[]): readonly NamedExpression[] {
  const kept: NamedExpression[] = [];
  // Columns first: they decide expressions, not the reverse.
  const ordered = [...keys].sort((a, b) => Number(b.expression.kind === 'column') - Number(a.expression.kind === 'column'));
  for (const key of ordered) {
    const decided = isDecidedBy(key.expression, new Set(kept.map((each) => expressionKey(each.expression))));
    if (!decided || isVolatile(key.expression)) kept.push(key);
  }
  if (kept.length === 0) return keys.slice(0, 1);
  return keys.filter((key) => kept.includes(key));
}

function isDecidedBy(expression: BoundExpression, keys: ReadonlySet<string>): boolean {
  if (expression.kind === 'constant' || expression.kind === 'parameter' || keys.has(expressionKey(expression))) return true;
  // GROUP BY makes -0.0 and 0.0 one key; what is computed from them may differ.
  if (expression.kind === 'column' || expression.type.kind === 'float64') return false;
  let decided = true;
  mapChildren(expression, (child) => {
    if (child.type.kind === 'float64' || !isDecidedBy(child, keys)) decided = false;
    return child;
  });
  return decided;
}

function countRows(call: AggregateCall, context: RuleContext): AggregateCall {
  const [argument] = call.arguments;
  if (call.function.name !== 'count' || call.distinct || argument === undefined || argument.nullable) return call;
  return { ...aggregateCall(context, 'count', [], call.output.name), output: call.output, filter: call.filter, span: call.span };
}

function callKey(call: AggregateCall): string {
  const orderBy = call.orderBy.map((key) => `${expressionKey(key.expression)} ${key.descending} ${key.nulls}`);
  const filter = call.filter === null ? '' : expressionKey(call.filter);
  const key = [call.function.name, ...call.arguments.map(expressionKey), call.distinct, filter, ...orderBy].join(' | ');
  const volatile = [...call.arguments, ...(call.filter === null ? [] : [call.filter])].some(isVolatile);
  return volatile ? `${key} ${call.output.id}` : key;
}
