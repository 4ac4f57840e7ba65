import type { FunctionBuilder, Local } from '../../../wasm/function-builder.ts';
import { MORSEL } from '../../pipeline/blocks.ts';
import type { PipelineBuilder } from '../../pipeline/stream.ts';
import type { BlockFilterCode } from './block-filter.ts';

/**
 * The loop over filtered rows: a window of rows is filtered first, block by block, into a list of row numbers; then the body
 * runs over the list. A loop without the filter's branches lets the processor fetch columns of several rows at once, which
 * is what counts when few rows pass and each is a cache miss.
 */
const WINDOW_ROWS = 2048;
const BLOCK_ROWS = 64;

/** Runs `body` for each row that passes, with its index in the morsel in `index`. */
export function emitSelected(pipeline: PipelineBuilder, filter: BlockFilterCode, index: Local, body: () => void): void {
  const { f, morsel, local, blocks } = pipeline;
  const slot = blocks.local((WINDOW_ROWS + BLOCK_ROWS) * 4);
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
        emitBlock(f, filter, base, rows, end);
        f.get(base).i32(BLOCK_ROWS).op('i32.add').tee(base).get(window).op('i32.lt_u').brIf(nextBlock);
      });
      f.get(list).tee(place).get(end).op('i32.lt_u');
      f.ifThen(() => {
        f.loop((nextRow) => {
          f.get(place).load('i32.load').set(index);
          body();
          f.get(place).i32(4).op('i32.add').tee(place).get(end).op('i32.lt_u').brIf(nextRow);
        });
      });
      f.get(base).get(rows).op('i32.lt_u').brIf(nextWindow);
    });
  });
}

/** Appends the numbers of the block's rows that pass to the list, which ends at `end`. */
function emitBlock(f: FunctionBuilder, filter: BlockFilterCode, base: Local, rows: Local, end: Local): void {
  const mask = f.local('i64');
  filter.emit(mask, base);
  emitTail(f, mask, base, rows);
  f.get(mask).i64(-1n).op('i64.eq');
  f.ifElse(
    () => emitWholeBlock(f, base, end),
    () => {
      f.block((none) => {
        f.get(mask).op('i64.eqz').brIf(none);
        f.loop((next) => {
          f.get(end).get(base).get(mask).op('i64.ctz').op('i32.wrap_i64').op('i32.add').store('i32.store');
          f.get(end).i32(4).op('i32.add').set(end);
          f.get(mask).get(mask).i64(1n).op('i64.sub').op('i64.and').tee(mask).op('i64.eqz').op('i32.eqz').brIf(next);
        });
      });
    },
  );
}

function emitWholeBlock(f: FunctionBuilder, base: Local, end: Local): void {
  const numbers = f.local('v128');
  f.get(base)
    .op('i32x4.splat')
    .v128(lanes(0, 1, 2, 3))
    .op('i32x4.add')
    .set(numbers);
  for (let row = 0; row < BLOCK_ROWS; row += 4) {
    f.get(end).get(numbers);
    if (row > 0) f.v128(lanes(row, row, row, row)).op('i32x4.add');
    f.store('v128.store', row * 4);
  }
  f.get(end)
    .i32(BLOCK_ROWS * 4)
    .op('i32.add')
    .set(end);
}

function lanes(...values: readonly number[]): Uint8Array {
  return new Uint8Array(Int32Array.from(values).buffer);
}

/** Clears the bits from `rows − base` on, when the block is the last and not whole. */
function emitTail(f: FunctionBuilder, mask: Local, base: Local, rows: Local): void {
  const left = f.local('i32');
  f.get(rows).get(base).op('i32.sub').tee(left).i32(BLOCK_ROWS).op('i32.lt_u');
  f.ifThen(() => {
    f.get(mask).i64(-1n).get(left).op('i64.extend_i32_u').op('i64.shl').i64(-1n).op('i64.xor').op('i64.and').set(mask);
  });
}
