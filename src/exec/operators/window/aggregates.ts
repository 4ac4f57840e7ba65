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
import { recordColumns } from '../../rows/row-source.ts';
import { type Accumulators, planAccumulators } from '../aggregate/accumulators.ts';
import { emitFinish, emitUpdates } from '../aggregate/emit.ts';
import { memoryAccess, placeStates, type StateSlot } from '../aggregate/state-layout.ts';
import { ENTRY_BYTES } from '../sort/runs.ts';
import type { Boundaries } from './boundaries.ts';
import type { Frames } from './frames.ts';

/** Rows of a task, at least; tasks end with partitions. */
const TASK_ROWS = 1 << 14;

/** A window call over an aggregate. */
export type AggregateWindowCall = WindowCall & {
  readonly function: Extract<WindowCall['function'], { type: 'aggregate' }>;
};

/**
 * Evaluates aggregates over the frames of sorted rows; all calls share the frames. While a frame only grows at its end, the
 * state goes on; when its start moves, the frame is aggregated anew. Returns a record of results per row.
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
  const tasks = taskStarts(boundaries);
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
      results = emitTask(pipeline, task, slot, { calls, layout, accumulators, slots, stateBytes });
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

/** First rows of the tasks, then the number of rows: partitions until there are enough rows. */
function taskStarts({ partitionStarts }: Boundaries): Int32Array {
  const rows = partitionStarts.at(-1) ?? 0;
  const starts = [0];
  for (const start of partitionStarts) {
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

interface Work {
  readonly calls: readonly AggregateWindowCall[];
  readonly layout: RowLayout;
  readonly accumulators: Accumulators;
  readonly slots: readonly StateSlot[];
  readonly stateBytes: number;
}

/** Emits one task; returns the layout of the results, which the aggregates' code decides. */
function emitTask(pipeline: PipelineBuilder, task: Local, slot: number, work: Work): RowLayout {
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
    emitAdvance(pipeline, entries, to, end, state, work);
    layout = emitResults(pipeline, results, row, state, work);
    f.get(row).i32(1).op('i32.add').tee(row).get(last).op('i32.lt_s').brIf(next);
  });
  if (layout === undefined) throw new RangeError('the loop was generated without its body');
  return layout;
}

/** Updates the state with the rows from `to` up to `end`. */
function emitAdvance(pipeline: PipelineBuilder, entries: Local, to: Local, end: Local, state: Local, work: Work): void {
  const { f } = pipeline;
  const record = f.local('i32');
  f.block((done) => {
    f.loop((next) => {
      f.get(to).get(end).op('i32.ge_s').brIf(done);
      f.get(entries).get(to).i32(ENTRY_BYTES).op('i32.mul').op('i32.add').load('i32.load').set(record);
      const values = pipeline.rowOf(recordColumns(pipeline, work.layout, record));
      emitUpdates(values, work.accumulators, memoryAccess(f, state, work.slots), () => undefined);
      f.get(to).i32(1).op('i32.add').set(to).br(next);
    });
  });
}

/** Writes the finished aggregates of a row. */
function emitResults(pipeline: PipelineBuilder, results: Local, row: Local, state: Local, work: Work): RowLayout {
  const { f } = pipeline;
  const context = pipeline.rowOf(new Map());
  const values = work.accumulators.calls.map(
    (planned): Value => emitFinish(context, memoryAccess(f, state, work.slots), planned),
  );
  const layout = rowLayout(
    work.calls.flatMap(({ output }, i) => {
      const value = values[i];
      return value === undefined ? [] : [{ column: output, shape: shapeOf(value) }];
    }),
  );
  const record = f.local('i32');
  f.get(results).get(row).i32(layout.width).op('i32.mul').op('i32.add').set(record);
  rowCode.store(pipeline, layout, record, values);
  return layout;
}
