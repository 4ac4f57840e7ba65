import type { ConstantValue } from '../../planner/expression.ts';
import type { PhysicalPlan } from '../../planner/physical/plan.ts';
import type { Snapshot } from '../../storage/api.ts';
import type { Pointer, SharedMemory } from '../memory/shared-memory.ts';
import type { DataType } from '../types/data-type.ts';
import type { Blocks, PipelineBuilder, Sink, Stream } from './pipeline/stream.ts';

/** One execution of a physical plan: its memory, its threads, its parameters. Operators see the executor only through this. */
export interface QueryRun {
  readonly memory: SharedMemory;
  readonly snapshot: Snapshot;
  readonly parameters: readonly { readonly type: DataType; readonly value: ConstantValue }[];
  /** Threads that may take part in a drain, the main thread among them as number 0 when it runs in place. */
  readonly threads: number;
  /** Lowers an operator (`src/exec/lower.ts`). */
  lower(plan: PhysicalPlan): Promise<Stream>;
  /**
   * Generates the stream's pipelines with the sink, runs all morsels, and resolves when the last is done. Throws the
   * first error a morsel raised, 57014 when cancelled, 53200 past the memory limit.
   * `sequential`: one thread, morsels in order (LIMIT over an ordered stream).
   */
  drain(stream: Stream, sink: Sink, options?: { readonly sequential?: boolean }): Promise<Blocks>;
  /**
   * Runs a generated function `(task, shared, local) -> i32` for each task number 0 … count − 1, in parallel: merging
   * partitions, sorting runs, filling a directory. `rows` says how much work it is (small work runs in place).
   */
  parallel(
    name: string,
    count: number,
    rows: number,
    open: (layout: import('./pipeline/stream.ts').BlockLayout) => void,
    body: (pipeline: PipelineBuilder, task: import('../wasm/function-builder.ts').Local) => void,
    start?: (blocks: Blocks) => void,
  ): Promise<Blocks>;
  /** Memory that lives until the query ends; throws 53200 past the query's limit. 64-byte aligned. */
  allocate(bytes: number, purpose: string): Pointer;
  allocateZeroed(bytes: number, purpose: string): Pointer;
  /** Runs when the query ends, whatever its end. */
  onRelease(action: () => void): void;
  /** Adds to what EXPLAIN ANALYZE reports of a node. */
  count(node: number, rows: number): void;
}
