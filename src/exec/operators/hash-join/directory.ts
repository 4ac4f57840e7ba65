import type { Value } from '../../../functions/definition.ts';
import type { Pointer } from '../../../memory/shared-memory.ts';
import { NO_SPAN } from '../../../types/span.ts';
import type { FunctionBuilder, Local } from '../../../wasm/function-builder.ts';
import { pushComparison, pushNotDistinct } from '../../expression/compare.ts';
import { emitContextOf } from '../../expression/emit-context.ts';
import { emitHash } from '../../expression/hash.ts';
import { only } from '../../expression/values.ts';
import type { PipelineBuilder, Row, Slot } from '../../pipeline/stream.ts';
import type { QueryRun } from '../../query-run.ts';
import { rowCode } from '../../rows/code.ts';
import type { RowField, RowLayout } from '../../rows/layout.ts';
import { overRecords } from '../../rows/over-records.ts';
import type { Records } from '../../rows/row-sink.ts';
import { HEADER, type KeyRange } from './build.ts';
import { emitAdmit, type KeyFilter, planKeyFilter } from './key-filter.ts';

/**
 * The directory of a join's build side: an array of uint32 addresses of records, 0 for none; records of one place are
 * chained through their headers.
 */
export type Directory =
  | {
      /** One integer key: its place is the key less `min`; all records of a chain have the same key. */
      readonly type: 'direct';
      readonly table: Pointer;
      readonly min: bigint;
      readonly size: number;
    }
  | {
      /** The place is the hash, whose value stands in the record's header, shifted right by `shift`. */
      readonly type: 'hashed';
      readonly table: Pointer;
      readonly shift: number;
    }
  | {
      /** No key to search by: one chain of everything. */
      readonly type: 'chain';
      readonly table: Pointer;
    };

/** A key of a record: where it is, and whether NULL equals NULL. */
export interface DirectoryKey {
  readonly field: RowField;
  readonly nullSafe: boolean;
}

export interface JoinTable {
  readonly records: Records;
  readonly keys: readonly DirectoryKey[];
  readonly directory: Directory;
  /** Null: rows are not tested before they are searched for. */
  readonly filter: KeyFilter | null;
  /** No two records have equal keys. */
  readonly unique: boolean;
}

/** A direct directory may have this many places per record, or places in all. */
const PLACES_PER_ROW = 4;
const FEW_PLACES = 1024;

/**
 * Builds the directory; `range` is that of the only key, null when it cannot index an array. `selective`: few rows of the
 * other side find a record, so that testing them first pays.
 */
export async function buildDirectory(
  run: QueryRun,
  records: Records,
  keys: readonly DirectoryKey[],
  range: KeyRange | null,
  selective: boolean,
): Promise<JoinTable> {
  const directory = place(run, records.rows, keys.length, range);
  const filter = selective ? planKeyFilter(run, records.rows, range) : null;
  if (records.rows === 0) return { records, keys, directory, filter, unique: true };
  const duplicates = await fill(run, records, keys, directory, filter);
  return { records, keys, directory, filter, unique: directory.type !== 'chain' && !duplicates };
}

function place(run: QueryRun, rows: number, keys: number, range: KeyRange | null): Directory {
  const allocate = (places: number): Pointer => run.allocateZeroed(places * 4, 'a join');
  if (keys === 0) return { type: 'chain', table: allocate(1) };
  if (range !== null && range.max >= range.min) {
    const size = range.max - range.min + 1n;
    if (size <= BigInt(Math.max(FEW_PLACES, rows * PLACES_PER_ROW))) {
      return { type: 'direct', table: allocate(Number(size)), min: range.min, size: Number(size) };
    }
  }
  const bits = Math.max(4, Math.ceil(Math.log2(Math.max(1, rows))));
  return { type: 'hashed', table: allocate(2 ** bits), shift: 32 - bits };
}

/** What generated code reads of a directory; the same for filling and probing. */
export const DIRECTORY = { table: 0, shift: 4, min: 8, size: 16, bytes: 24 } as const;

export function directoryBytes(directory: Directory): Uint8Array {
  const view = new DataView(new ArrayBuffer(DIRECTORY.bytes));
  view.setUint32(DIRECTORY.table, directory.table, true);
  if (directory.type === 'hashed') view.setUint32(DIRECTORY.shift, directory.shift, true);
  if (directory.type === 'direct') {
    view.setBigInt64(DIRECTORY.min, directory.min, true);
    view.setBigUint64(DIRECTORY.size, BigInt(directory.size), true);
  }
  return new Uint8Array(view.buffer);
}

/** Chains every record in; resolves to whether two have equal keys. */
async function fill(
  run: QueryRun,
  records: Records,
  keys: readonly DirectoryKey[],
  directory: Directory,
  filter: KeyFilter | null,
): Promise<boolean> {
  const { layout } = records;
  let slot: Slot = 0;
  let duplicate: Local | undefined;
  const blocks = await overRecords(
    run,
    'fill_join',
    records,
    (pipeline, record) => {
      const values = keys.map(({ field }) => rowCode.load(pipeline, field, layout, record));
      duplicate = pipeline.f.local('i32');
      emitInsert(pipeline, layout, keys, values, directory, record, duplicate);
      if (filter !== null) emitAdmit(pipeline, filter, only(valueAt(values, 0)));
    },
    (layout_) => {
      slot = layout_.local(8);
    },
    ({ f, local }) => {
      if (duplicate !== undefined) f.get(duplicate).ifThen(() => f.get(local).i32(1).store('i32.store', slot));
    },
  );
  return blocks.locals.some((local) => run.memory.i32(local + slot, 1)[0] !== 0);
}

/** Threads insert at once: a record is complete, its successor included, before the directory shows it. */
function emitInsert(
  pipeline: PipelineBuilder,
  layout: RowLayout,
  keys: readonly DirectoryKey[],
  values: readonly Value[],
  directory: Directory,
  record: Local,
  duplicate: Local,
): void {
  const { f } = pipeline;
  const row = pipeline.rowOf(new Map());
  const [at, head] = [f.local('i32'), f.local('i32')];
  const next = headerOffset(layout, HEADER.next);
  const hash = directory.type === 'hashed' ? emitHash(emitContextOf(row, NO_SPAN), values) : null;
  if (hash !== null) f.get(record).get(hash).store('i32.store', headerOffset(layout, HEADER.hash));
  const code = loadDirectory(pipeline, directory);
  pushPlace(f, directory, code, values, hash);
  f.i32(2).op('i32.shl').get(code.table).op('i32.add').set(at);
  if (pipeline.run.threads === 1) {
    f.get(record).get(at).load('i32.load').tee(head).store('i32.store', next);
    f.get(at).get(record).store('i32.store');
  } else {
    f.loop((again) => {
      f.get(at).atomic('i32.atomic.load').set(head);
      f.get(record).get(head).store('i32.store', next);
      f.get(at).get(head).get(record).atomic('i32.atomic.rmw.cmpxchg').get(head).op('i32.ne').brIf(again);
    });
  }
  if (directory.type === 'direct') {
    f.get(duplicate).get(head).op('i32.or').set(duplicate);
  } else if (hash !== null) {
    f.get(duplicate).op('i32.eqz');
    f.ifThen(() => {
      emitFindEqual(pipeline, row.branch(), layout, keys, values, hash, head);
      f.get(head).set(duplicate);
    });
  }
}

/** Moves `record` along its chain to one with these keys, or to 0. */
function emitFindEqual(
  pipeline: PipelineBuilder,
  row: Row,
  layout: RowLayout,
  keys: readonly DirectoryKey[],
  values: readonly Value[],
  hash: Local,
  record: Local,
): void {
  const { f } = pipeline;
  f.block((done) => {
    f.loop((again) => {
      f.get(record).op('i32.eqz').brIf(done);
      f.get(record).load('i32.load', headerOffset(layout, HEADER.hash)).get(hash).op('i32.eq');
      f.ifThen(() => {
        pushEqualKeys(pipeline, row.branch(), layout, keys, values, record);
        f.brIf(done);
      });
      f.get(record).load('i32.load', headerOffset(layout, HEADER.next)).set(record).br(again);
    });
  });
}

/** The directory's numbers in locals, loaded once per function. */
export interface DirectoryCode {
  readonly table: Local;
  readonly shift: Local;
  readonly min: Local;
  readonly size: Local;
}

export function loadDirectory(pipeline: PipelineBuilder, directory: Directory): DirectoryCode {
  const { f } = pipeline;
  const [table, shift, min, size] = [f.local('i32'), f.local('i32'), f.local('i64'), f.local('i64')];
  const at = pipeline.constant(directoryBytes(directory));
  f.prologue(() => {
    f.get(at).load('i32.load', DIRECTORY.table).set(table);
    if (directory.type === 'hashed') f.get(at).load('i32.load', DIRECTORY.shift).set(shift);
    if (directory.type === 'direct') {
      f.get(at).load('i64.load', DIRECTORY.min).set(min);
      f.get(at).load('i64.load', DIRECTORY.size).set(size);
    }
  });
  return { table, shift, min, size };
}

/** Pushes the place of keys that lie in the directory's range. */
function pushPlace(
  f: FunctionBuilder,
  directory: Directory,
  code: DirectoryCode,
  [key]: readonly Value[],
  hash: Local | null,
): void {
  if (hash !== null) f.get(hash).get(code.shift).op('i32.shr_u');
  else if (directory.type === 'direct' && key !== undefined) {
    pushDistance(f, code, key);
    f.op('i32.wrap_i64');
  } else f.i32(0);
}

/** Pushes the key less the smallest one, as an i64 that, unsigned, is below the directory's size exactly for keys in its range. */
export function pushDistance(f: FunctionBuilder, code: DirectoryCode, key: Value): void {
  const local = only(key);
  f.get(local);
  if (local.type === 'i32') f.op('i64.extend_i32_s');
  f.get(code.min).op('i64.sub');
}

/** Leaves 1 when the record's keys equal the values; values that are not null-safe are taken as not NULL. */
export function pushEqualKeys(
  pipeline: PipelineBuilder,
  row: Row,
  layout: RowLayout,
  keys: readonly DirectoryKey[],
  values: readonly Value[],
  record: Local,
): void {
  const { f } = pipeline;
  const context = emitContextOf(row, NO_SPAN);
  keys.forEach(({ field, nullSafe }, i) => {
    const value = values[i];
    if (value === undefined) return;
    const stored = rowCode.load(pipeline, field, layout, record);
    if (nullSafe) pushNotDistinct(context, value, stored);
    else pushComparison(context, 'equal', value, stored);
    if (i > 0) f.op('i32.and');
  });
  if (keys.length === 0) f.i32(1);
}

function valueAt(values: readonly Value[], position: number): Value {
  const value = values[position];
  if (value === undefined) throw new RangeError(`there is no key ${position}`);
  return value;
}

/** Offset of a header field that the layout was made with. */
export function headerOffset(layout: RowLayout, header: number): number {
  const offset = layout.headers[header];
  if (offset === undefined) throw new RangeError(`the record has no header ${header}`);
  return offset;
}
