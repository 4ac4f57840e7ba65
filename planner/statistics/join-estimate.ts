import type { BoundExpression } from '../expression.ts';
import { freeColumns, usesOnly } from '../expression-visit.ts';
import type { Join } from '../logical/plan.ts';
import { asEquality } from '../logical/predicates.ts';
import { type ColumnEstimate, clampDistinct, type PlanEstimate, scaleColumns, unknownColumn } from './estimate.ts';
import { columnOf, selectivity } from './selectivity.ts';

/** An equality whose sides belong to different inputs. */
export interface KeyPair {
  readonly left: BoundExpression;
  readonly right: BoundExpression;
  readonly nullSafe: boolean;
}

/** Splits join predicates into equalities between the two sides and the rest. */
export function splitKeys(
  predicates: readonly BoundExpression[],
  leftColumns: ReadonlySet<number>,
  rightColumns: ReadonlySet<number>,
): { readonly keys: readonly KeyPair[]; readonly rest: readonly BoundExpression[] } {
  const keys: KeyPair[] = [];
  const rest: BoundExpression[] = [];
  for (const predicate of predicates) {
    const pair = keyPair(predicate, leftColumns, rightColumns);
    if (pair === undefined) rest.push(predicate);
    else keys.push(pair);
  }
  return { keys, rest };
}

/** The predicate as an equality of one expression over each side; constants on a side are no key. */
export function keyPair(
  predicate: BoundExpression,
  leftColumns: ReadonlySet<number>,
  rightColumns: ReadonlySet<number>,
): KeyPair | undefined {
  const equality = asEquality(predicate);
  if (equality === undefined) return undefined;
  const { left, right, nullSafe } = equality;
  if (freeColumns(left).size === 0 || freeColumns(right).size === 0) return undefined;
  if (usesOnly(left, leftColumns) && usesOnly(right, rightColumns)) return { left, right, nullSafe };
  if (usesOnly(right, leftColumns) && usesOnly(left, rightColumns)) return { left: right, right: left, nullSafe };
  return undefined;
}

/**
 * Rows of a join. For keys a = b: |L|·|R| ÷ max(d(a), d(b)) (Selinger et al. 1979: the smaller key set is contained in
 * the larger). Several keys multiply, as far as `keyDivisor` lets them.
 */
export function estimateJoin(join: Join, left: PlanEstimate, right: PlanEstimate): PlanEstimate {
  const { keys, rest } = splitKeys(join.predicates, idsOf(join.left.columns), idsOf(join.right.columns));
  const pairs = left.rows * right.rows;
  const both: PlanEstimate = { rows: pairs, columns: new Map([...left.columns, ...right.columns]) };
  const residual = rest.reduce((product, predicate) => product * selectivity(predicate, both), 1);
  const match = keys.length === 0 ? null : keyMatch(keys, left, right);
  const inner = pairs * (match?.selectivity ?? 1) * residual;
  switch (join.type) {
    case 'inner':
      return withRows(both, inner);
    case 'left':
      return withRows(both, Math.max(inner, left.rows));
    case 'full':
      return withRows(both, Math.max(inner, left.rows, right.rows));
    case 'semi':
      return shrink(left, left.rows * matchedShare(match, residual, right));
    case 'anti':
      return shrink(left, left.rows * (1 - matchedShare(match, residual, right)));
    case 'mark': {
      if (join.mark === null) return left;
      return {
        rows: left.rows,
        columns: new Map([...left.columns, [join.mark.id, unknownColumn(join.mark.type, left.rows, 2)]]),
      };
    }
  }
}

interface KeyMatch {
  readonly selectivity: number;
  /** The share of left rows whose key exists on the right. */
  readonly leftShare: number;
}

function keyMatch(keys: readonly KeyPair[], left: PlanEstimate, right: PlanEstimate): KeyMatch {
  const leftColumns = keys.map((key) => keyColumn(key.left, left));
  const rightColumns = keys.map((key) => keyColumn(key.right, right));
  let present = 1;
  let leftPresent = 1;
  keys.forEach((key, at) => {
    if (key.nullSafe) return;
    const kept = 1 - (leftColumns[at]?.nullFraction ?? 0);
    present *= kept * (1 - (rightColumns[at]?.nullFraction ?? 0));
    leftPresent *= kept;
  });
  const leftDistinct = Math.min(combinations(leftColumns), Math.max(1, left.rows));
  const rightDistinct = Math.min(combinations(rightColumns), Math.max(1, right.rows));
  return {
    selectivity: present / keyDivisor(leftColumns, left.rows, rightColumns, right.rows),
    leftShare: leftPresent * Math.min(1, rightDistinct / leftDistinct),
  };
}

/**
 * What |L|·|R| is divided by for an equality of several columns at once. If a side's table has fewer rows than its columns
 * have combinations, its rows are probably unique in them, and filters do not change how many combinations there were:
 * then the smaller table's combinations decide. Otherwise each column divides by itself.
 */
export function keyDivisor(
  left: readonly ColumnEstimate[],
  leftRows: number,
  right: readonly ColumnEstimate[],
  rightRows: number,
): number {
  const independent = left.reduce((all, column, at) => all * Math.max(1, column.distinct, right[at]?.distinct ?? 1), 1);
  if (left.length < 2) return independent;
  const [leftAll, rightAll] = [storedCombinations(left, leftRows), storedCombinations(right, rightRows)];
  if (!leftAll.capped && !rightAll.capped) return independent;
  return Math.min(independent, leftAll.count, rightAll.count);
}

function combinations(columns: readonly ColumnEstimate[]): number {
  return columns.reduce((all, column) => all * Math.max(1, column.distinct), 1);
}

/** Combinations before any filter, at most as many as the smallest table among the columns' has rows. */
function storedCombinations(
  columns: readonly ColumnEstimate[],
  rows: number,
): { readonly count: number; readonly capped: boolean } {
  const all = columns.reduce((product, column) => product * Math.max(1, column.stored?.distinct ?? column.distinct), 1);
  const limit = Math.max(1, ...columns.map((column) => column.stored?.rows ?? rows));
  return { count: Math.min(all, limit), capped: all > limit };
}

function keyColumn(expression: BoundExpression, input: PlanEstimate): ColumnEstimate {
  return columnOf(expression, input) ?? unknownColumn(expression.type, input.rows);
}

function matchedShare(match: KeyMatch | null, residual: number, right: PlanEstimate): number {
  if (match === null) return Math.min(1, residual * right.rows);
  return Math.min(1, match.leftShare * Math.max(residual, 0.1));
}

function withRows(both: PlanEstimate, rows: number): PlanEstimate {
  const columns = new Map(
    [...both.columns].map(([id, column]) => [id, { ...column, distinct: clampDistinct(column.distinct, rows) }]),
  );
  return { rows, columns };
}

function shrink(input: PlanEstimate, rows: number): PlanEstimate {
  return { rows, columns: scaleColumns(input.columns, input.rows, rows) };
}

export function idsOf(columns: readonly { readonly id: number }[]): ReadonlySet<number> {
  return new Set(columns.map((column) => column.id));
}
