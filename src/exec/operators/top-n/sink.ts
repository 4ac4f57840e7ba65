import type { Column } from '../../../../planner/expression.ts';
import type { SharedMemory } from '../../../memory/shared-memory.ts';
import type { FunctionRef, Local } from '../../../wasm/function-builder.ts';
import type { BlockLayout, Blocks, PipelineBuilder, Row, Sink, Slot } from '../../pipeline/stream.ts';
import { rowCode } from '../../rows/code.ts';
import type { RowLayout } from '../../rows/layout.ts';
import type { Records } from '../../rows/row-sink.ts';
import { compareRoutine, emitOrder } from '../sort/compare.ts';
import type { RecordKey } from '../sort/keys.ts';
import { emitSiftDown, emitSiftUp } from './heap.ts';

/** A thread's slot: its heap (which its records follow), how many are in it, how many it may hold. */
const TOP = { heap: 0, count: 4, capacity: 8, bytes: 16 } as const;

/**
 * Keeps, in each thread, the rows that come first in the order. A thread sees rows in the stream's order, so among equal
 * rows it keeps those it already has. Columns that are not keys are read only for rows that are kept.
 */
export class TopSink implements Sink {
  readonly #memory: SharedMemory;
  readonly #columns: readonly Column[];
  readonly #layout: RowLayout;
  readonly #keys: readonly RecordKey[];
  readonly #capacity: number;
  #slot: Slot = 0;

  /** The layout's first header (8 bytes) is the row's sequence. `capacity` rows are kept, at least 1. */
  constructor(memory: SharedMemory, columns: readonly Column[], layout: RowLayout, keys: readonly RecordKey[], capacity: number) {
    this.#memory = memory;
    this.#columns = columns;
    this.#layout = layout;
    this.#keys = keys;
    this.#capacity = capacity;
  }

  open(blocks: BlockLayout): void {
    this.#slot = blocks.local(TOP.bytes);
  }

  start(blocks: Blocks): void {
    for (const local of blocks.locals) {
      const words = this.#memory.i32(local + this.#slot, TOP.bytes >> 2);
      words[TOP.capacity >> 2] = this.#capacity;
    }
  }

  consume(pipeline: PipelineBuilder, row: Row): void {
    const { f, local } = pipeline;
    const [heap, count, capacity, record] = [f.local('i32'), f.local('i32'), f.local('i32'), f.local('i32')];
    const compare = compareRoutine(pipeline, this.#layout, this.#keys, { sequence: sequenceOffset(this.#layout) });
    f.prologue(() => this.#emitLoad(pipeline, heap, count, capacity));
    const keys = this.#keys.map(({ field }) => row.column(field.column.id));
    f.get(count).get(capacity).op('i32.lt_u');
    f.ifElse(
      () => {
        pushHeapBytes(pipeline, capacity);
        f.get(count).i32(this.#layout.width).op('i32.mul').op('i32.add').get(heap).op('i32.add').set(record);
        this.#emitStore(pipeline, row.branch(), record);
        f.get(heap).get(count).i32(2).op('i32.shl').op('i32.add').get(record).store('i32.store');
        this.#emitCall(pipeline, heap, count, compare, emitSiftUp);
        f.get(count).i32(1).op('i32.add').set(count);
        f.get(local)
          .get(count)
          .store('i32.store', this.#slot + TOP.count);
      },
      () => {
        f.get(heap).load('i32.load').set(record);
        f.block((unwanted) => {
          f.block((wanted) => {
            const inner = row.branch();
            this.#keys.forEach((key, i) => {
              const value = keys[i];
              if (value === undefined) return;
              const kept = rowCode.load(pipeline, key.field, this.#layout, record);
              emitOrder(inner, key, value, kept, () => f.i32(0).op('i32.lt_s').brIf(wanted).br(unwanted));
            });
            f.br(unwanted);
          });
          this.#emitStore(pipeline, row.branch(), record);
          this.#emitCall(pipeline, heap, count, compare, emitSiftDown);
        });
      },
    );
  }

  /** The rows kept by all threads, in no order; each knows its sequence. */
  records(blocks: Blocks): Records {
    const chunks = blocks.locals.flatMap((local) => {
      const [heap = 0, rows = 0] = this.#memory.u32(local + this.#slot, 2);
      return rows === 0 ? [] : [{ address: heap + heapBytes(this.#capacity), rows }];
    });
    return { layout: this.#layout, chunks, rows: chunks.reduce((sum, { rows }) => sum + rows, 0) };
  }

  #emitLoad(pipeline: PipelineBuilder, heap: Local, count: Local, capacity: Local): void {
    const { f, local } = pipeline;
    f.get(local)
      .load('i32.load', this.#slot + TOP.count)
      .set(count);
    f.get(local)
      .load('i32.load', this.#slot + TOP.capacity)
      .set(capacity);
    f.get(local)
      .load('i32.load', this.#slot + TOP.heap)
      .tee(heap)
      .op('i32.eqz');
    f.ifThen(() => {
      pushHeapBytes(pipeline, capacity);
      f.get(capacity).i32(this.#layout.width).op('i32.mul').op('i32.add');
      pipeline.allocate();
      f.set(heap);
      f.get(local)
        .get(heap)
        .store('i32.store', this.#slot + TOP.heap);
    });
  }

  #emitStore(pipeline: PipelineBuilder, row: Row, record: Local): void {
    rowCode.store(
      pipeline,
      this.#layout,
      record,
      this.#columns.map(({ id }) => row.column(id)),
    );
    pipeline.f.get(record).get(row.sequence()).store('i64.store', sequenceOffset(this.#layout));
  }

  /** Moving entries is rare: it stands in a function of its own. */
  #emitCall(pipeline: PipelineBuilder, heap: Local, second: Local, compare: FunctionRef, body: typeof emitSiftUp): void {
    const move = pipeline.routine('sift', ['i32', 'i32'], [], (routine) => {
      body(routine, routine.f.param(2), routine.f.param(3), compare);
    });
    pipeline.f.get(pipeline.shared).get(pipeline.local).get(heap).get(second).call(move);
  }
}

/** The heap's entries, up to a multiple of 8, stand before the records. */
function heapBytes(capacity: number): number {
  return (capacity * 4 + 7) & ~7;
}

function pushHeapBytes({ f }: PipelineBuilder, capacity: Local): void {
  f.get(capacity).i32(2).op('i32.shl').i32(7).op('i32.add').i32(-8).op('i32.and');
}

function sequenceOffset(layout: RowLayout): number {
  const [offset] = layout.headers;
  if (offset === undefined) throw new RangeError('the records have no sequence');
  return offset;
}
