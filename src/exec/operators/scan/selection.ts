import type { FunctionBuilder, Local } from '../../../wasm/function-builder.ts';
import { MORSEL } from '../../pipeline/blocks.ts';
import type { PipelineBuilder } from '../../pipeline/stream.ts';
import type { BlockFilterCode } from './block-filter.ts';
import { pushAt } from './columns.ts';

/**
 * The loop over filtered rows: a window of rows is filtered first, block by block, into a list of row numbers, and the list
 * by tests of single rows; then the body runs over what is left of it. A loop without the filter's branches lets the
 * processor fetch columns of several rows at once, which is what counts when few rows pass and each is a cache miss.
 */
/** So many that the window's columns stay in a first-level cache of 32 KiB until the body reads them. */
const WINDOW_ROWS = 1024;
const BLOCK_ROWS = 64;
/** Row numbers of a morsel fit uint16. */
const NUMBER_BYTES = 2;
/**
 * When a window keeps a number of rows in this range, their values in the columns that only the body reads are touched
 * first: loads that wait for nothing run side by side, where the body would wait for each. Fewer rows are cheaper to
 * wait for; with more, the processor prefetches by itself. (TPC-H Q14, where 1 % of the rows pass: a third faster.)
 */
const TOUCH_FROM = 12;
const TOUCH_TO = 256;
/** With as many rows of a block, moving them eight at a time is cheaper than finding each. */
const DENSE_FROM = 6n;

/** What the loop leaves out, and how. */
export interface Selection {
  /** Null: nothing by blocks. */
  readonly filter: BlockFilterCode | null;
  /** Each pushes 1 to keep the row whose index is in the local, else 0. */
  readonly tests: readonly ((index: Local) => void)[];
  readonly touched: readonly TouchedColumn[];
}

/** A column that the body reads and the filter does not. */
export interface TouchedColumn {
  readonly values: Local;
  readonly width: 4 | 8 | 16;
}

/** Runs `body` for each row that passes, with its index in the morsel in `index`. */
export function emitSelected(
  pipeline: PipelineBuilder,
  { filter, tests, touched }: Selection,
  index: Local,
  body: () => void,
): void {
  const { f, morsel, local, blocks } = pipeline;
  const slot = blocks.local((WINDOW_ROWS + BLOCK_ROWS) * NUMBER_BYTES);
  const [rows, list, end, place] = [f.local('i32'), f.local('i32'), f.local('i32'), f.local('i32')];
  const [base, window] = [f.local('i32'), f.local('i32')];
  f.prologue(() => {
    f.get(morsel).load('i32.load', MORSEL.rows).set(rows);
    f.get(local).i32(slot).op('i32.add').set(list);
  });
  f.get(rows);
  f.ifThen(() => {
    f.loop((nextWindow) => {
      f.get(base).i32(WINDOW_ROWS).op('i32.add').tee(window).get(rows).get(window).get(rows).op('i32.lt_u').select().set(window);
      f.get(list).set(end);
      f.loop((nextBlock) => {
        if (filter === null) emitAll(f, base, rows, end);
        else emitBlock(pipeline, filter, base, rows, end);
        f.get(base).i32(BLOCK_ROWS).op('i32.add').tee(base).get(window).op('i32.lt_u').brIf(nextBlock);
      });
      for (const test of tests) emitTest(f, test, list, end);
      if (touched.length > 0) emitTouching(pipeline, touched, list, end);
      f.get(list).tee(place).get(end).op('i32.lt_u');
      f.ifThen(() => {
        f.loop((nextRow) => {
          f.get(place).load('i32.load16_u').set(index);
          body();
          f.get(place).i32(NUMBER_BYTES).op('i32.add').tee(place).get(end).op('i32.lt_u').brIf(nextRow);
        });
      });
      f.get(base).get(rows).op('i32.lt_u').brIf(nextWindow);
    });
  });
}

/** Reads the values of the list's rows in the columns, when the list's length says so. */
function emitTouching({ f, local, blocks }: PipelineBuilder, touched: readonly TouchedColumn[], list: Local, end: Local): void {
  const slot = blocks.local(8);
  const [place, index, sum] = [f.local('i32'), f.local('i32'), f.local('i32')];
  f.get(end)
    .get(list)
    .op('i32.sub')
    .i32(TOUCH_FROM * NUMBER_BYTES)
    .op('i32.sub');
  f.i32((TOUCH_TO - TOUCH_FROM) * NUMBER_BYTES).op('i32.lt_u');
  f.ifThen(() => {
    f.get(list).set(place);
    f.loop((next) => {
      f.get(place).load('i32.load16_u').set(index);
      for (const { values, width } of touched) {
        f.get(sum);
        pushAt(f, values, index, Math.log2(width));
        f.load('i32.load').op('i32.xor').set(sum);
      }
      f.get(place).i32(NUMBER_BYTES).op('i32.add').tee(place).get(end).op('i32.lt_u').brIf(next);
    });
    // stored, so that no compiler takes the loads for dead
    f.get(local).get(sum).store('i32.store', slot);
  });
}

/** Appends the numbers of the block's rows that pass to the list, which ends at `end`. */
function emitBlock(pipeline: PipelineBuilder, filter: BlockFilterCode, base: Local, rows: Local, end: Local): void {
  const { f } = pipeline;
  const mask = f.local('i64');
  filter.emit(mask, base);
  emitTail(f, mask, base, rows);
  f.get(mask).op('i64.popcnt').i64(DENSE_FROM).op('i64.lt_u');
  f.ifElse(
    () => emitSparse(f, mask, base, end),
    () => emitDense(pipeline, mask, base, end),
  );
}

/** The numbers of all of the block's rows. */
function emitAll(f: FunctionBuilder, base: Local, rows: Local, end: Local): void {
  const numbers = f.local('v128');
  f.get(base).op('i16x8.splat').v128(FIRST_EIGHT).op('i16x8.add').set(numbers);
  for (let at = 0; at < BLOCK_ROWS; at += 8) {
    f.get(end)
      .get(numbers)
      .store('v128.store', at * NUMBER_BYTES);
    f.get(numbers).v128(EIGHTS).op('i16x8.add').set(numbers);
  }
  const taken = f.local('i32');
  f.get(rows).get(base).op('i32.sub').tee(taken).i32(BLOCK_ROWS).get(taken).i32(BLOCK_ROWS).op('i32.lt_u').select();
  f.i32(1).op('i32.shl').get(end).op('i32.add').set(end);
}

/** Moves the numbers of the rows that pass to the front of the list, without branches: whether a row passes is not foreseen. */
function emitTest(f: FunctionBuilder, test: (index: Local) => void, list: Local, end: Local): void {
  const [from, to, index] = [f.local('i32'), f.local('i32'), f.local('i32')];
  f.get(list).tee(from).tee(to).get(end).op('i32.lt_u');
  f.ifThen(() => {
    f.loop((next) => {
      f.get(to).get(from).load('i32.load16_u').tee(index).store('i32.store16');
      f.get(to);
      test(index);
      f.i32(1).op('i32.shl').op('i32.add').set(to);
      f.get(from).i32(NUMBER_BYTES).op('i32.add').tee(from).get(end).op('i32.lt_u').brIf(next);
    });
  });
  f.get(to).set(end);
}

/** Bit by bit. */
function emitSparse(f: FunctionBuilder, mask: Local, base: Local, end: Local): void {
  f.block((none) => {
    f.get(mask).op('i64.eqz').brIf(none);
    f.loop((next) => {
      f.get(end).get(base).get(mask).op('i64.ctz').op('i32.wrap_i64').op('i32.add').store('i32.store16');
      f.get(end).i32(NUMBER_BYTES).op('i32.add').set(end);
      f.get(mask).get(mask).i64(1n).op('i64.sub').op('i64.and').tee(mask).op('i64.eqz').op('i32.eqz').brIf(next);
    });
  });
}

/** Eight rows at a time, without branches: a table by their bits moves the numbers that stay to the front. */
function emitDense(pipeline: PipelineBuilder, mask: Local, base: Local, end: Local): void {
  const { f } = pipeline;
  const table = pipeline.constant(COMPRESSION);
  const [numbers, bits, round] = [f.local('v128'), f.local('i32'), f.local('i32')];
  f.get(base).op('i16x8.splat').v128(FIRST_EIGHT).op('i16x8.add').set(numbers);
  f.i32(BLOCK_ROWS / 8).set(round);
  f.loop((next) => {
    f.get(end).get(numbers);
    f.get(table).get(mask).op('i32.wrap_i64').i32(255).op('i32.and').tee(bits).i32(4).op('i32.shl').op('i32.add');
    f.load('v128.load').op('i8x16.swizzle').store('v128.store');
    f.get(end).get(bits).op('i32.popcnt').i32(1).op('i32.shl').op('i32.add').set(end);
    f.get(numbers).v128(EIGHTS).op('i16x8.add').set(numbers);
    f.get(mask).i64(8n).op('i64.shr_u').set(mask);
    f.get(round).i32(1).op('i32.sub').tee(round).brIf(next);
  });
}

const FIRST_EIGHT = new Uint8Array(Uint16Array.of(0, 1, 2, 3, 4, 5, 6, 7).buffer);
const EIGHTS = new Uint8Array(new Uint16Array(8).fill(8).buffer);

/** For each eight bits, 16 bytes: which bytes of eight uint16 move to the front. */
const COMPRESSION = compressionTable();

function compressionTable(): Uint8Array {
  const table = new Uint8Array(256 * 16);
  for (let bits = 0; bits < 256; bits++) {
    let at = bits * 16;
    for (let lane = 0; lane < 8; lane++) {
      if ((bits & (1 << lane)) === 0) continue;
      table.set([lane * 2, lane * 2 + 1], at);
      at += 2;
    }
  }
  return table;
}

/** Clears the bits from `rows − base` on, when the block is the last and not whole. */
function emitTail(f: FunctionBuilder, mask: Local, base: Local, rows: Local): void {
  const left = f.local('i32');
  f.get(rows).get(base).op('i32.sub').tee(left).i32(BLOCK_ROWS).op('i32.lt_u');
  f.ifThen(() => {
    f.get(mask).i64(-1n).get(left).op('i64.extend_i32_u').op('i64.shl').i64(-1n).op('i64.xor').op('i64.and').set(mask);
  });
}
