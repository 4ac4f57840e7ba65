import type { AggregateCall } from '../../expression.ts';

const INSENSITIVE: ReadonlySet<string> = new Set(['count', 'sum', 'avg', 'min', 'max', 'any_value', 'single_value']);
const DISTINCT_INSENSITIVE: ReadonlySet<string> = new Set(['min', 'max', 'any_value']);

/** Whether the result does not depend on the order of the rows (beyond rounding). */
export function ignoresOrder(call: AggregateCall): boolean {
  return INSENSITIVE.has(call.function.name);
}

/** Whether repeated values make no difference, so that DISTINCT means nothing. */
export function ignoresRepetition(call: AggregateCall): boolean {
  return DISTINCT_INSENSITIVE.has(call.function.name);
}
