import type { Local } from '../../wasm/function-builder.ts';
import type { BlockLayout, Blocks, PipelineBuilder, Slot } from '../pipeline/stream.ts';
import type { QueryRun } from '../query-run.ts';
import type { Records } from './row-sink.ts';

/** Runs the code that `each` emits over all records, chunk by chunk in parallel; `end` emits what follows a chunk. */
export function overRecords(
  run: QueryRun,
  name: string,
  { layout, chunks, rows }: Records,
  each: (pipeline: PipelineBuilder, record: Local) => void,
  open?: (layout: BlockLayout) => void,
  end?: (pipeline: PipelineBuilder) => void,
): Promise<Blocks> {
  const list = run.allocate(chunks.length * 8, 'records');
  run.memory.i32(list, chunks.length * 2).set(chunks.flatMap((chunk) => [chunk.address, chunk.rows]));
  let slot: Slot = 0;
  return run.parallel(
    name,
    chunks.length,
    rows,
    (blocks) => {
      slot = blocks.shared(8);
      open?.(blocks);
    },
    (pipeline, task) => {
      const { f, shared } = pipeline;
      const [record, last] = [f.local('i32'), f.local('i32')];
      f.get(shared).load('i32.load', slot).get(task).i32(3).op('i32.shl').op('i32.add').tee(last);
      f.load('i32.load').tee(record).get(last).load('i32.load', 4).i32(layout.width).op('i32.mul').op('i32.add').set(last);
      f.block((done) => {
        f.loop((next) => {
          f.get(record).get(last).op('i32.ge_u').brIf(done);
          each(pipeline, record);
          f.get(record).i32(layout.width).op('i32.add').set(record).br(next);
        });
      });
      end?.(pipeline);
    },
    ({ shared }) => {
      run.memory.i32(shared + slot, 1)[0] = list;
    },
  );
}
