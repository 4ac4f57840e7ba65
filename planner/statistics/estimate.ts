import type { DataType } from '../../src/types/data-type.ts';
import type { ColumnStatistics } from '../catalog.ts';
import type { ColumnId, ConstantValue } from '../expression.ts';
import { axisOf, axisStep } from './axis.ts';

/** What is believed about the values of one column of an operator. Positions are on the axis of axis.ts. */
export interface ColumnEstimate {
  readonly type: DataType;
  /** Distinct non-NULL values, at least 1 unless there are no rows. */
  readonly distinct: number;
  /** 0 to 1. */
  readonly nullFraction: number;
  readonly min: number | null;
  readonly max: number | null;
  /** Mean bytes of a value. */
  readonly width: number;
  /** Frequencies are fractions of all rows. */
  readonly mostCommon: readonly { readonly value: ConstantValue; readonly frequency: number }[];
  /** Equi-depth bounds, ascending; empty when unknown. */
  readonly histogram: readonly number[];
  /** The stored column that it is, before any filter; null for what is computed. */
  readonly stored: StoredExtent | null;
}

/** Rows of the column's table, and distinct values of the column in it. */
export interface StoredExtent {
  readonly rows: number;
  readonly distinct: number;
}

/** What is believed about the rows of an operator. */
export interface PlanEstimate {
  readonly rows: number;
  readonly columns: ReadonlyMap<ColumnId, ColumnEstimate>;
}

const DEFAULT_WIDTH = 8;
/** Distinct values assumed when nothing is known: PostgreSQL's DEFAULT_NUM_DISTINCT (src/include/utils/selfuncs.h). */
export const DEFAULT_DISTINCT = 200;

/** A stored column, as its table's statistics describe it. */
export function storedColumn(type: DataType, rows: number, statistics: ColumnStatistics | undefined): ColumnEstimate {
  if (statistics === undefined) return unknownColumn(type, rows);
  return {
    type,
    distinct: clampDistinct(statistics.distinct, rows - statistics.nulls),
    nullFraction: rows > 0 ? Math.min(1, statistics.nulls / rows) : 0,
    min: axisOf(statistics.min, type) ?? null,
    max: axisOf(statistics.max, type) ?? null,
    width: statistics.width,
    mostCommon: statistics.mostCommon,
    histogram: statistics.histogram.flatMap((bound) => axisOf(bound, type) ?? []),
    stored: { rows, distinct: clampDistinct(statistics.distinct, rows - statistics.nulls) },
  };
}

export function unknownColumn(type: DataType, rows: number, distinct = DEFAULT_DISTINCT): ColumnEstimate {
  return {
    type,
    distinct: clampDistinct(distinct, rows),
    nullFraction: 0,
    min: null,
    max: null,
    width: DEFAULT_WIDTH,
    mostCommon: [],
    histogram: [],
    stored: null,
  };
}

export function constantColumn(type: DataType, value: ConstantValue): ColumnEstimate {
  const position = axisOf(value, type) ?? null;
  return {
    ...unknownColumn(type, 1, 1),
    nullFraction: value === null ? 1 : 0,
    min: position,
    max: position,
  };
}

/**
 * The column after its rows shrank (or grew) to `rows` for reasons that have nothing to do with its values. With d
 * values evenly spread over N rows, n drawn rows hold about d·(1 − (1 − n/N)^(N/d)) of them (Yao, "Approximating block
 * accesses in database organizations", CACM 1977, in the form that PostgreSQL's estimate_num_groups uses).
 */
export function scaleColumn(column: ColumnEstimate, from: number, rows: number): ColumnEstimate {
  if (rows >= from) return column;
  const values = Math.max(1, column.distinct);
  const kept = from <= 0 ? 0 : rows / from;
  const distinct = values * (1 - (1 - kept) ** (from / values));
  return { ...column, distinct: clampDistinct(distinct, rows) };
}

export function scaleColumns(
  columns: ReadonlyMap<ColumnId, ColumnEstimate>,
  from: number,
  rows: number,
): ReadonlyMap<ColumnId, ColumnEstimate> {
  if (rows >= from) return columns;
  return new Map([...columns].map(([id, column]) => [id, scaleColumn(column, from, rows)]));
}

/** The column once only values in [low, high] of its axis remain. */
export function narrowColumn(column: ColumnEstimate, low: number | null, high: number | null): ColumnEstimate {
  const min = low === null ? column.min : column.min === null ? low : Math.max(low, column.min);
  const max = high === null ? column.max : column.max === null ? high : Math.min(high, column.max);
  let distinct = column.distinct;
  const step = axisStep(column.type);
  if (min !== null && max !== null) {
    if (column.min !== null && column.max !== null && column.max > column.min) {
      distinct *= Math.max(0, Math.min(1, (max - min) / (column.max - column.min)));
    }
    if (step !== undefined) distinct = Math.min(column.distinct, Math.max(distinct, 1), (max - min) / step + 1);
  }
  return { ...column, min, max, nullFraction: 0, distinct: Math.max(1, distinct), mostCommon: [], histogram: [] };
}

export function clampDistinct(distinct: number, rows: number): number {
  return Math.max(Math.min(1, Math.max(0, rows)), Math.min(distinct, Math.max(0, rows)));
}
