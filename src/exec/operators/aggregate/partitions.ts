import type { Pointer } from '../../../memory/shared-memory.ts';
import type { FunctionBuilder, Local } from '../../../wasm/function-builder.ts';
import { MORSEL } from '../../pipeline/blocks.ts';
import { layMorsels } from '../../pipeline/morsels.ts';
import type { PipelineBuilder, Row, Slot, Source } from '../../pipeline/stream.ts';
import type { QueryRun } from '../../query-run.ts';
import type { RowLayout } from '../../rows/layout.ts';
import { pushSameRecords } from './hashed.ts';
import { FIRST_BITS, GROUPS, readAddress, writeWords } from './layout.ts';
import type { RecordColumns } from './result.ts';

/**
 * Groups of several threads, partition by partition of their hashes: the morsel that reads a partition first merges it, in a
 * directory of its own that fits the cache, so merging is as parallel as reading, and happens once.
 */

/** Groups of one partition, about. */
const PARTITION_GROUPS = 1 << 13;
/** Partitions per thread at least, so that threads end together. */
const PARTITIONS_PER_THREAD = 4;
/** Smallest directory of a merged partition. */
const LEAST_TARGET_BITS = 4;

/** A morsel: the partition's number, that number's bits, and the threads' directories: their count, then address and shift of each. */
const PARTITION = { number: MORSEL.end, bits: MORSEL.end + 4, parts: MORSEL.end + 8 } as const;
const PARTITION_BYTES = 12;

export type MergeRecords = (pipeline: PipelineBuilder, row: Row, into: Local, from: Local) => void;

export function partitionSource(
  run: QueryRun,
  blocks: readonly Pointer[],
  slot: Slot,
  keys: RowLayout,
  merge: MergeRecords,
  columns: RecordColumns,
): Source {
  const groups = blocks.reduce((sum, block) => sum + readAddress(run, block + slot + GROUPS.count), 0);
  const wanted = Math.max(groups / PARTITION_GROUPS, PARTITIONS_PER_THREAD * run.threads);
  // a partition is a range of every directory, however small
  const bits = Math.min(FIRST_BITS, Math.ceil(Math.log2(wanted)));
  const parts = run.allocate(4 + blocks.length * 8, 'aggregation');
  const directories = blocks.flatMap((block) => [
    readAddress(run, block + slot + GROUPS.table),
    readAddress(run, block + slot + GROUPS.shift),
  ]);
  run.memory.i32(parts, 1 + directories.length).set([blocks.length, ...directories]);
  const morsels = Array.from({ length: 1 << bits }, (_, number) => ({
    rows: Math.ceil(groups / (1 << bits)),
    write: (words: DataView): void => writeWords(words, [number, bits, parts]),
  }));
  return {
    morsels: layMorsels(run, PARTITION_BYTES, morsels),
    rows: groups,
    node: null,
    emit(pipeline, filters, body) {
      const target = emitMergedPartition(pipeline, keys, merge);
      emitEntries(pipeline, target, (record, index) => {
        const sequence = (row: Row): Local => partitionSequence(pipeline, row.f, index);
        body(pipeline.rowOf(columns(pipeline, record), sequence), filters);
      });
    },
  };
}

/** Partitions may have more groups than their share, so the number of a partition stands above that of a group in it. */
function partitionSequence({ morsel }: PipelineBuilder, f: FunctionBuilder, index: Local): Local {
  const sequence = f.local('i64');
  f.get(morsel).load('i64.load32_u', PARTITION.number).i64(32n).op('i64.shl');
  f.get(index).op('i64.extend_i32_u').op('i64.or').set(sequence);
  return sequence;
}

interface Target {
  readonly table: Local;
  readonly bits: Local;
}

/** A directory of all groups of the partition, equal ones merged. */
function emitMergedPartition(pipeline: PipelineBuilder, keys: RowLayout, merge: MergeRecords): Target {
  const { f } = pipeline;
  const [table, bits, count, bytes] = [f.local('i32'), f.local('i32'), f.local('i32'), f.local('i32')];
  emitPartEntries(pipeline, () => f.get(count).i32(1).op('i32.add').set(count));
  // twice the entries, rounded up to a power of two
  f.i32(32).get(count).i32(1).op('i32.shl').i32(1).op('i32.or').op('i32.clz').op('i32.sub').set(bits);
  f.get(bits).i32(LEAST_TARGET_BITS).get(bits).i32(LEAST_TARGET_BITS).op('i32.gt_u').select().set(bits);
  f.i32(8).get(bits).op('i32.shl').tee(bytes);
  pipeline.allocate();
  f.tee(table).i32(0).get(bytes).memoryFill();
  emitPartEntries(pipeline, (entry) => emitMergeEntry(pipeline, { table, bits }, entry, keys, merge));
  return { table, bits };
}

/** Calls `each` for every entry of the partition in every thread's directory. */
function emitPartEntries(pipeline: PipelineBuilder, each: (entry: Local) => void): void {
  const { f, morsel } = pipeline;
  const [part, partEnd, table, mask] = [f.local('i32'), f.local('i32'), f.local('i32'), f.local('i32')];
  const [place, end, shift, entry] = [f.local('i32'), f.local('i32'), f.local('i32'), f.local('i64')];
  f.get(morsel).load('i32.load', PARTITION.parts).tee(part).load('i32.load').i32(3).op('i32.shl');
  f.get(part).i32(4).op('i32.add').tee(part).op('i32.add').set(partEnd);
  f.block((done) => {
    f.loop((nextPart) => {
      f.get(part).get(partEnd).op('i32.ge_u').brIf(done);
      f.get(part).load('i32.load').set(table);
      f.get(part).load('i32.load', 4).set(shift);
      f.i32(-1).get(shift).op('i32.shr_u').set(mask);
      // the partition's range: its number is the upper `bits` bits of the hash
      f.i32(32).get(shift).op('i32.sub').get(morsel).load('i32.load', PARTITION.bits).op('i32.sub').set(shift);
      f.get(morsel).load('i32.load', PARTITION.number).get(shift).op('i32.shl').set(place);
      f.get(place).i32(1).get(shift).op('i32.shl').op('i32.add').set(end);
      f.block((partDone) => {
        f.loop((next) => {
          f.get(table).get(place).get(mask).op('i32.and').i32(3).op('i32.shl').op('i32.add').load('i64.load').tee(entry);
          f.op('i64.eqz');
          // entries pushed out of the range stand right behind it
          f.ifElse(
            () => f.get(place).get(end).op('i32.ge_u').brIf(partDone),
            () => {
              pushPartition(f, morsel, entry);
              f.get(morsel).load('i32.load', PARTITION.number).op('i32.eq');
              f.ifThen(() => each(entry));
            },
          );
          f.get(place).i32(1).op('i32.add').set(place).br(next);
        });
      });
      f.get(part).i32(8).op('i32.add').set(part).br(nextPart);
    });
  });
}

function pushPartition(f: FunctionBuilder, morsel: Local, entry: Local): void {
  f.get(entry).i64(64n).get(morsel).load('i64.load32_u', PARTITION.bits).op('i64.sub').op('i64.shr_u').op('i32.wrap_i64');
}

/** Finds the entry's group in the target and merges into it, or takes the entry over. */
function emitMergeEntry(pipeline: PipelineBuilder, target: Target, entry: Local, keys: RowLayout, merge: MergeRecords): void {
  const { f, morsel } = pipeline;
  const [place, at, known, record, other] = [f.local('i32'), f.local('i32'), f.local('i64'), f.local('i32'), f.local('i32')];
  f.get(entry).op('i32.wrap_i64').set(other);
  // the hash's bits below those of the partition
  f.get(entry).i64(32n).op('i64.shr_u').op('i32.wrap_i64').get(morsel).load('i32.load', PARTITION.bits).op('i32.shl');
  f.i32(32).get(target.bits).op('i32.sub').op('i32.shr_u').set(place);
  f.block((done) => {
    f.loop((probe) => {
      f.get(target.table).get(place).i32(3).op('i32.shl').op('i32.add').tee(at).load('i64.load').tee(known).op('i64.eqz');
      f.ifThen(() => {
        f.get(at).get(entry).store('i64.store').br(done);
      });
      f.get(known).get(entry).op('i64.xor').i64(32n).op('i64.shr_u').op('i64.eqz');
      f.ifThen(() => {
        f.get(known).op('i32.wrap_i64').set(record);
        const row = pipeline.rowOf(new Map());
        pushSameRecords(pipeline, row, keys, record, other);
        f.ifThen(() => {
          merge(pipeline, row.branch(), record, other);
          f.br(done);
        });
      });
      f.get(place).i32(1).op('i32.add').i32(1).get(target.bits).op('i32.shl').i32(1).op('i32.sub').op('i32.and');
      f.set(place).br(probe);
    });
  });
}

/** Calls `each` with the record of every entry, and a number that ascends with them. */
function emitEntries({ f }: PipelineBuilder, { table, bits }: Target, each: (record: Local, index: Local) => void): void {
  const [index, record] = [f.local('i32'), f.local('i32')];
  f.block((end) => {
    f.loop((next) => {
      f.get(index).i32(1).get(bits).op('i32.shl').op('i32.ge_u').brIf(end);
      f.get(table).get(index).i32(3).op('i32.shl').op('i32.add').load('i64.load').op('i32.wrap_i64').tee(record);
      f.ifThen(() => each(record, index));
      f.get(index).i32(1).op('i32.add').set(index).br(next);
    });
  });
}
