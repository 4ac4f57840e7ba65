import type { ColumnId } from '../../../planner/expression.ts';
import type { Value } from '../../functions/definition.ts';
import type { Pointer } from '../../memory/shared-memory.ts';
import type { Local } from '../../wasm/function-builder.ts';
import { MORSEL } from '../pipeline/blocks.ts';
import { layMorsels } from '../pipeline/morsels.ts';
import type { PipelineBuilder, Row, Source } from '../pipeline/stream.ts';
import type { QueryRun } from '../query-run.ts';
import { rowCode } from './code.ts';
import type { RowLayout } from './layout.ts';
import type { Records } from './row-sink.ts';

/** Rows of a morsel over records: small enough to share out, large enough that a morsel costs nothing. */
const MORSEL_ROWS = 16384;
/** After the morsel's beginning: the first record, or the first record's address. */
const START = MORSEL.end;

/** The columns of a record; `record` is an i32 local with its address. */
export function recordColumns(
  pipeline: PipelineBuilder,
  layout: RowLayout,
  record: Local,
): ReadonlyMap<ColumnId, (row: Row) => Value> {
  return new Map(layout.fields.map((field) => [field.column.id, () => rowCode.load(pipeline, field, layout, record)]));
}

/** Records chunk by chunk, in the order of the chunks. */
export function recordSource(run: QueryRun, { layout, chunks, rows }: Records, node: number | null): Source {
  const pieces: { readonly rows: number; readonly start: Pointer }[] = [];
  for (const chunk of chunks) {
    for (let row = 0; row < chunk.rows; row += MORSEL_ROWS) {
      pieces.push({ rows: Math.min(MORSEL_ROWS, chunk.rows - row), start: chunk.address + row * layout.width });
    }
  }
  return source(run, layout, pieces, rows, node, ({ f }, place, record) => {
    f.get(place).set(record);
    return layout.width;
  });
}

/** Records in the order of an array: the first word of each of its entries, `stride` bytes apart, is the address of one. */
export function recordArraySource(
  run: QueryRun,
  layout: RowLayout,
  array: Pointer,
  rows: number,
  node: number | null,
  stride = 4,
): Source {
  const pieces: { readonly rows: number; readonly start: Pointer }[] = [];
  for (let row = 0; row < rows; row += MORSEL_ROWS) {
    pieces.push({ rows: Math.min(MORSEL_ROWS, rows - row), start: array + row * stride });
  }
  return source(run, layout, pieces, rows, node, ({ f }, place, record) => {
    f.get(place).load('i32.load').set(record);
    return stride;
  });
}

/** `enter` sets the record's address from the place the loop is at, and says how far the next place is. */
function source(
  run: QueryRun,
  layout: RowLayout,
  pieces: readonly { readonly rows: number; readonly start: Pointer }[],
  rows: number,
  node: number | null,
  enter: (pipeline: PipelineBuilder, place: Local, record: Local) => number,
): Source {
  const morsels = layMorsels(
    run,
    4,
    pieces.map((piece) => ({ rows: piece.rows, write: (words) => words.setUint32(0, piece.start, true) })),
  );
  return {
    morsels,
    rows,
    node,
    emit(pipeline, filters, body) {
      const { f, morsel } = pipeline;
      const [place, record, index] = [f.local('i32'), f.local('i32'), f.local('i32')];
      f.get(morsel).load('i32.load', START).set(place);
      f.block((end) => {
        f.get(morsel).load('i32.load', MORSEL.rows).op('i32.eqz').brIf(end);
        f.loop((again) => {
          const stride = enter(pipeline, place, record);
          body(
            pipeline.rowOf(recordColumns(pipeline, layout, record), () => sequenceAt(pipeline, index)),
            filters,
          );
          f.get(place).i32(stride).op('i32.add').set(place);
          f.get(index).i32(1).op('i32.add').tee(index);
          f.get(morsel).load('i32.load', MORSEL.rows).op('i32.lt_u').brIf(again);
        });
      });
    },
  };
}

/** The morsel's sequence plus the row's index in it. */
export function sequenceAt({ f, morsel }: PipelineBuilder, index: Local): Local {
  const sequence = f.local('i64');
  f.get(morsel).load('i64.load', MORSEL.sequence).get(index).op('i64.extend_i32_u').op('i64.add').set(sequence);
  return sequence;
}
