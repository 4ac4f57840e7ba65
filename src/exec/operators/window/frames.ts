import type { BoundExpression, BoundFrame, BoundFrameBound, SortKey } from '../../../../planner/expression.ts';
import { LumaError, SQLSTATE } from '../../../types/error.ts';
import type { Vector } from '../../../types/vector.ts';
import type { IntervalValue, VectorValue } from '../../../types/vector-read.ts';
import { evaluateConstant } from '../../expression/evaluate.ts';
import type { QueryRun } from '../../query-run.ts';
import { withParameters } from '../limit/count.ts';
import type { Boundaries } from './boundaries.ts';
import { rangeBounds } from './range-frame.ts';

/** Of each row, its frame: rows [start, end); empty where start ≥ end. */
export interface Frames {
  readonly frameStart: Int32Array;
  readonly frameEnd: Int32Array;
}

/** The ORDER BY key that a RANGE frame with an offset counts in: its values in the order of the rows. */
export interface RangeKey {
  readonly key: SortKey;
  readonly values: Vector;
}

/** PostgreSQL 16, appendix A: invalid_preceding_or_following_size. */
const INVALID_SIZE = '22013';
const NULL_NOT_ALLOWED = '22004';

/** Resolves a frame clause to row numbers (PostgreSQL 16, 4.2.8). `rangeKey` is asked for by RANGE with an offset only. */
export function resolveFrames(run: QueryRun, frame: BoundFrame, boundaries: Boundaries, rangeKey: () => RangeKey): Frames {
  const rows = boundaries.partitionStarts.at(-1) ?? 0;
  const bounds = { frameStart: new Int32Array(rows), frameEnd: new Int32Array(rows) };
  resolveBound(run, frame.unit, frame.start, 'start', boundaries, rangeKey, bounds.frameStart);
  resolveBound(run, frame.unit, frame.end, 'end', boundaries, rangeKey, bounds.frameEnd);
  return bounds;
}

/** Writes one side of every frame: the first row of it, or the one behind its last. */
function resolveBound(
  run: QueryRun,
  unit: BoundFrame['unit'],
  bound: BoundFrameBound,
  side: 'start' | 'end',
  boundaries: Boundaries,
  rangeKey: () => RangeKey,
  out: Int32Array,
): void {
  const { partitionStarts, peerStarts } = boundaries;
  switch (bound.type) {
    case 'unbounded_preceding':
      fillByGroup(partitionStarts, 'start', out);
      break;
    case 'unbounded_following':
      fillByGroup(partitionStarts, 'end', out);
      break;
    case 'current_row':
      if (unit === 'rows') eachRow(partitionStarts, out, (row) => (side === 'start' ? row : row + 1));
      else fillByGroup(peerStarts, side, out);
      break;
    case 'preceding':
    case 'following':
      resolveOffset(run, unit, bound, side, boundaries, rangeKey, out);
  }
}

function resolveOffset(
  run: QueryRun,
  unit: BoundFrame['unit'],
  bound: Extract<BoundFrameBound, { readonly offset: BoundExpression }>,
  side: 'start' | 'end',
  boundaries: Boundaries,
  rangeKey: () => RangeKey,
  out: Int32Array,
): void {
  const offset = offsetValue(run, bound.offset, side);
  const sign = bound.type === 'preceding' ? -1 : 1;
  if (unit === 'rows') {
    const distance = sign * rowOffset(offset, bound.offset) + (side === 'start' ? 0 : 1);
    eachRow(boundaries.partitionStarts, out, (row, from, to) => Math.max(from, Math.min(to, row + distance)));
  } else if (unit === 'groups') {
    groupBounds(boundaries, sign * rowOffset(offset, bound.offset), side, out);
  } else {
    const { type: offsetType, span } = bound.offset;
    rangeBounds(boundaries, { ...rangeKey(), offset, offsetType, sign, side, span }, out);
  }
}

/** Every row gets the start or the end of the group it is in. */
function fillByGroup(groupStarts: Int32Array, side: 'start' | 'end', out: Int32Array): void {
  for (let group = 0; group + 1 < groupStarts.length; group++) {
    const [from = 0, to = 0] = [groupStarts[group], groupStarts[group + 1]];
    out.fill(side === 'start' ? from : to, from, to);
  }
}

function eachRow(partitionStarts: Int32Array, out: Int32Array, bound: (row: number, from: number, to: number) => number): void {
  for (let partition = 0; partition + 1 < partitionStarts.length; partition++) {
    const [from = 0, to = 0] = [partitionStarts[partition], partitionStarts[partition + 1]];
    for (let row = from; row < to; row++) out[row] = bound(row, from, to);
  }
}

/** The group of peers that is `distance` groups away, or the partition's edge. */
function groupBounds(
  { partitionStarts, peerStarts }: Boundaries,
  distance: number,
  side: 'start' | 'end',
  out: Int32Array,
): void {
  let first = 0;
  for (let partition = 0; partition + 1 < partitionStarts.length; partition++) {
    const to = partitionStarts[partition + 1] ?? 0;
    let last = first;
    while ((peerStarts[last] ?? to) < to) last++;
    for (let group = first; group < last; group++) {
      const wanted = group + distance + (side === 'start' ? 0 : 1);
      const bound = peerStarts[Math.max(first, Math.min(last, wanted))] ?? to;
      out.fill(bound, peerStarts[group], peerStarts[group + 1]);
    }
    first = last;
  }
}

function offsetValue(run: QueryRun, expression: BoundExpression, side: 'start' | 'end'): Exclude<VectorValue, null> {
  const value = evaluateConstant(withParameters(run, expression));
  const name = side === 'start' ? 'starting' : 'ending';
  if (value === null) {
    throw new LumaError(NULL_NOT_ALLOWED, `frame ${name} offset must not be null`, { span: expression.span });
  }
  if (isNegative(value)) {
    throw new LumaError(INVALID_SIZE, `frame ${name} offset must not be negative`, { span: expression.span });
  }
  return value;
}

function isNegative(value: Exclude<VectorValue, null>): boolean {
  if (typeof value === 'number') return value < 0 || Number.isNaN(value);
  if (typeof value === 'bigint') return value < 0n;
  if (typeof value !== 'object') return false;
  return intervalNanoseconds(value) < 0n;
}

/** PostgreSQL compares intervals with months of 30 days. */
function intervalNanoseconds({ months, days, nanoseconds }: IntervalValue): bigint {
  return BigInt(months * 30 + days) * 86_400_000_000_000n + nanoseconds;
}

function rowOffset(value: Exclude<VectorValue, null>, expression: BoundExpression): number {
  if (typeof value === 'number' || typeof value === 'bigint') return Math.min(Number(value), 2 ** 31);
  throw new LumaError(SQLSTATE.datatypeMismatch, 'the offset of a frame in rows or groups is an integer', {
    span: expression.span,
  });
}
