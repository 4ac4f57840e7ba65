import type { DataType } from '../../src/types/data-type.ts';
import type { BoundExpression } from '../expression.ts';
import { childrenOf } from '../expression-visit.ts';

/**
 * Costs in units of one row through one simple operator (an int64 comparison in a compiled pipeline). Factors are
 * relative speeds of the executor's loops, not times; each operator's own formula stands beside its planning code.
 */

/** Reading one row of a table, per column. */
export const SCAN_COLUMN = 0.25;
/** One row from one operator to the next, or to an output batch. */
export const ROW = 0.5;
/** Putting a row into a hash table. */
export const HASH_INSERT = 4;
/** Finding a key in a hash table. */
export const HASH_PROBE = 2;
/** One comparison while sorting. */
export const SORT_COMPARE = 1.5;
/** Evaluating one aggregate for one row. */
export const AGGREGATE_STEP = 0.5;
/** Hash tables beyond the cache cost more by this factor per doubling past CACHE_ROWS. */
const CACHE_ROWS = 64 * 1024;
const CACHE_FACTOR = 0.15;

/** How much dearer each access is to a table of `rows` rows than to one in cache. */
export function cacheFactor(rows: number): number {
  return rows <= CACHE_ROWS ? 1 : 1 + CACHE_FACTOR * Math.log2(rows / CACHE_ROWS);
}

const NAME_COST: Readonly<Record<string, number>> = { like: 8, ilike: 12, regexp_matches: 20 };

/** Evaluating an expression once. */
export function expressionCost(expression: BoundExpression): number {
  if (expression.kind === 'constant' || expression.kind === 'column' || expression.kind === 'parameter') return 0;
  const operands = childrenOf(expression).reduce((sum, child) => sum + expressionCost(child), 0);
  switch (expression.kind) {
    case 'call':
      return operands + (NAME_COST[expression.function.name] ?? typeCost(expression.function.argumentTypes));
    case 'in':
      return operands + Math.log2(1 + expression.values.length) * typeCost([expression.operand.type]);
    case 'cast':
      return operands + typeCost([expression.operand.type, expression.type]);
    default:
      return operands + 0.25;
  }
}

function typeCost(types: readonly DataType[]): number {
  return types.some((type) => type.kind === 'text')
    ? 3
    : types.some((type) => type.kind === 'decimal' && type.precision > 18)
      ? 2
      : 1;
}

/** A hash join: build, probe, residual predicates, and rows out. */
export function hashJoinCost(probeRows: number, buildRows: number, outputRows: number): number {
  const factor = cacheFactor(buildRows);
  return buildRows * HASH_INSERT * factor + probeRows * HASH_PROBE * factor + outputRows * ROW;
}

/** A nested loop over materialized inner rows. */
export function nestedLoopCost(outerRows: number, innerRows: number, outputRows: number, predicateCost: number): number {
  return innerRows * ROW + outerRows * Math.max(1, innerRows) * Math.max(ROW, predicateCost) + outputRows * ROW;
}

export function sortCost(rows: number): number {
  return rows * (ROW + SORT_COMPARE * Math.log2(Math.max(2, rows)));
}
