import type { ConstantValue } from '../../planner/expression.ts';
import type { PhysicalPlan } from '../../planner/physical/plan.ts';
import type { ScanStatistics } from '../../planner/physical/statistics.ts';
import type { DictionaryView, Snapshot } from '../../storage/api.ts';
import type { DictionaryHandle } from '../functions/definition.ts';
import type { Pointer, SharedMemory } from '../memory/shared-memory.ts';
import type { DataType } from '../types/data-type.ts';
import type { Local } from '../wasm/function-builder.ts';
import type { BlockLayout, Blocks, PipelineBuilder, Sink, Stream } from './pipeline/stream.ts';
import type { Records } from './rows/row-sink.ts';

export interface DrainOptions {
  readonly sequential?: boolean;
  readonly enough?: (blocks: Blocks) => boolean;
}

/** One execution of a physical plan: its memory, its threads, its parameters. Operators see the executor only through this. */
export interface QueryRun {
  readonly memory: SharedMemory;
  readonly snapshot: Snapshot;
  readonly parameters: readonly { readonly type: DataType; readonly value: ConstantValue }[];
  /** Throws 57014, or the reason given, when the query is to end early. */
  checkCanceled(): void;
  /** Threads that may take part in a drain, the main thread among them as number 0 when it runs in place. */
  readonly threads: number;
  /** Rows that several operators read, by the plan that gives them: it runs when the first of them is lowered. */
  readonly shared: Map<PhysicalPlan, Promise<Records>>;
  /** Lowers an operator (`src/exec/lower.ts`). */
  lower(plan: PhysicalPlan): Promise<Stream>;
  /**
   * Generates the stream's pipelines with the sink, runs all morsels, and resolves when the last is done. Throws the
   * first error a morsel raised, 57014 when cancelled, 53200 past the memory limit.
   * `sequential`: one thread, morsels in order. `enough`: morsels run in order in growing groups, and after each group it
   * says whether the rest can be left out (LIMIT).
   */
  drain(stream: Stream, sink: Sink, options?: DrainOptions): Promise<Blocks>;
  /**
   * Runs a generated function `(task, shared, local) -> i32` for each task number 0 … count − 1, in parallel: merging
   * partitions, sorting runs, filling a directory. `rows` says how much work it is (small work runs in place).
   */
  parallel(
    name: string,
    count: number,
    rows: number,
    open: (layout: BlockLayout) => void,
    body: (pipeline: PipelineBuilder, task: Local) => void,
    start?: (blocks: Blocks) => void,
  ): Promise<Blocks>;
  /** Memory that lives until the query ends; throws 53200 past the query's limit. 64-byte aligned. */
  allocate(bytes: number, purpose: string): Pointer;
  allocateZeroed(bytes: number, purpose: string): Pointer;
  /** Runs when the query ends, whatever its end. */
  onRelease(action: () => void): void;
  /** The handle of a dictionary in shared memory, good in all pipelines of the run; where a handle's dictionary lies. */
  dictionary(view: DictionaryView): DictionaryHandle;
  dictionaryView(handle: DictionaryHandle): DictionaryView;
  /**
   * Adds to the rows that EXPLAIN ANALYZE reports of a node. Steps and sources are counted without it: a step's node gets
   * the rows that pass on, a source's node the source's rows.
   */
  count(node: number, rows: number): void;
  /** What a table scan read. */
  scanned(node: number, statistics: ScanStatistics): void;
}
