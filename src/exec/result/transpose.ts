import type { Pointer } from '../../memory/shared-memory.ts';
import { valueWidth } from '../../types/data-type.ts';
import { LumaError, SQLSTATE } from '../../types/error.ts';
import type { Local } from '../../wasm/function-builder.ts';
import type { PipelineBuilder } from '../pipeline/stream.ts';
import type { QueryRun } from '../query-run.ts';
import { rowCode } from '../rows/code.ts';
import type { RowField, RowLayout } from '../rows/layout.ts';
import type { Records } from '../rows/row-sink.ts';
import type { ColumnBatch } from './column-batch.ts';
import { emitColumnStore } from './column-store.ts';

/**
 * From records to columns. The records are cut into ranges of RANGE_ROWS; a task turns one range into its part of the
 * columns. RANGE_ROWS is a multiple of 64, so no two tasks write the same byte of a bitmap. Text needs to know where its
 * range's bytes begin, so a first round of tasks adds up lengths.
 */
const RANGE_ROWS = 16384;
/** Offsets are int32. */
const MOST_TEXT_BYTES = 2 ** 31 - 1;

/** A range in memory, int32 each: its pieces (address and rows each), and where it writes. */
export const RANGE = { pieces: 0, pieceCount: 4, firstRow: 8, texts: 12, columns: 16, bytes: 24 } as const;
/** A column to write, int32 each. */
export const TARGET = { validity: 0, values: 4, offsets: 8, bytes: 12 } as const;

interface Piece {
  readonly address: Pointer;
  readonly rows: number;
}

/** The records as columns, each column in one piece. */
export async function transpose(run: QueryRun, records: Records): Promise<ColumnBatch> {
  const { layout, rows } = records;
  if (rows === 0) return allocateBatch(run, layout, 0, []);
  const ranges = rangesOf(records);
  const texts = layout.fields.filter(isPlainText);
  const table = layRanges(run, ranges, texts.length);
  if (texts.length > 0) await measure(run, layout, texts, table, ranges.length, rows);
  const totals = placeTexts(run, texts, table, ranges.length);
  const batch = allocateBatch(run, layout, rows, totals);
  const targets = run.allocate(batch.columns.length * TARGET.bytes, 'a result');
  const words = run.memory.i32(targets, (batch.columns.length * TARGET.bytes) >> 2);
  batch.columns.forEach((column, i) => {
    words.set([column.validity, column.values, column.offsets], (i * TARGET.bytes) >> 2);
  });
  for (let i = 0; i < ranges.length; i++) run.memory.i32(table + i * RANGE.bytes + RANGE.columns, 1)[0] = targets;
  await copy(run, layout, texts, table, ranges.length, rows);
  return batch;
}

export function isPlainText({ shape }: RowField): boolean {
  return shape.type.kind === 'text' && shape.dictionary === null;
}

function rangesOf({ layout, chunks }: Records): readonly (readonly Piece[])[] {
  const ranges: Piece[][] = [];
  let room = 0;
  for (const chunk of chunks) {
    for (let row = 0; row < chunk.rows; ) {
      if (room === 0) {
        ranges.push([]);
        room = RANGE_ROWS;
      }
      const rows = Math.min(room, chunk.rows - row);
      ranges.at(-1)?.push({ address: chunk.address + row * layout.width, rows });
      row += rows;
      room -= rows;
    }
  }
  return ranges;
}

/** Each range's entry, its pieces, and an int32 per text column. */
function layRanges(run: QueryRun, ranges: readonly (readonly Piece[])[], texts: number): Pointer {
  const pieces = ranges.reduce((sum, range) => sum + range.length, 0);
  const table = run.allocate(ranges.length * RANGE.bytes, 'a result');
  let piece = run.allocate(pieces * 8, 'a result');
  const sums = run.allocateZeroed(Math.max(4, ranges.length * texts * 4), 'a result');
  ranges.forEach((range, i) => {
    const words = run.memory.i32(table + i * RANGE.bytes, RANGE.bytes >> 2);
    words.set([piece, range.length, i * RANGE_ROWS, sums + i * texts * 4]);
    run.memory.i32(piece, range.length * 2).set(range.flatMap(({ address, rows }) => [address, rows]));
    piece += range.length * 8;
  });
  return table;
}

/** Turns the lengths of each range's texts into where they begin; gives the totals. */
function placeTexts(run: QueryRun, texts: readonly RowField[], table: Pointer, ranges: number): readonly number[] {
  const totals = texts.map(() => 0);
  for (let i = 0; i < ranges; i++) {
    const [sums = 0] = run.memory.u32(table + i * RANGE.bytes + RANGE.texts, 1);
    const words = run.memory.u32(sums, texts.length);
    totals.forEach((total, k) => {
      totals[k] = total + (words[k] ?? 0);
      words[k] = total;
    });
  }
  texts.forEach(({ column }, k) => {
    if ((totals[k] ?? 0) <= MOST_TEXT_BYTES) return;
    throw new LumaError(SQLSTATE.outOfMemory, `the texts of column ${column.name} take more than 2 GiB`, {
      hint: 'read the result as a stream, or select fewer rows',
    });
  });
  return totals;
}

/** Bytes of a buffer for `rows` values, readable to the next multiple of 64 rows. */
function padded(rows: number, width: number): number {
  return Math.ceil(rows / 64) * 64 * width;
}

function allocateBatch(run: QueryRun, layout: RowLayout, rows: number, totals: readonly number[]): ColumnBatch {
  let text = 0;
  const columns = layout.fields.map((field) => {
    const { column, shape } = field;
    const bitmap = padded(rows, 1) >> 3;
    const validity = shape.nullable ? run.allocateZeroed(bitmap, 'a result') : 0;
    const common = { column, validity, dictionary: shape.dictionary, bounds: shape.bounds };
    if (isPlainText(field)) {
      const offsets = run.allocate(padded(rows + 1, 4), 'a result');
      return { ...common, offsets, values: run.allocate(Math.max(1, totals[text++] ?? 0), 'a result') };
    }
    if (shape.type.kind === 'boolean') return { ...common, offsets: 0, values: run.allocateZeroed(bitmap, 'a result') };
    const width = shape.dictionary !== null ? 4 : valueWidth(shape.type);
    return { ...common, offsets: 0, values: width === 0 ? 0 : run.allocate(padded(rows, width), 'a result') };
  });
  return { rows, columns };
}

async function measure(
  run: QueryRun,
  layout: RowLayout,
  texts: readonly RowField[],
  table: Pointer,
  ranges: number,
  rows: number,
): Promise<void> {
  await overRanges(run, 'measure', layout, table, ranges, rows, (pipeline, range) => {
    const { f } = pipeline;
    const sums = texts.map(() => f.local('i32'));
    return {
      row: (record) => {
        texts.forEach((field, k) => {
          const value = rowCode.load(pipeline, field, layout, record);
          const [sum, length] = [sums[k], value.locals[1]];
          if (sum === undefined || length === undefined) return;
          f.get(length);
          if (value.isNull !== null) f.i32(0).get(value.isNull).op('i32.eqz').select();
          f.get(sum).op('i32.add').set(sum);
        });
      },
      end: () => {
        sums.forEach((sum, k) => {
          f.get(range)
            .load('i32.load', RANGE.texts)
            .get(sum)
            .store('i32.store', k * 4);
        });
      },
    };
  });
}

async function copy(
  run: QueryRun,
  layout: RowLayout,
  texts: readonly RowField[],
  table: Pointer,
  ranges: number,
  rows: number,
): Promise<void> {
  await overRanges(run, 'transpose', layout, table, ranges, rows, (pipeline, range, index) => {
    const stores = layout.fields.map((field, i) => emitColumnStore(pipeline, range, i, texts.indexOf(field), field));
    return {
      row: (record) => {
        layout.fields.forEach((field, i) => {
          stores[i]?.row(index, rowCode.load(pipeline, field, layout, record));
        });
      },
      end: () => {
        for (const store of stores) store.end(index);
      },
    };
  });
}

interface RangeCode {
  readonly row: (record: Local) => void;
  readonly end: () => void;
}

/** A task per range: `code` gives what to emit for each record, and at the end; `index` is the row in the columns. */
async function overRanges(
  run: QueryRun,
  name: string,
  layout: RowLayout,
  table: Pointer,
  ranges: number,
  rows: number,
  code: (pipeline: PipelineBuilder, range: Local, index: Local) => RangeCode,
): Promise<void> {
  let slot = 0;
  await run.parallel(
    name,
    ranges,
    rows,
    (layout_) => {
      slot = layout_.shared(4);
    },
    (pipeline, task) => {
      const { f, shared } = pipeline;
      const [range, index, piece, pieces] = [f.local('i32'), f.local('i32'), f.local('i32'), f.local('i32')];
      const [record, end] = [f.local('i32'), f.local('i32')];
      f.get(shared).load('i32.load', slot).get(task).i32(RANGE.bytes).op('i32.mul').op('i32.add').set(range);
      f.get(range).load('i32.load', RANGE.firstRow).set(index);
      f.get(range).load('i32.load', RANGE.pieces).set(piece);
      f.get(piece).get(range).load('i32.load', RANGE.pieceCount).i32(3).op('i32.shl').op('i32.add').set(pieces);
      const { row, end: finish } = code(pipeline, range, index);
      f.loop((nextPiece) => {
        f.get(piece).load('i32.load', 0).tee(record);
        f.get(piece).load('i32.load', 4).i32(layout.width).op('i32.mul').op('i32.add').set(end);
        f.loop((nextRow) => {
          row(record);
          f.get(index).i32(1).op('i32.add').set(index);
          f.get(record).i32(layout.width).op('i32.add').tee(record).get(end).op('i32.lt_u').brIf(nextRow);
        });
        f.get(piece).i32(8).op('i32.add').tee(piece).get(pieces).op('i32.lt_u').brIf(nextPiece);
      });
      finish();
    },
    (blocks) => {
      run.memory.i32(blocks.shared + slot, 1)[0] = table;
    },
  );
}
