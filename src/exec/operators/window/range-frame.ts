import type { SortKey } from '../../../../planner/expression.ts';
import { type DataType, typeName } from '../../../types/data-type.ts';
import { notSupported } from '../../../types/error.ts';
import type { Span } from '../../../types/span.ts';
import type { Vector } from '../../../types/vector.ts';
import { type VectorValue, valueReader } from '../../../types/vector-read.ts';
import type { Boundaries } from './boundaries.ts';
import { shifter } from './shift.ts';

export interface RangeBound {
  readonly key: SortKey;
  /** The key of each row, in order. */
  readonly values: Vector;
  readonly offset: Exclude<VectorValue, null>;
  readonly offsetType: DataType;
  /** −1 for PRECEDING, 1 for FOLLOWING. */
  readonly sign: -1 | 1;
  readonly side: 'start' | 'end';
  readonly span: Span;
}

/**
 * One side of RANGE frames with an offset: the first row whose key is not before `key ± offset` in the order, or the one behind the
 * last whose key is not after it. Rows whose key is NULL or NaN have their peers as bounds, as PostgreSQL's in_range has it.
 * The bounds of a partition only ever advance, because keys and bounds ascend together.
 */
export function rangeBounds({ partitionStarts, peerStarts }: Boundaries, bound: RangeBound, out: Int32Array): void {
  const { key, values, side } = bound;
  const read = valueReader(values);
  const direction = key.descending ? -1 : 1;
  const shift = boundShift(values.type, bound, direction);
  let peer = 0;
  for (let partition = 0; partition + 1 < partitionStarts.length; partition++) {
    const [from = 0, to = 0] = [partitionStarts[partition], partitionStarts[partition + 1]];
    const [first, last] = comparableRows(read, from, to);
    let at = first;
    for (; (peerStarts[peer] ?? to) < to; peer++) {
      const [start = to, end = to] = [peerStarts[peer], peerStarts[peer + 1]];
      const value = read(start);
      if (value === null || Number.isNaN(value)) {
        out.fill(side === 'start' ? start : end, start, end);
        continue;
      }
      const limit = shift(value);
      while (at < last && isBefore(read(at), limit, direction, side)) at++;
      out.fill(at, start, end);
    }
  }
}

/** The rows of a partition whose keys are neither NULL nor NaN: they stand together. */
function comparableRows(read: (row: number) => VectorValue, from: number, to: number): readonly [number, number] {
  const isComparable = (row: number): boolean => {
    const value = read(row);
    return value !== null && !Number.isNaN(value);
  };
  let [first, last] = [from, to];
  while (first < last && !isComparable(first)) first++;
  while (last > first && !isComparable(last - 1)) last--;
  return [first, last];
}

/** Whether a row does not reach the limit yet: the frame's start, or the row behind its end, lies further on. */
function isBefore(value: VectorValue, limit: number | bigint, direction: 1 | -1, side: 'start' | 'end'): boolean {
  if (typeof value !== 'number' && typeof value !== 'bigint') return false;
  const order = value < limit ? -1 : value > limit ? 1 : 0;
  return side === 'start' ? order * direction < 0 : order * direction <= 0;
}

function boundShift(type: DataType, bound: RangeBound, direction: 1 | -1): (value: VectorValue) => number | bigint {
  const sign = (bound.sign * direction) as 1 | -1;
  const shift = shifter(type, bound.offset, bound.offsetType, sign);
  if (shift === null) {
    throw notSupported(`a RANGE frame with an offset over ${typeName(type)}`, {
      span: bound.span,
      hint: 'order by a number, a date or a timestamp, or use ROWS or GROUPS',
    });
  }
  return shift;
}
