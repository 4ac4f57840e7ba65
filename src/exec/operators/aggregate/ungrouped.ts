import type { AggregateCall } from '../../../../planner/expression.ts';
import type { HashAggregate } from '../../../../planner/physical/plan.ts';
import type { Pointer } from '../../../memory/shared-memory.ts';
import type { Local } from '../../../wasm/function-builder.ts';
import { emitExpression } from '../../expression/emit.ts';
import { MORSEL } from '../../pipeline/blocks.ts';
import { layMorsels } from '../../pipeline/morsels.ts';
import type { Blocks, LaneRows, PipelineBuilder, Row, Sink, Slot, Source } from '../../pipeline/stream.ts';
import type { QueryRun } from '../../query-run.ts';
import { type Accumulators, planAccumulators } from './accumulators.ts';
import { emitMerge, emitUpdates } from './emit.ts';
import { emitLaneSums, planLaneSums } from './lane-sums.ts';
import { writeWords } from './layout.ts';
import { groupColumns } from './result.ts';
import { localsAccess, memoryAccess, placeStates, type StateSlot, shifted } from './state-layout.ts';

/** Where the one state lies: in the thread's own block, and in locals while a morsel runs. */
interface Placed {
  readonly accumulators: Accumulators;
  readonly slots: readonly StateSlot[];
  readonly bytes: number;
  /** Not known when no pipeline was generated. */
  readonly slot: Slot | null;
}

/** Aggregation without keys: exactly one row, also over no rows. */
export class UngroupedSink implements Sink {
  readonly #calls: readonly AggregateCall[];
  readonly #rows: number;
  #placed: Placed | undefined;
  #fields: readonly (readonly Local[])[] = [];

  /** `rows`: upper bound of the input's rows. */
  constructor(calls: readonly AggregateCall[], rows: number) {
    this.#calls = calls;
    this.#rows = rows;
  }

  open(): void {
    // The state's size is known when the first row is generated.
  }

  consume(pipeline: PipelineBuilder, row: Row): void {
    const { f } = pipeline;
    const values = new Map(
      this.#calls.flatMap((call) =>
        call.filter === null ? [[call, call.arguments.map((argument) => emitExpression(row, argument))] as const] : [],
      ),
    );
    if (this.#placed === undefined) {
      const accumulators = planAccumulators(this.#calls, (call) => values.get(call), this.#rows, false);
      const { slots, end } = placeStates(accumulators.types, 0);
      this.#placed = { accumulators, slots, bytes: end, slot: pipeline.blocks.local(end) };
    }
    const { accumulators, slots, slot } = this.#placed;
    f.prologue(() => {
      const states = memoryAccess(f, pipeline.local, shifted(slots, slot ?? 0));
      this.#fields = slots.map((_, field) => states.load(field));
    });
    emitUpdates(row, accumulators, localsAccess(f, this.#fields), ({ call }) => values.get(call));
  }

  consumeLanes(pipeline: PipelineBuilder, lanes: LaneRows): Local | null {
    const sums = planLaneSums(this.#calls, lanes, this.#rows);
    if (sums === null) return null;
    const { slots, end } = placeStates(sums.accumulators.types, 0);
    const slot = pipeline.blocks.local(end);
    this.#placed = { accumulators: sums.accumulators, slots, bytes: end, slot };
    return emitLaneSums(pipeline, lanes, sums, memoryAccess(pipeline.f, pipeline.local, shifted(slots, slot)));
  }

  end(pipeline: PipelineBuilder): void {
    if (this.#placed === undefined) return;
    const { slots, slot } = this.#placed;
    const states = memoryAccess(pipeline.f, pipeline.local, shifted(slots, slot ?? 0));
    this.#fields.forEach((locals, field) => {
      states.store(field, locals);
    });
  }

  forgets(): boolean {
    return this.#placed?.accumulators.types.includes('text') !== true;
  }

  /** The one group, of which every thread has a part. */
  source(plan: HashAggregate, run: QueryRun, blocks: Blocks): Source {
    const { accumulators, slots, bytes, slot } = this.#placed ?? this.#unplaced();
    const parts: Pointer[] =
      slot === null ? [run.allocateZeroed(bytes, 'aggregation')] : blocks.locals.map((local) => local + slot);
    const write = (words: DataView): void => writeWords(words, [parts.length, ...parts]);
    return {
      morsels: layMorsels(run, 4 + parts.length * 4, [{ rows: 1, write }]),
      rows: 1,
      node: plan.node,
      emit(pipeline, filters, body) {
        const group = emitMergedParts(pipeline, accumulators, slots);
        const columns = groupColumns(new Map(), accumulators, slots, group);
        const row = pipeline.rowOf(columns, ({ f }) => f.local('i64'));
        body(row, filters);
      },
    };
  }

  #unplaced(): Placed {
    const accumulators = planAccumulators(this.#calls, () => undefined, 0, false);
    const { slots, end } = placeStates(accumulators.types, 0);
    return { accumulators, slots, bytes: end, slot: null };
  }
}

/** Folds all parts into the first, whose address the result holds. */
function emitMergedParts(pipeline: PipelineBuilder, accumulators: Accumulators, slots: readonly StateSlot[]): Local {
  const { f, morsel } = pipeline;
  const group = f.local('i32');
  const other = f.local('i32');
  const at = f.local('i32');
  const end = f.local('i32');
  f.get(morsel)
    .load('i32.load', MORSEL.end + 4)
    .set(group);
  f.get(morsel)
    .i32(MORSEL.end + 8)
    .op('i32.add')
    .set(at);
  f.get(morsel).load('i32.load', MORSEL.end).i32(2).op('i32.shl').get(morsel).op('i32.add');
  f.i32(MORSEL.end + 4)
    .op('i32.add')
    .set(end);
  f.block((done) => {
    f.loop((next) => {
      f.get(at).get(end).op('i32.ge_u').brIf(done);
      f.get(at).load('i32.load').set(other);
      const row = pipeline.rowOf(new Map());
      emitMerge(row, accumulators, memoryAccess(f, group, slots), memoryAccess(f, other, slots));
      f.get(at).i32(4).op('i32.add').set(at).br(next);
    });
  });
  return group;
}
