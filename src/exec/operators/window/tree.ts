import type { Pointer } from '../../../memory/shared-memory.ts';
import type { Local } from '../../../wasm/function-builder.ts';
import type { PipelineBuilder } from '../../pipeline/stream.ts';
import type { QueryRun } from '../../query-run.ts';
import { emitMerge } from '../aggregate/emit.ts';
import { memoryAccess } from '../aggregate/state-layout.ts';
import { emitAdvance, type FrameWork } from './advance.ts';

/**
 * States of aligned blocks of rows, in levels: a block of level k is FANOUT^k rows, level 0 the rows themselves. Any frame is a few
 * blocks of each level, so frames that move cost a logarithm of their length (segment tree; Leis et al., 2015).
 */
export interface StateTree {
  /** Addresses of the levels' states from level 1 on. Only blocks that are full exist. */
  readonly levels: readonly Pointer[];
}

const FANOUT_BITS = 4;
const FANOUT = 1 << FANOUT_BITS;
/** Blocks of a task. */
const TASK_BLOCKS = 1024;

/** Aggregates all blocks, level by level. */
export async function buildTree(run: QueryRun, work: FrameWork, entries: Pointer, rows: number): Promise<StateTree> {
  const levels: Pointer[] = [];
  for (let count = rows >> FANOUT_BITS; count > 0; count >>= FANOUT_BITS) {
    const states = run.allocateZeroed(count * work.stateBytes, 'a window');
    await fillLevel(run, work, levels.at(-1) ?? null, { entries, states, count });
    levels.push(states);
  }
  return { levels };
}

async function fillLevel(
  run: QueryRun,
  work: FrameWork,
  below: Pointer | null,
  { entries, states, count }: { readonly entries: Pointer; readonly states: Pointer; readonly count: number },
): Promise<void> {
  let slot = 0;
  await run.parallel(
    'window_blocks',
    Math.ceil(count / TASK_BLOCKS),
    count * FANOUT,
    (blocks) => {
      slot = blocks.shared(12);
    },
    (pipeline, task) => {
      const { f, shared } = pipeline;
      const [source, state, last, unit, end] = [f.local('i32'), f.local('i32'), f.local('i32'), f.local('i32'), f.local('i32')];
      f.get(shared).load('i32.load', slot).set(source);
      f.get(task).i32(TASK_BLOCKS).op('i32.mul').tee(unit).i32(TASK_BLOCKS).op('i32.add').set(last);
      f.get(shared)
        .load('i32.load', slot + 8)
        .tee(end)
        .get(last)
        .get(end)
        .get(last)
        .op('i32.lt_s')
        .select()
        .set(last);
      f.get(shared)
        .load('i32.load', slot + 4)
        .get(unit)
        .i32(work.stateBytes)
        .op('i32.mul')
        .op('i32.add')
        .set(state);
      f.get(unit).i32(FANOUT_BITS).op('i32.shl').set(unit);
      f.get(last).i32(FANOUT_BITS).op('i32.shl').set(last);
      f.loop((next) => {
        f.get(unit).i32(FANOUT).op('i32.add').set(end);
        if (below === null) emitAdvance(pipeline, source, unit, end, state, work);
        else emitMergeUnits(pipeline, source, unit, end, state, work);
        f.get(state).i32(work.stateBytes).op('i32.add').set(state);
        f.get(unit).get(last).op('i32.lt_s').brIf(next);
      });
    },
    ({ shared }) => {
      run.memory.i32(shared + slot, 3).set([below ?? entries, states, count]);
    },
  );
}

/** Merges the states of blocks `unit` up to `end` into one. */
function emitMergeUnits(pipeline: PipelineBuilder, states: Local, unit: Local, end: Local, state: Local, work: FrameWork): void {
  const { f } = pipeline;
  f.loop((next) => {
    emitMergeBlock(pipeline, states, unit, state, work);
    f.get(unit).i32(1).op('i32.add').tee(unit).get(end).op('i32.lt_s').brIf(next);
  });
}

function emitMergeBlock(pipeline: PipelineBuilder, states: Local, block: Local, state: Local, work: FrameWork): void {
  const { f } = pipeline;
  const other = f.local('i32');
  f.get(states).get(block).i32(work.stateBytes).op('i32.mul').op('i32.add').set(other);
  const into = memoryAccess(f, state, work.slots);
  emitMerge(pipeline.rowOf(new Map()), work.accumulators, into, memoryAccess(f, other, work.slots));
}

/** Folds the rows `from` up to `end` into the state: at every place the largest block that begins there and fits. Moves `from`. */
export function emitBlocks(
  pipeline: PipelineBuilder,
  tree: StateTree,
  entries: Local,
  from: Local,
  end: Local,
  state: Local,
  work: FrameWork,
): void {
  const { f } = pipeline;
  const levels = pipeline.constant(new Uint8Array(Uint32Array.from([0, ...tree.levels]).buffer));
  const [level, size, larger, states, block] = [f.local('i32'), f.local('i32'), f.local('i32'), f.local('i32'), f.local('i32')];
  f.block((done) => {
    f.loop((next) => {
      f.get(from).get(end).op('i32.ge_s').brIf(done);
      f.i32(0).set(level);
      f.i32(1).set(size);
      f.block((largest) => {
        f.loop((raise) => {
          f.get(level).i32(tree.levels.length).op('i32.ge_s').brIf(largest);
          f.get(size).i32(FANOUT_BITS).op('i32.shl').tee(larger).i32(1).op('i32.sub').get(from).op('i32.and').brIf(largest);
          f.get(from).get(larger).op('i32.add').get(end).op('i32.gt_s').brIf(largest);
          f.get(larger).set(size);
          f.get(level).i32(1).op('i32.add').set(level).br(raise);
        });
      });
      f.get(level);
      f.ifElse(
        () => {
          f.get(levels).get(level).i32(2).op('i32.shl').op('i32.add').load('i32.load').set(states);
          f.get(from).get(level).i32(FANOUT_BITS).op('i32.mul').op('i32.shr_u').set(block);
          emitMergeBlock(pipeline, states, block, state, work);
          f.get(from).get(size).op('i32.add').set(from);
        },
        () => {
          f.get(from).i32(1).op('i32.add').set(block);
          emitAdvance(pipeline, entries, from, block, state, work);
        },
      );
      f.br(next);
    });
  });
}
