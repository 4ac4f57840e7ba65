import type { HashAggregate } from '../../../../planner/physical/plan.ts';
import type { Value } from '../../../functions/definition.ts';
import type { Local } from '../../../wasm/function-builder.ts';
import { emitExpression } from '../../expression/emit.ts';
import type { BlockLayout, Blocks, PipelineBuilder, Row, Sink, Slot, Source } from '../../pipeline/stream.ts';
import type { QueryRun } from '../../query-run.ts';
import { rowLayout, shapeOf } from '../../rows/build.ts';
import { recordColumns } from '../../rows/row-source.ts';
import { type Accumulators, type PresentAccumulators, planAccumulators, withPresence } from './accumulators.ts';
import { type DirectGroups, directSource, emitDirectGroup, planDirect } from './direct.ts';
import { emitMerge, emitUpdates } from './emit.ts';
import { emitHashedGroup, type GroupRecords } from './hashed.ts';
import { GROUPS, readAddress } from './layout.ts';
import { pageSource } from './pages.ts';
import { partitionSource } from './partitions.ts';
import { groupColumns, type RecordColumns } from './result.ts';
import { memoryAccess, placeStates, type StateSlot } from './state-layout.ts';

/** How groups are found, decided by what the first pipeline knows of the keys. */
type Strategy =
  | {
      readonly type: 'direct';
      readonly groups: DirectGroups;
      readonly accumulators: PresentAccumulators;
      readonly slots: readonly StateSlot[];
      readonly stateBytes: number;
    }
  | {
      readonly type: 'hashed';
      readonly records: GroupRecords;
      readonly accumulators: Accumulators;
      readonly slots: readonly StateSlot[];
    };

/** Aggregation by keys: every thread collects groups of its own; they are merged when the result is read. */
export class GroupedSink implements Sink {
  readonly #plan: HashAggregate;
  readonly #rows: number;
  #slot: Slot = 0;
  #strategy: Strategy | undefined;

  /** `rows`: upper bound of the input's rows. */
  constructor(plan: HashAggregate, rows: number) {
    this.#plan = plan;
    this.#rows = rows;
  }

  open(blocks: BlockLayout): void {
    this.#slot = blocks.local(GROUPS.bytes);
  }

  consume(pipeline: PipelineBuilder, row: Row): void {
    const { f } = pipeline;
    const keys = this.#plan.keys.map(({ expression }) => emitExpression(row, expression));
    const values = new Map(
      this.#plan.aggregates.flatMap((call) =>
        call.filter === null ? [[call, call.arguments.map((argument) => emitExpression(row, argument))] as const] : [],
      ),
    );
    this.#strategy ??= this.#decide(keys, (call) => values.get(call), pipeline.run.threads);
    const strategy = this.#strategy;
    const group = this.#emitGroup(pipeline, row, strategy, keys);
    const states = memoryAccess(f, group, strategy.slots);
    emitUpdates(row, strategy.accumulators, states, ({ call }) => values.get(call));
    if (strategy.type === 'direct' && strategy.accumulators.marked) {
      const one = f.local('i32');
      f.i32(1).set(one);
      states.store(strategy.accumulators.presence, [one]);
    }
  }

  #decide(
    keys: readonly Value[],
    argumentsOf: (call: HashAggregate['aggregates'][number]) => readonly Value[] | undefined,
    threads: number,
  ): Strategy {
    const planned = planAccumulators(this.#plan.aggregates, argumentsOf, this.#rows, true);
    const accumulators = withPresence(planned);
    const direct = placeStates(accumulators.types, 0);
    const groups = planDirect(keys, this.#rows, direct.end, threads);
    if (groups !== null) return { type: 'direct', groups, accumulators, slots: direct.slots, stateBytes: direct.end };
    const layout = rowLayout(this.#plan.keys.map(({ output }, i) => ({ column: output, shape: shapeOf(valueAt(keys, i)) })));
    const { slots, end } = placeStates(planned.types, layout.width);
    return { type: 'hashed', records: { keys: layout, width: end }, accumulators: planned, slots };
  }

  #emitGroup(pipeline: PipelineBuilder, row: Row, strategy: Strategy, keys: readonly Value[]): Local {
    if (strategy.type === 'direct') {
      return emitDirectGroup(pipeline, strategy.groups, keys, this.#slot, strategy.stateBytes);
    }
    return emitHashedGroup(pipeline, row, strategy.records, keys, this.#slot);
  }

  /** The groups; null when no pipeline was generated, so that there are none. */
  source(run: QueryRun, blocks: Blocks): Source | null {
    const strategy = this.#strategy;
    if (strategy === undefined) return null;
    const { keys } = this.#plan;
    const { accumulators, slots } = strategy;
    if (strategy.type === 'direct') {
      const { groups, stateBytes } = strategy;
      return directSource(run, keys, groups, strategy.accumulators, slots, stateBytes, this.#slot, blocks, this.#rows);
    }
    const { records } = strategy;
    const columns: RecordColumns = (pipeline, record) =>
      groupColumns(recordColumns(pipeline, records.keys, record), accumulators, slots, record);
    const filled = blocks.locals.filter((local) => readAddress(run, local + this.#slot + GROUPS.count) > 0);
    const [first, second] = filled;
    if (first === undefined) return null;
    if (second === undefined) return pageSource(run, first, this.#slot, records.width, columns);
    return partitionSource(
      run,
      filled,
      this.#slot,
      records.keys,
      ({ f }, row, into, from) => emitMerge(row, accumulators, memoryAccess(f, into, slots), memoryAccess(f, from, slots)),
      columns,
    );
  }
}

function valueAt(values: readonly Value[], position: number): Value {
  const value = values[position];
  if (value === undefined) throw new RangeError(`there is no key ${position}`);
  return value;
}
