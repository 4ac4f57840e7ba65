import { sameType } from '../../../src/types/data-type.ts';
import type { Catalog } from '../../catalog.ts';
import type { BoundExpression, Constant, InConstants } from '../../expression.ts';
import { constantOf } from '../../expression-build.ts';
import { transformExpression } from '../../expression-visit.ts';
import { asComparison, type ComparisonOperator, flipComparison } from '../../logical/predicates.ts';
import { mapExpressions, transformUp } from '../../logical/visit.ts';
import type { Rule } from '../rule.ts';
import { scalarCall } from '../support/functions.ts';
import { isLossless, narrowConstant } from './narrow-constant.ts';

/**
 * Pattern: a comparison, or IN, of a cast with constants, `CAST(quantity AS DECIMAL(21, 2)) < 24`, or of anything with
 * constants of another type, `price < 24.5` with two decimals after the point in price.
 * Guard: the cast widens without loss and keeps order (integers, decimals, dates to timestamps, coarse to fine
 * timestamps), and the constant lies in the range of the narrow type.
 * Replacement: the comparison in the narrow type, the constant rounded so that the same values pass: narrower arithmetic,
 * and a bare column that zone maps and statistics know.
 *
 * It must not fire for a cast that loses something: in `CAST(price AS BIGINT) = 2` the price may be 1.7. Nor for a constant
 * between two values of the narrow type under `=`: `CAST(a AS DECIMAL(12, 2)) = 1.5` is false for every integer, NULL for
 * NULL, which no comparison of `a` with an integer says.
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
  const { floor, next, exact } = narrowed;
  if (!exact && (operator === 'equal' || operator === 'not_equal')) return original;
  // Between two narrow values, x < c and x <= c both say x <= floor, and x > c and x >= c both say x >= next.
  const above = operator === 'greater' || operator === 'greater_equal';
  const bound = exact ? operator : above ? 'greater_equal' : 'less_equal';
  const value = exact || !above ? floor : next;
  return scalarCall(catalog, bound, [operand, constantOf(value, operand.type, constant.span)], original.span);
}

function unwrapIn(in_: InConstants): BoundExpression {
  const operand = withoutCast(in_.operand);
  if (operand === in_.operand && in_.values.every((value) => sameType(value.type, operand.type))) return in_;
  const values: Constant[] = [];
  for (const value of in_.values) {
    const narrowed = value.value === null ? undefined : narrowConstant(value.value, value.type, operand.type);
    if (value.value !== null && !narrowed?.exact) return in_;
    values.push(constantOf(narrowed?.floor ?? null, operand.type, value.span));
  }
  return { ...in_, operand, values };
}

function withoutCast(expression: BoundExpression): BoundExpression {
  return expression.kind === 'cast' && isLossless(expression.operand.type, expression.type) ? expression.operand : expression;
}
