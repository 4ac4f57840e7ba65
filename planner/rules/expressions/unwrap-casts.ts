import { BOOLEAN, sameType } from '../../../src/types/data-type.ts';
import type { Span } from '../../../src/types/span.ts';
import type { Catalog } from '../../catalog.ts';
import type { BoundExpression, Constant, ConstantValue, InConstants } from '../../expression.ts';
import { constantOf, isNullOf, logicalOf, notOf } from '../../expression-build.ts';
import { transformExpression } from '../../expression-visit.ts';
import { asComparison, type ComparisonOperator, flipComparison } from '../../logical/predicates.ts';
import { mapExpressions, transformUp } from '../../logical/visit.ts';
import type { Rule } from '../rule.ts';
import { scalarCall } from '../support/functions.ts';
import { isLossless, narrowConstant } from './narrow-constant.ts';

/**
 * Pattern: a comparison, or IN, of a cast with constants, `CAST(quantity AS DECIMAL(21, 2)) < 24`, or of anything with
 * constants of another type, `price < 24.5` with two decimals after the point in price.
 * Guard: the cast widens without loss and keeps order (integers, decimals, int32 to float64, dates to timestamps, coarse to
 * fine timestamps).
 * Replacement: the comparison in the narrow type, the constant rounded so that the same values pass: narrower arithmetic,
 * and a bare column that zone maps and statistics know. Where no value, or every one, passes: false, or true, but NULL for NULL.
 *
 * It must not fire for a cast that loses something: in `CAST(price AS BIGINT) = 2` the price may be 1.7, and bigints that
 * differ may be one float64. Nor may NULL be forgotten: `NOT CAST(a AS DECIMAL(12, 2)) = 1.5` is true for every integer,
 * and NULL for NULL.
 */
export const UnwrapCasts: Rule = {
  name: 'UnwrapCasts',
  apply: (plan, { catalog }) =>
    transformUp(plan, (each) =>
      mapExpressions(each, (expression) => transformExpression(expression, (part) => unwrap(part, catalog))),
    ),
};

function unwrap(expression: BoundExpression, catalog: Catalog): BoundExpression {
  if (expression.kind === 'in') return unwrapIn(expression);
  const comparison = asComparison(expression);
  if (comparison === undefined) return expression;
  const { left, right, operator } = comparison;
  if (right.kind === 'constant') return unwrapComparison(operator, left, right, expression, catalog);
  if (left.kind === 'constant') return unwrapComparison(flipComparison(operator), right, left, expression, catalog);
  return expression;
}

function unwrapComparison(
  operator: ComparisonOperator,
  side: BoundExpression,
  constant: Constant,
  original: BoundExpression,
  catalog: Catalog,
): BoundExpression {
  const operand = withoutCast(side);
  const narrowed = narrowConstant(constant.value, constant.type, operand.type);
  if (narrowed === undefined || (operand === side && sameType(operand.type, constant.type))) return original;
  const compare = (bound: ComparisonOperator, value: ConstantValue): BoundExpression =>
    scalarCall(catalog, bound, [operand, constantOf(value, operand.type, constant.span)], original.span);
  if (narrowed.place === 'exact') return compare(operator, narrowed.value);
  if (operator === 'equal' || operator === 'not_equal') return unlessNull(operand, operator === 'not_equal', original.span);
  const isUpper = operator === 'less' || operator === 'less_equal';
  if (narrowed.place !== 'between') return unlessNull(operand, isUpper === (narrowed.place === 'above'), original.span);
  // Between two narrow values, x < c and x <= c both say x <= floor, and x > c and x >= c both say x >= next.
  return isUpper ? compare('less_equal', narrowed.floor) : compare('greater_equal', narrowed.next);
}

/** The answer, but NULL where the operand is. */
function unlessNull(operand: BoundExpression, answer: boolean, span: Span): BoundExpression {
  const isNull = isNullOf(operand, span);
  const unknown = constantOf(null, BOOLEAN, span);
  return answer ? logicalOf('or', [notOf(isNull, span), unknown], span) : logicalOf('and', [isNull, unknown], span);
}

/** Values that the narrow type does not have equal nothing. */
function unwrapIn(in_: InConstants): BoundExpression {
  const operand = withoutCast(in_.operand);
  if (operand === in_.operand && in_.values.every((value) => sameType(value.type, operand.type))) return in_;
  const values: Constant[] = [];
  for (const value of in_.values) {
    const narrowed =
      value.value === null ? { place: 'exact', value: null } : narrowConstant(value.value, value.type, operand.type);
    if (narrowed === undefined) return in_;
    if (narrowed.place === 'exact') values.push(constantOf(narrowed.value, operand.type, value.span));
  }
  return values.length === 0 ? unlessNull(operand, false, in_.span) : { ...in_, operand, values };
}

function withoutCast(expression: BoundExpression): BoundExpression {
  return expression.kind === 'cast' && isLossless(expression.operand.type, expression.type) ? expression.operand : expression;
}
