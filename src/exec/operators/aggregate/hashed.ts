import type { Value } from '../../../functions/definition.ts';
import { NO_SPAN } from '../../../types/span.ts';
import type { FunctionRef, Local } from '../../../wasm/function-builder.ts';
import { pushNotDistinct } from '../../expression/compare.ts';
import { emitContextOf } from '../../expression/emit-context.ts';
import type { PipelineBuilder, Row, Slot } from '../../pipeline/stream.ts';
import { rowCode } from '../../rows/code.ts';
import type { RowLayout } from '../../rows/layout.ts';
import { hashCodes } from './hash.ts';
import { FIRST_BITS, FIRST_PAGE_BYTES, GROUPS, LARGEST_PAGE_BYTES, PAGE } from './layout.ts';

/** Records of hashed groups: the keys, then the accumulators. */
export interface GroupRecords {
  readonly keys: RowLayout;
  /** Of keys and accumulators together. */
  readonly width: number;
}

/**
 * Emits the search for the group of `values` in the thread's own directory; a group that is not there yet is put there with
 * all accumulators zero. Leaves the address of its record. Rows of one group often follow each other (the lines of an order,
 * the samples of a series): a row with the very keys of the one before is not searched for.
 */
export function emitHashedGroup(
  pipeline: PipelineBuilder,
  row: Row,
  records: GroupRecords,
  values: readonly Value[],
  slot: Slot,
): Local {
  const { f } = pipeline;
  const group = f.local('i32');
  const parts = values.flatMap(partsOf).map((part) => ({ part, last: f.local(part.type) }));
  f.get(group).op('i32.eqz');
  for (const { part, last } of parts) f.get(part).get(last).op(`${part.type}.ne`).op('i32.or');
  f.ifThen(() => {
    for (const { part, last } of parts) f.get(part).set(last);
    emitSearch(pipeline, row.branch(), records, values, slot, group);
  });
  return group;
}

/** The locals that make a value, its NULL-ness among them: values with equal ones are equal, others may be. */
function partsOf({ locals, isNull, dictionary }: Value): readonly KeyPart[] {
  const own = dictionary === undefined ? locals : [dictionary.code];
  return [...own, ...(isNull === null ? [] : [isNull])].map(({ index, type }) => {
    if (type === 'i32' || type === 'i64' || type === 'f64') return { index, type };
    throw new RangeError(`no value has a part of type ${type}`);
  });
}

interface KeyPart extends Local {
  readonly type: 'i32' | 'i64' | 'f64';
}

/** Sets `group` to the group of `values`. */
function emitSearch(
  pipeline: PipelineBuilder,
  row: Row,
  records: GroupRecords,
  values: readonly Value[],
  slot: Slot,
  group: Local,
): void {
  const { f, local, shared } = pipeline;
  const hash = hashCodes(row, values);
  const [table, shift, mask] = [f.local('i32'), f.local('i32'), f.local('i32')];
  const [place, entry] = [f.local('i32'), f.local('i64')];
  const grow = growRoutine(pipeline, slot);
  const insert = insertRoutine(pipeline, records, slot, grow);
  const reload = (): void => {
    f.get(local)
      .load('i32.load', slot + GROUPS.table)
      .set(table);
    f.get(local)
      .load('i32.load', slot + GROUPS.shift)
      .set(shift);
    f.i32(-1).get(shift).op('i32.shr_u').set(mask);
  };
  f.prologue(() => {
    f.get(local)
      .load('i32.load', slot + GROUPS.table)
      .op('i32.eqz');
    f.ifThen(() => f.get(shared).get(local).call(grow));
    reload();
  });
  f.get(hash).get(shift).op('i32.shr_u').set(place);
  f.block((found) => {
    f.loop((probe) => {
      f.get(table).get(place).i32(3).op('i32.shl').op('i32.add').load('i64.load').tee(entry).op('i64.eqz');
      f.ifThen(() => {
        f.get(shared).get(local).get(hash).call(insert).set(group);
        reload();
        rowCode.store(pipeline, records.keys, group, values);
        f.br(found);
      });
      f.get(entry).op('i32.wrap_i64').set(group);
      f.get(entry).i64(32n).op('i64.shr_u').op('i32.wrap_i64').get(hash).op('i32.eq');
      f.ifThen(() => {
        pushSameKeys(pipeline, row, records.keys, values, group);
        f.brIf(found);
      });
      f.get(place).i32(1).op('i32.add').get(mask).op('i32.and').set(place).br(probe);
    });
  });
}

/** Leaves 1 when the record's keys are the values. */
function pushSameKeys(pipeline: PipelineBuilder, row: Row, keys: RowLayout, values: readonly Value[], record: Local): void {
  const { f } = pipeline;
  const context = emitContextOf(row, NO_SPAN);
  keys.fields.forEach((field, i) => {
    const value = values[i];
    if (value === undefined) return;
    pushNotDistinct(context, value, rowCode.load(pipeline, field, keys, record));
    if (i > 0) f.op('i32.and');
  });
}

/** Leaves 1 when two records have the same keys. */
export function pushSameRecords(pipeline: PipelineBuilder, row: Row, keys: RowLayout, a: Local, b: Local): void {
  const values = keys.fields.map((field) => rowCode.load(pipeline, field, keys, a));
  pushSameKeys(pipeline, row, keys, values, b);
}

/** `()`: a directory of twice the size, or the first one. */
function growRoutine(pipeline: PipelineBuilder, slot: Slot): FunctionRef {
  return pipeline.routine('grow_groups', [], [], (routine) => {
    const { f, local } = routine;
    const [old, end, table, shift, bytes] = [f.local('i32'), f.local('i32'), f.local('i32'), f.local('i32'), f.local('i32')];
    const [place, entry] = [f.local('i32'), f.local('i64')];
    f.get(local)
      .load('i32.load', slot + GROUPS.table)
      .tee(old);
    f.ifElse(
      () => {
        f.get(local)
          .load('i32.load', slot + GROUPS.shift)
          .set(shift);
        f.get(old).i32(8).i32(32).get(shift).op('i32.sub').op('i32.shl').op('i32.add').set(end);
        f.get(shift).i32(1).op('i32.sub').set(shift);
      },
      () => f.i32(32 - FIRST_BITS).set(shift),
    );
    f.i32(8).i32(32).get(shift).op('i32.sub').op('i32.shl').tee(bytes);
    routine.allocate();
    f.tee(table).i32(0).get(bytes).memoryFill();
    f.block((done) => {
      f.loop((next) => {
        f.get(old).get(end).op('i32.ge_u').brIf(done);
        f.get(old).load('i64.load').tee(entry).i64(0n).op('i64.ne');
        f.ifThen(() => {
          f.get(entry).i64(32n).op('i64.shr_u').op('i32.wrap_i64').get(shift).op('i32.shr_u').set(place);
          emitFreePlace(routine, table, place, shift);
          f.get(table).get(place).i32(3).op('i32.shl').op('i32.add').get(entry).store('i64.store');
        });
        f.get(old).i32(8).op('i32.add').set(old).br(next);
      });
    });
    f.get(local)
      .get(table)
      .store('i32.store', slot + GROUPS.table);
    f.get(local)
      .get(shift)
      .store('i32.store', slot + GROUPS.shift);
    f.get(local)
      .get(bytes)
      .i32(4)
      .op('i32.shr_u')
      .store('i32.store', slot + GROUPS.limit);
  });
}

/** Moves `place` on to the next free entry. */
function emitFreePlace({ f }: PipelineBuilder, table: Local, place: Local, shift: Local): void {
  f.block((free) => {
    f.loop((probe) => {
      f.get(table).get(place).i32(3).op('i32.shl').op('i32.add').load('i64.load').op('i64.eqz').brIf(free);
      f.get(place).i32(1).op('i32.add').i32(-1).get(shift).op('i32.shr_u').op('i32.and').set(place).br(probe);
    });
  });
}

/** `(hash) -> record`: a new group in pages and directory, its bytes zero. */
function insertRoutine(pipeline: PipelineBuilder, records: GroupRecords, slot: Slot, grow: FunctionRef): FunctionRef {
  return pipeline.routine('insert_group', ['i32'], ['i32'], (routine) => {
    const { f, local, shared } = routine;
    const hash = f.param(2);
    const [record, place, table, shift] = [f.local('i32'), f.local('i32'), f.local('i32'), f.local('i32')];
    const load = (field: number): void => void f.get(local).load('i32.load', slot + field);
    load(GROUPS.count);
    load(GROUPS.limit);
    f.op('i32.ge_u').ifThen(() => f.get(shared).get(local).call(grow));
    load(GROUPS.next);
    f.tee(record).i32(records.width).op('i32.add');
    load(GROUPS.end);
    f.op('i32.gt_u').ifThen(() => emitNewPage(routine, records, slot, record));
    f.get(local)
      .get(record)
      .i32(records.width)
      .op('i32.add')
      .store('i32.store', slot + GROUPS.next);
    load(GROUPS.table);
    f.set(table);
    load(GROUPS.shift);
    f.set(shift);
    f.get(hash).get(shift).op('i32.shr_u').set(place);
    emitFreePlace(routine, table, place, shift);
    f.get(table).get(place).i32(3).op('i32.shl').op('i32.add');
    f.get(hash).op('i64.extend_i32_u').i64(32n).op('i64.shl').get(record).op('i64.extend_i32_u').op('i64.or');
    f.store('i64.store').get(local);
    load(GROUPS.count);
    f.i32(1)
      .op('i32.add')
      .store('i32.store', slot + GROUPS.count)
      .get(record);
  });
}

/** Chains a page twice as large as the last one; `record` becomes the address of its first record. */
function emitNewPage(routine: PipelineBuilder, { width }: GroupRecords, slot: Slot, record: Local): void {
  const { f, local } = routine;
  const [page, bytes, last] = [f.local('i32'), f.local('i32'), f.local('i32')];
  const least = Math.max(FIRST_PAGE_BYTES, PAGE.records + width);
  f.get(local)
    .load('i32.load', slot + GROUPS.pageBytes)
    .tee(bytes)
    .i32(least)
    .op('i32.lt_u');
  f.ifThen(() => f.i32(least).set(bytes));
  f.get(bytes);
  routine.allocate();
  f.tee(page).i32(0).get(bytes).memoryFill();
  f.get(local)
    .load('i32.load', slot + GROUPS.page)
    .tee(last);
  f.ifElse(
    () => {
      f.get(last).get(record).store('i32.store', PAGE.used);
      f.get(last).get(page).store('i32.store', PAGE.next);
    },
    () =>
      f
        .get(local)
        .get(page)
        .store('i32.store', slot + GROUPS.firstPage),
  );
  f.get(local)
    .get(page)
    .store('i32.store', slot + GROUPS.page);
  f.get(local)
    .get(page)
    .get(bytes)
    .op('i32.add')
    .store('i32.store', slot + GROUPS.end);
  f.get(local)
    .get(bytes)
    .i32(1)
    .op('i32.shl')
    .i32(LARGEST_PAGE_BYTES)
    .get(bytes)
    .i32(LARGEST_PAGE_BYTES >> 1)
    .op('i32.lt_u')
    .select();
  f.store('i32.store', slot + GROUPS.pageBytes);
  f.get(page).i32(PAGE.records).op('i32.add').set(record);
}
