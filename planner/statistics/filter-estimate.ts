import type { BoundExpression, ColumnId, Constant } from '../expression.ts';
import { asComparison, type ComparisonOperator, flipComparison } from '../logical/predicates.ts';
import { axisOf } from './axis.ts';
import { type ColumnEstimate, narrowColumn, type PlanEstimate, scaleColumns } from './estimate.ts';
import { selectivity } from './selectivity.ts';

/** A conjunct that compares a column with a constant, on the column's axis. */
interface ColumnBound {
  readonly column: ColumnId;
  readonly operator: ComparisonOperator;
  readonly constant: Constant;
}

/**
 * The rows that pass all predicates. Conjuncts count as independent, except that two bounds of one column are one
 * range: P(low ≤ x ≤ high) = P(x ≥ low) + P(x ≤ high) − 1 (PostgreSQL's clauselist_selectivity does the same).
 */
export function estimateFilter(predicates: readonly BoundExpression[], input: PlanEstimate): PlanEstimate {
  const ranges = new Map<ColumnId, { low: number[]; high: number[] }>();
  let fraction = 1;
  const columns = new Map(input.columns);
  for (const predicate of predicates) {
    const bound = columnBound(predicate);
    const share = selectivity(predicate, input);
    if (bound === undefined) {
      fraction *= share;
      continue;
    }
    narrow(columns, bound);
    if (bound.operator === 'equal' || bound.operator === 'not_equal') {
      fraction *= share;
      continue;
    }
    const range = ranges.get(bound.column) ?? { low: [], high: [] };
    ranges.set(bound.column, range);
    (bound.operator.startsWith('less') ? range.high : range.low).push(share);
  }
  for (const [id, { low, high }] of ranges) {
    const present = 1 - (input.columns.get(id)?.nullFraction ?? 0);
    const above = Math.min(present, ...low);
    const below = Math.min(present, ...high);
    const both = above + below - present;
    // Where defaults meet, the sum can be negative or tiny: fall back to the product.
    fraction *= both > 1e-6 ? both : Math.min(above, below) * 0.01;
  }
  const rows = input.rows * fraction;
  return { rows, columns: scaleColumns(columns, input.rows, rows) };
}

function columnBound(predicate: BoundExpression): ColumnBound | undefined {
  const comparison = asComparison(predicate);
  if (comparison === undefined) return undefined;
  const { left, right, operator } = comparison;
  if (right.kind === 'constant') return boundOf(left, operator, right);
  if (left.kind === 'constant') return boundOf(right, flipComparison(operator), left);
  return undefined;
}

function boundOf(side: BoundExpression, operator: ComparisonOperator, constant: Constant): ColumnBound | undefined {
  const column = side.kind === 'cast' ? side.operand : side;
  if (column.kind !== 'column' || constant.value === null) return undefined;
  return { column: column.id, operator, constant };
}

function narrow(columns: Map<ColumnId, ColumnEstimate>, { column: id, operator, constant }: ColumnBound): void {
  const column = columns.get(id);
  if (column === undefined) return;
  const position = axisOf(constant.value, constant.type);
  if (operator === 'equal') {
    columns.set(id, { ...column, distinct: 1, nullFraction: 0, min: position ?? null, max: position ?? null, mostCommon: [] });
    return;
  }
  if (position === undefined || column.type.kind === 'text' || operator === 'not_equal') {
    columns.set(id, { ...column, nullFraction: 0 });
    return;
  }
  const upper = operator === 'less' || operator === 'less_equal';
  columns.set(id, narrowColumn(column, upper ? null : position, upper ? position : null));
}
