import type { BoundExpression, Column } from '../../../../planner/expression.ts';
import type { Bounds } from '../../../functions/definition.ts';
import type { Pointer } from '../../../memory/shared-memory.ts';
import type { Local } from '../../../wasm/function-builder.ts';
import { emitExpression } from '../../expression/emit.ts';
import { boundsOf, only } from '../../expression/values.ts';
import type { PipelineBuilder, RowTest } from '../../pipeline/stream.ts';
import type { QueryRun } from '../../query-run.ts';
import { rowCode } from '../../rows/code.ts';
import { overRecords } from '../../rows/over-records.ts';
import type { Records } from '../../rows/row-sink.ts';
import type { KeyRange } from './build.ts';

/**
 * Which integers between the build side's least and greatest key are keys, a bit each: a row of the other side whose bit is 0
 * finds nothing. It is a small part of the directory and the records, and stays in a cache where those do not.
 */
export interface KeyFilter {
  readonly bits: Pointer;
  readonly min: bigint;
  /** Greatest less least key, and one. */
  readonly size: number;
  /** Bits: the next power of two, so that any number has a place. */
  readonly places: number;
}

/** A filter has at most this many bits, or bits per record: more would miss the caches as often as the records. */
const FEW_BITS = 1 << 23;
const BITS_PER_ROW = 256;
const MOST_BITS = 1 << 27;

/** An empty filter for keys of this range; null when it would be too large. */
export function planKeyFilter(run: QueryRun, rows: number, range: KeyRange | null): KeyFilter | null {
  if (range === null || range.max < range.min) return null;
  const size = range.max - range.min + 1n;
  if (size > BigInt(Math.min(MOST_BITS, Math.max(FEW_BITS, rows * BITS_PER_ROW)))) return null;
  const places = 2 ** Math.max(5, Math.ceil(Math.log2(Number(size))));
  return { bits: run.allocateZeroed(places >> 3, 'a join'), min: range.min, size: Number(size), places };
}

/** A filter of the values that a column has in records; null when it would be too large. */
export async function filterOfRecords(
  run: QueryRun,
  records: Records,
  column: Column,
  range: KeyRange,
): Promise<KeyFilter | null> {
  const filter = planKeyFilter(run, records.rows, range);
  const field = records.layout.byColumn.get(column.id);
  if (filter === null || field === undefined) return null;
  await overRecords(run, 'fill_filter', records, (pipeline, record) => {
    const { f } = pipeline;
    const key = rowCode.load(pipeline, field, records.layout, record);
    const admit = (): void => emitAdmit(pipeline, filter, only(key));
    if (key.isNull === null) admit();
    else f.get(key.isNull).op('i32.eqz').ifThen(admit);
  });
  return filter;
}

/** Sets the key's bit; other threads may set others at the same time. */
export function emitAdmit(pipeline: PipelineBuilder, filter: KeyFilter, key: Local): void {
  const { f } = pipeline;
  const code = loadFilter(pipeline, filter);
  const distance = f.local('i32');
  pushDistance(pipeline, code, key);
  f.op('i32.wrap_i64').tee(distance).i32(5).op('i32.shr_u').i32(2).op('i32.shl').get(code.bits).op('i32.add');
  f.i32(1).get(distance).op('i32.shl').atomic('i32.atomic.rmw.or').op('drop');
}

/** The test of a row by the filter; none for keys that are not a column as it is. */
export function keyTest(filter: KeyFilter | null, key: BoundExpression | undefined): readonly RowTest[] {
  if (filter === null || key === undefined) return [];
  const column = key.kind === 'cast' && key.operand.type.kind === 'int32' && key.type.kind === 'int64' ? key.operand : key;
  if (column.kind !== 'column') return [];
  return [
    {
      column: column.id,
      push: (pipeline, row) => {
        const { f } = pipeline;
        const value = emitExpression(row, key);
        const code = loadFilter(pipeline, filter);
        const [distance, place] = [f.local('i64'), f.local('i32')];
        pushDistance(pipeline, code, only(value));
        f.tee(distance).op('i32.wrap_i64').get(code.mask).op('i32.and').set(place);
        f.get(code.bits).get(place).i32(3).op('i32.shr_u').op('i32.add').load('i32.load8_u');
        f.get(place).i32(7).op('i32.and').op('i32.shr_u').i32(1).op('i32.and');
        if (!hasOwnPlaces(filter, boundsOf(value))) f.get(distance).get(code.size).op('i64.lt_u').op('i32.and');
        if (value.isNull !== null) f.get(value.isNull).op('i32.eqz').op('i32.and');
      },
    },
  ];
}

/** Whether no number within the bounds has a place that is a key's, unless it is that key. */
function hasOwnPlaces({ min, size, places }: KeyFilter, bounds: Bounds): boolean {
  return bounds.min >= min - BigInt(places - size) && bounds.max < min + BigInt(places);
}

interface FilterCode {
  readonly bits: Local;
  readonly min: Local;
  readonly size: Local;
  readonly mask: Local;
}

const FILTER = { min: 0, size: 8, bits: 16, mask: 20, bytes: 24 } as const;

/** The filter's numbers in locals. */
function loadFilter(pipeline: PipelineBuilder, { bits, min, size, places }: KeyFilter): FilterCode {
  const { f } = pipeline;
  const view = new DataView(new ArrayBuffer(FILTER.bytes));
  view.setBigInt64(FILTER.min, min, true);
  view.setBigInt64(FILTER.size, BigInt(size), true);
  view.setUint32(FILTER.bits, bits, true);
  view.setUint32(FILTER.mask, places - 1, true);
  const at = pipeline.constant(new Uint8Array(view.buffer));
  const code = { bits: f.local('i32'), min: f.local('i64'), size: f.local('i64'), mask: f.local('i32') };
  f.prologue(() => {
    f.get(at).load('i32.load', FILTER.bits).set(code.bits);
    f.get(at).load('i64.load', FILTER.min).set(code.min);
    f.get(at).load('i64.load', FILTER.size).set(code.size);
    f.get(at).load('i32.load', FILTER.mask).set(code.mask);
  });
  return code;
}

/** Pushes the key less the least one, as an i64. */
function pushDistance({ f }: PipelineBuilder, code: FilterCode, key: Local): void {
  f.get(key);
  if (key.type === 'i32') f.op('i64.extend_i32_s');
  f.get(code.min).op('i64.sub');
}
