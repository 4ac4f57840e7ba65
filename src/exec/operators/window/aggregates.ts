import type { AggregateCall, WindowCall } from '../../../../planner/expression.ts';
import type { Value } from '../../../functions/definition.ts';
import type { Pointer } from '../../../memory/shared-memory.ts';
import type { Local } from '../../../wasm/function-builder.ts';
import type { PipelineBuilder } from '../../pipeline/stream.ts';
import type { QueryRun } from '../../query-run.ts';
import { rowLayout, shapeOf } from '../../rows/build.ts';
import { rowCode } from '../../rows/code.ts';
import type { RowLayout } from '../../rows/layout.ts';
import type { Records } from '../../rows/row-sink.ts';
import { planAccumulators } from '../aggregate/accumulators.ts';
import { emitFinish } from '../aggregate/emit.ts';
import { memoryAccess, placeStates } from '../aggregate/state-layout.ts';
import { emitAdvance, type FrameWork } from './advance.ts';
import type { Boundaries } from './boundaries.ts';
import type { Frames } from './frames.ts';
import { buildTree, emitBlocks, type StateTree } from './tree.ts';

/** Rows of a task, at least; tasks end with partitions. */
const TASK_ROWS = 1 << 14;

/** A window call over an aggregate. */
export type AggregateWindowCall = WindowCall & {
  readonly function: Extract<WindowCall['function'], { type: 'aggregate' }>;
};

/**
 * Evaluates aggregates over the frames of sorted rows; all calls share the frames. While a frame only grows at its end, the
 * state goes on; when its start moves, the frame is aggregated anew, row by row or from a tree. Returns a record of results
 * per row.
 */
export async function aggregateFrames(
  run: QueryRun,
  calls: readonly AggregateWindowCall[],
  entries: Pointer,
  layout: RowLayout,
  boundaries: Boundaries,
  frames: Frames,
): Promise<Records> {
  const rows = frames.frameStart.length;
  const accumulators = planAccumulators(calls.map(asAggregate), () => undefined, rows, false);
  const { slots, end: stateBytes } = placeStates(accumulators.types, 0);
  const work: FrameWork = { layout, accumulators, slots, stateBytes };
  const tree = movesFar(frames) ? await buildTree(run, work, entries, rows) : null;
  const tasks = taskStarts(boundaries, tree !== null);
  const words = { entries, results: 0, ...layFrames(run, frames, tasks) };
  let results: RowLayout | undefined;
  let slot = 0;
  await run.parallel(
    'window_aggregates',
    tasks.length - 1,
    rows,
    (blocks) => {
      slot = blocks.shared(20);
    },
    (pipeline, task) => {
      results = emitTask(pipeline, task, slot, calls, work, tree);
    },
    ({ shared }) => {
      words.results = run.allocate(rows * (results?.width ?? 0), 'a window');
      run.memory.i32(shared + slot, 5).set([words.entries, words.results, words.tasks, words.frameStart, words.frameEnd]);
    },
  );
  if (results === undefined) throw new RangeError('no code was generated');
  return { layout: results, chunks: [{ address: words.results, rows }], rows };
}

function asAggregate({
  output,
  function: { aggregate },
  arguments: arguments_,
  filter,
  span,
}: AggregateWindowCall): AggregateCall {
  return { output, function: aggregate, arguments: arguments_, distinct: false, filter, orderBy: [], span };
}

/** Updates per row that are cheaper than a tree of states. */
const FEW_UPDATES = 32;

/** Whether frames move so far at their start that aggregating each anew would cost more than a tree. */
function movesFar({ frameStart, frameEnd }: Frames): boolean {
  let updates = 0;
  let [from, to] = [-1, 0];
  for (let row = 0; row < frameStart.length; row++) {
    const [start = 0, end = 0] = [frameStart[row], frameEnd[row]];
    updates += Math.max(0, end - (start === from && end >= to ? to : start));
    [from, to] = [start, end];
  }
  return updates > FEW_UPDATES * frameStart.length;
}

/**
 * First rows of the tasks, then the number of rows. A task that carries its state from row to row begins with a partition; with a
 * tree, rows do not depend on each other.
 */
function taskStarts({ partitionStarts }: Boundaries, independent: boolean): Int32Array {
  const rows = partitionStarts.at(-1) ?? 0;
  const starts = [0];
  if (independent) for (let row = TASK_ROWS; row < rows; row += TASK_ROWS) starts.push(row);
  for (const start of independent ? [] : partitionStarts) {
    if (start < rows && start - (starts.at(-1) ?? 0) >= TASK_ROWS) starts.push(start);
  }
  starts.push(rows);
  return Int32Array.from(starts);
}

function layFrames(
  run: QueryRun,
  { frameStart, frameEnd }: Frames,
  tasks: Int32Array,
): Record<'tasks' | 'frameStart' | 'frameEnd', Pointer> {
  const lay = (words: Int32Array): Pointer => {
    const at = run.allocate(words.byteLength, 'a window');
    run.memory.i32(at, words.length).set(words);
    return at;
  };
  return { tasks: lay(tasks), frameStart: lay(frameStart), frameEnd: lay(frameEnd) };
}

/** Emits one task; returns the layout of the results, which the aggregates' code decides. */
function emitTask(
  pipeline: PipelineBuilder,
  task: Local,
  slot: number,
  calls: readonly AggregateWindowCall[],
  work: FrameWork,
  tree: StateTree | null,
): RowLayout {
  const { f, shared } = pipeline;
  const address = (word: number): Local => {
    const local = f.local('i32');
    f.get(shared)
      .load('i32.load', slot + word * 4)
      .set(local);
    return local;
  };
  const [entries, results, tasks, frameStart, frameEnd] = [address(0), address(1), address(2), address(3), address(4)];
  const [row, last, state] = [f.local('i32'), f.local('i32'), f.local('i32')];
  const [start, end, from, to] = [f.local('i32'), f.local('i32'), f.local('i32'), f.local('i32')];
  f.get(tasks).get(task).i32(2).op('i32.shl').op('i32.add').tee(last).load('i32.load').set(row);
  f.get(last).load('i32.load', 4).set(last);
  f.i32(Math.max(8, work.stateBytes));
  pipeline.allocate();
  f.set(state);
  f.i32(-1).set(from);
  let layout: RowLayout | undefined;
  const pushWord = (array: Local): void => {
    f.get(array).get(row).i32(2).op('i32.shl').op('i32.add').load('i32.load');
  };
  f.loop((next) => {
    pushWord(frameStart);
    f.set(start);
    pushWord(frameEnd);
    f.set(end);
    f.get(start).get(from).op('i32.ne').get(end).get(to).op('i32.lt_s').op('i32.or');
    f.ifThen(() => {
      f.get(state).i32(0).i32(work.stateBytes).memoryFill();
      f.get(start).tee(from).set(to);
    });
    if (tree === null) emitAdvance(pipeline, entries, to, end, state, work);
    else emitBlocks(pipeline, tree, entries, to, end, state, work);
    layout = emitResults(pipeline, results, row, state, calls, work);
    f.get(row).i32(1).op('i32.add').tee(row).get(last).op('i32.lt_s').brIf(next);
  });
  if (layout === undefined) throw new RangeError('the loop was generated without its body');
  return layout;
}

/** Writes the finished aggregates of a row. */
function emitResults(
  pipeline: PipelineBuilder,
  results: Local,
  row: Local,
  state: Local,
  calls: readonly AggregateWindowCall[],
  work: FrameWork,
): RowLayout {
  const { f } = pipeline;
  const context = pipeline.rowOf(new Map());
  const values = work.accumulators.calls.map(
    (planned): Value => emitFinish(context, memoryAccess(f, state, work.slots), planned),
  );
  const layout = rowLayout(
    calls.flatMap(({ output }, i) => {
      const value = values[i];
      return value === undefined ? [] : [{ column: output, shape: shapeOf(value) }];
    }),
  );
  const record = f.local('i32');
  f.get(results).get(row).i32(layout.width).op('i32.mul').op('i32.add').set(record);
  rowCode.store(pipeline, layout, record, values);
  return layout;
}
