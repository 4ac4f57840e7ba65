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
 * the larger). Several keys multiply, but a side cannot have more key combinations than rows; where that cap bites on a
 * side, its keys together are probably unique there, and that side's combinations decide.
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
  let leftCombinations = 1;
  let rightCombinations = 1;
  let present = 1;
  let leftPresent = 1;
  for (const key of keys) {
    const leftColumn = keyColumn(key.left, left);
    const rightColumn = keyColumn(key.right, right);
    leftCombinations *= Math.max(1, leftColumn.distinct);
    rightCombinations *= Math.max(1, rightColumn.distinct);
    if (!key.nullSafe) {
      present *= (1 - leftColumn.nullFraction) * (1 - rightColumn.nullFraction);
      leftPresent *= 1 - leftColumn.nullFraction;
    }
  }
  const leftDistinct = Math.min(leftCombinations, Math.max(1, left.rows));
  const rightDistinct = Math.min(rightCombinations, Math.max(1, right.rows));
  const capped = keys.length > 1 && (leftDistinct < leftCombinations || rightDistinct < rightCombinations);
  const divisor = capped ? Math.min(leftDistinct, rightDistinct) : Math.max(leftDistinct, rightDistinct);
  return { selectivity: present / divisor, leftShare: leftPresent * Math.min(1, rightDistinct / leftDistinct) };
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
