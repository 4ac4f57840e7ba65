import type { BoundExpression } from '../../expression.ts';

/** The value of a LIMIT or OFFSET that is a constant; undefined for parameters, and for NULL, which stands for none. */
export function constantCount(expression: BoundExpression | null): bigint | undefined {
  if (expression === null || expression.kind !== 'constant') return undefined;
  const { value } = expression;
  return typeof value === 'bigint' || typeof value === 'number' ? BigInt(value) : undefined;
}
