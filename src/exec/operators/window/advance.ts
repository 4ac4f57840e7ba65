import type { Local } from '../../../wasm/function-builder.ts';
import type { PipelineBuilder } from '../../pipeline/stream.ts';
import type { RowLayout } from '../../rows/layout.ts';
import { recordColumns } from '../../rows/row-source.ts';
import type { Accumulators } from '../aggregate/accumulators.ts';
import { emitUpdates } from '../aggregate/emit.ts';
import { memoryAccess, type StateSlot } from '../aggregate/state-layout.ts';
import { ENTRY_BYTES } from '../sort/runs.ts';

/** What aggregating frames of sorted records takes. */
export interface FrameWork {
  /** Of the records. */
  readonly layout: RowLayout;
  readonly accumulators: Accumulators;
  readonly slots: readonly StateSlot[];
  readonly stateBytes: number;
}

/** Updates the state with the rows from `row` up to `end`; moves `row`. */
export function emitAdvance(
  pipeline: PipelineBuilder,
  entries: Local,
  row: Local,
  end: Local,
  state: Local,
  work: FrameWork,
): void {
  const { f } = pipeline;
  const record = f.local('i32');
  f.block((done) => {
    f.loop((next) => {
      f.get(row).get(end).op('i32.ge_s').brIf(done);
      f.get(entries).get(row).i32(ENTRY_BYTES).op('i32.mul').op('i32.add').load('i32.load').set(record);
      const values = pipeline.rowOf(recordColumns(pipeline, work.layout, record));
      emitUpdates(values, work.accumulators, memoryAccess(f, state, work.slots), () => undefined);
      f.get(row).i32(1).op('i32.add').set(row).br(next);
    });
  });
}
