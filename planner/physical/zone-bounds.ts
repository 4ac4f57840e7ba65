import { sameType } from '../../src/types/data-type.ts';
import type { BoundExpression, ConstantValue } from '../expression.ts';
import type { Scan } from '../logical/plan.ts';
import { asComparison, type ComparisonOperator, flipComparison } from '../logical/predicates.ts';
import type { ZoneBound } from './plan.ts';

/** What predicates over a scan say about its columns in a form that zone maps can be compared with. */
export function zoneBounds(scan: Scan, predicates: readonly BoundExpression[]): readonly ZoneBound[] {
  if (!scan.table.capabilities.zoneMaps) return [];
  const positions = new Map(scan.columns.map((column, at) => [column.id, scan.positions[at]]));
  const positionOf = (expression: BoundExpression) => (expression.kind === 'column' ? positions.get(expression.id) : undefined);
  return predicates.flatMap((predicate) => boundsOf(predicate, positionOf));
}

function boundsOf(
  predicate: BoundExpression,
  positionOf: (expression: BoundExpression) => number | undefined,
): readonly ZoneBound[] {
  if (predicate.kind === 'in') {
    const position = positionOf(predicate.operand);
    // Text has its own order, which < on strings is not.
    const values = predicate.values.map((each) => each.value).filter((value) => isOrdered(value) && typeof value !== 'string');
    const [least, greatest] = [extreme(values, -1), extreme(values, 1)];
    if (position === undefined || least === undefined || greatest === undefined) return [];
    if (!predicate.values.every((each) => each.value === null || sameType(each.type, predicate.operand.type))) return [];
    return [
      { position, operator: 'greater_equal', value: least },
      { position, operator: 'less_equal', value: greatest },
    ];
  }
  const comparison = asComparison(predicate);
  if (comparison === undefined) return [];
  const { left, right, operator } = comparison;
  return right.kind === 'constant'
    ? boundOf(left, operator, right, positionOf)
    : left.kind === 'constant'
      ? boundOf(right, flipComparison(operator), left, positionOf)
      : [];
}

function boundOf(
  side: BoundExpression,
  operator: ComparisonOperator,
  constant: BoundExpression & { readonly kind: 'constant' },
  positionOf: (expression: BoundExpression) => number | undefined,
): readonly ZoneBound[] {
  const position = positionOf(side);
  if (position === undefined || operator === 'not_equal' || !sameType(side.type, constant.type)) return [];
  return isOrdered(constant.value) ? [{ position, operator, value: constant.value }] : [];
}

/** Values that zone maps are kept of; NaN and NULL bound nothing. */
function isOrdered(value: ConstantValue): value is number | bigint | string | boolean {
  return value !== null && typeof value !== 'object' && !Number.isNaN(value);
}

/** The greatest (or for −1 the least) of values of one type. */
function extreme<T extends number | bigint | string | boolean>(values: readonly T[], direction: 1 | -1): T | undefined {
  return values.reduce<T | undefined>((best, value) => {
    if (best === undefined) return value;
    return (direction > 0 ? value > best : value < best) ? value : best;
  }, undefined);
}
