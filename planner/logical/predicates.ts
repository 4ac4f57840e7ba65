import type { BoundExpression, ScalarCall } from '../expression.ts';

/** The comparison functions, by their registered names. */
export type ComparisonOperator = 'equal' | 'not_equal' | 'less' | 'less_equal' | 'greater' | 'greater_equal';

const FLIPPED: Readonly<Record<ComparisonOperator, ComparisonOperator>> = {
  equal: 'equal',
  not_equal: 'not_equal',
  less: 'greater',
  less_equal: 'greater_equal',
  greater: 'less',
  greater_equal: 'less_equal',
};

const NEGATED: Readonly<Record<ComparisonOperator, ComparisonOperator>> = {
  equal: 'not_equal',
  not_equal: 'equal',
  less: 'greater_equal',
  less_equal: 'greater',
  greater: 'less_equal',
  greater_equal: 'less',
};

export function isComparisonOperator(name: string): name is ComparisonOperator {
  return Object.hasOwn(FLIPPED, name);
}

/** `a < b` as `b > a`. */
export function flipComparison(operator: ComparisonOperator): ComparisonOperator {
  return FLIPPED[operator];
}

/** The operator that is true exactly where this one is false (NULL stays NULL). */
export function negateComparison(operator: ComparisonOperator): ComparisonOperator {
  return NEGATED[operator];
}

export interface Comparison {
  readonly operator: ComparisonOperator;
  readonly left: BoundExpression;
  readonly right: BoundExpression;
  readonly call: ScalarCall;
}

export function asComparison(expression: BoundExpression): Comparison | undefined {
  if (expression.kind !== 'call' || !isComparisonOperator(expression.function.name)) return undefined;
  const [left, right] = expression.arguments;
  if (left === undefined || right === undefined) return undefined;
  return { operator: expression.function.name, left, right, call: expression };
}

/** An equality of two expressions: `=`, or `IS NOT DISTINCT FROM`, for which NULL equals NULL. */
export interface Equality {
  readonly left: BoundExpression;
  readonly right: BoundExpression;
  readonly nullSafe: boolean;
  readonly call: ScalarCall;
}

export function asEquality(expression: BoundExpression): Equality | undefined {
  if (expression.kind !== 'call') return undefined;
  const nullSafe = expression.function.name === 'is_not_distinct';
  if (!nullSafe && expression.function.name !== 'equal') return undefined;
  const [left, right] = expression.arguments;
  if (left === undefined || right === undefined) return undefined;
  return { left, right, nullSafe, call: expression };
}

/** The operands of an OR, flattened. */
export function disjunctsOf(expression: BoundExpression): readonly BoundExpression[] {
  return expression.kind === 'or' ? expression.operands.flatMap(disjunctsOf) : [expression];
}

export function isTrue(expression: BoundExpression): boolean {
  return expression.kind === 'constant' && expression.value === true;
}

/** Constant false or NULL: a filter with it keeps nothing. */
export function isNeverTrue(expression: BoundExpression): boolean {
  return expression.kind === 'constant' && (expression.value === false || expression.value === null);
}
