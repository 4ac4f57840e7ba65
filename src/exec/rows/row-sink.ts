import type { Column } from '../../../planner/expression.ts';
import type { Pointer, SharedMemory } from '../../memory/shared-memory.ts';
import { LumaError, SQLSTATE } from '../../types/error.ts';
import type { FunctionRef, Local } from '../../wasm/function-builder.ts';
import { MORSEL } from '../pipeline/blocks.ts';
import type { BlockLayout, Blocks, PipelineBuilder, Row, Sink, Slot } from '../pipeline/stream.ts';
import { rowLayout, shapeOf } from './build.ts';
import { rowCode } from './code.ts';
import type { RowLayout } from './layout.ts';

/** Records one after the other. */
export interface RowChunk {
  /** Of the first record. */
  readonly address: Pointer;
  readonly rows: number;
}

/** What a RowSink collected. */
export interface Records {
  readonly layout: RowLayout;
  /** In the stream's order, when that was asked for. */
  readonly chunks: readonly RowChunk[];
  readonly rows: number;
}

export interface RowSinkOptions {
  /** Widths of header fields (hash, next record, …). */
  readonly headers?: readonly (4 | 8)[];
  /** Keep the stream's order: then a chunk holds rows of one morsel only. */
  readonly ordered?: boolean;
  /** Writes the header fields of a new record; its other fields are already there. */
  readonly header?: (pipeline: PipelineBuilder, row: Row, record: Local, layout: RowLayout) => void;
}

/** A chunk in memory, before its records. */
const CHUNK = { next: 0, rows: 4, sequence: 8, records: 16 } as const;
/** A thread's slots: first and newest chunk, end of the page, bytes of its next page. */
const THREAD = { first: 0, newest: 4, pageEnd: 8, pageBytes: 12, cursor: 16, limit: 20, bytes: 24 } as const;
/** No branch has this many rows. */
const BRANCH_SHIFT = 48n;
const FIRST_PAGE = 4096;
const LARGEST_PAGE = 1 << 20;

/**
 * Ends a stream by writing its rows as records, each thread into pages of its own.
 *
 * While a morsel runs, the place of the next record is in a local. `limit` says how far the chunk may grow; an ordered sink
 * sets it to 0 when a morsel begins, so that the first row opens a chunk of its own.
 */
export class RowSink implements Sink {
  readonly #columns: readonly Column[];
  readonly #options: RowSinkOptions;
  #slot: Slot = 0;
  #layout: RowLayout | undefined;
  #cursor: Local | undefined;
  #limit: Local | undefined;
  /** Pipelines generated so far: rows of one branch come before those of the next. */
  #branches = 0;

  constructor(columns: readonly Column[], options: RowSinkOptions = {}) {
    this.#columns = columns;
    this.#options = options;
  }

  open(blocks: BlockLayout): void {
    this.#slot = blocks.local(THREAD.bytes);
  }

  begin({ f, local }: PipelineBuilder): void {
    this.#branches++;
    this.#cursor = f.local('i32');
    this.#limit = f.local('i32');
    f.get(local)
      .load('i32.load', this.#slot + THREAD.cursor)
      .set(this.#cursor);
    if (this.#options.ordered !== true)
      f.get(local)
        .load('i32.load', this.#slot + THREAD.limit)
        .set(this.#limit);
  }

  consume(pipeline: PipelineBuilder, row: Row): void {
    const { f, local, shared, morsel } = pipeline;
    const values = this.#columns.map((column) => row.column(column.id));
    const layout = this.#layoutFor(values.map(shapeOf));
    const { cursor, limit } = this.#state();
    f.get(cursor).i32(layout.width).op('i32.add').get(limit).op('i32.gt_u');
    f.ifThen(() => {
      f.get(shared).get(local).get(cursor).get(morsel).load('i64.load', MORSEL.sequence);
      if (this.#branches > 1) f.i64(BigInt(this.#branches - 1) << BRANCH_SHIFT).op('i64.add');
      f.call(this.#openChunk(pipeline, layout)).set(cursor);
      f.get(local)
        .load('i32.load', this.#slot + THREAD.limit)
        .set(limit);
    });
    rowCode.store(pipeline, layout, cursor, values);
    this.#options.header?.(pipeline, row, cursor, layout);
    f.get(cursor).i32(layout.width).op('i32.add').set(cursor);
  }

  end(pipeline: PipelineBuilder): void {
    const { cursor } = this.#state();
    pipeline.f
      .get(pipeline.local)
      .get(cursor)
      .store('i32.store', this.#slot + THREAD.cursor);
    this.#emitClose(pipeline, cursor);
  }

  /** Forgets the records, whose memory is given back: the next run starts anew. */
  reset(memory: SharedMemory, blocks: Blocks): void {
    for (const block of blocks.locals) memory.u8().fill(0, block + this.#slot, block + this.#slot + THREAD.bytes);
  }

  /** What was collected so far; not while a run is under way. */
  records(memory: SharedMemory, blocks: Blocks): Records {
    const found: (RowChunk & { readonly sequence: bigint })[] = [];
    for (const block of blocks.locals) {
      const [first = 0] = memory.u32(block + this.#slot, 1);
      for (let at = first; at !== 0; ) {
        const [next = 0, rows = 0] = memory.u32(at, 2);
        const [sequence = 0n] = memory.i64(at + CHUNK.sequence, 1);
        if (rows > 0) found.push({ address: at + CHUNK.records, rows, sequence });
        at = next;
      }
    }
    if (this.#options.ordered === true) found.sort((a, b) => (a.sequence < b.sequence ? -1 : a.sequence > b.sequence ? 1 : 0));
    const rows = found.reduce((sum, chunk) => sum + chunk.rows, 0);
    return { layout: this.#layoutFor(undefined), chunks: found, rows };
  }

  /** The first pipeline decides; all branches of a stream deliver equal shapes. */
  #layoutFor(shapes: readonly ReturnType<typeof shapeOf>[] | undefined): RowLayout {
    this.#layout ??= rowLayout(
      this.#columns.map((column, i) => ({
        column,
        shape: shapes?.[i] ?? { type: column.type, bounds: null, nullable: column.nullable, dictionary: null },
      })),
      this.#options.headers,
    );
    return this.#layout;
  }

  #state(): { cursor: Local; limit: Local } {
    if (this.#cursor === undefined || this.#limit === undefined) {
      throw new LumaError(SQLSTATE.internalError, 'a row arrived before its morsel began');
    }
    return { cursor: this.#cursor, limit: this.#limit };
  }

  /** Writes how many records the newest chunk holds. */
  #emitClose({ f, local }: PipelineBuilder, cursor: Local): void {
    const width = this.#layout?.width;
    if (width === undefined) return;
    const chunk = f.local('i32');
    f.get(local)
      .load('i32.load', this.#slot + THREAD.newest)
      .tee(chunk);
    f.ifThen(() => {
      f.get(chunk).get(cursor).get(chunk).op('i32.sub').i32(CHUNK.records).op('i32.sub').i32(width).op('i32.div_u');
      f.store('i32.store', CHUNK.rows);
    });
  }

  /** `(shared, local, cursor, sequence) -> cursor`: closes the newest chunk and opens one with room for a record. */
  #openChunk(pipeline: PipelineBuilder, layout: RowLayout): FunctionRef {
    return pipeline.routine('open_chunk', ['i32', 'i64'], ['i32'], (routine) => {
      const { f, local } = routine;
      const slot = this.#slot;
      const [cursor, sequence] = [f.param(2), f.param(3)];
      const [bytes, newest] = [f.local('i32'), f.local('i32')];
      this.#emitClose(routine, cursor);
      f.get(cursor)
        .i32(CHUNK.records + layout.width)
        .op('i32.add');
      f.get(local)
        .load('i32.load', slot + THREAD.pageEnd)
        .op('i32.gt_u');
      f.ifThen(() => {
        const least = CHUNK.records + layout.width;
        f.get(local)
          .load('i32.load', slot + THREAD.pageBytes)
          .tee(bytes)
          .op('i32.eqz');
        f.ifThen(() => f.i32(Math.max(FIRST_PAGE, least)).set(bytes));
        f.get(bytes);
        routine.allocate();
        f.set(cursor);
        f.get(local)
          .get(cursor)
          .get(bytes)
          .op('i32.add')
          .store('i32.store', slot + THREAD.pageEnd);
        f.get(local).get(bytes).i32(1).op('i32.shl').i32(Math.max(LARGEST_PAGE, least));
        f.get(bytes)
          .i32(Math.max(LARGEST_PAGE, least) >> 1)
          .op('i32.le_u')
          .select();
        f.store('i32.store', slot + THREAD.pageBytes);
      });
      f.get(cursor).i32(0).store('i32.store', CHUNK.next);
      f.get(cursor).i32(0).store('i32.store', CHUNK.rows);
      f.get(cursor).get(sequence).store('i64.store', CHUNK.sequence);
      f.get(local)
        .load('i32.load', slot + THREAD.newest)
        .tee(newest);
      f.ifElse(
        () => f.get(newest).get(cursor).store('i32.store', CHUNK.next),
        () =>
          f
            .get(local)
            .get(cursor)
            .store('i32.store', slot + THREAD.first),
      );
      f.get(local)
        .get(cursor)
        .store('i32.store', slot + THREAD.newest);
      f.get(local)
        .get(local)
        .load('i32.load', slot + THREAD.pageEnd)
        .store('i32.store', slot + THREAD.limit);
      f.get(cursor).i32(CHUNK.records).op('i32.add');
    });
  }
}
