import type { ConstantValue } from '../../planner/expression.ts';
import type { PhysicalQuery } from '../../planner/physical/plan.ts';
import type { ExecutionStatistics } from '../../planner/physical/statistics.ts';
import type { Snapshot } from '../../storage/api.ts';
import type { SharedMemory } from '../memory/shared-memory.ts';
import type { DataType } from '../types/data-type.ts';
import { databaseClosed } from '../types/error.ts';
import type { Batch, Schema } from '../types/vector.ts';
import { ActiveRun, type RunResources } from './active-run.ts';
import { MemoryBudget } from './memory/query-arena.ts';
import { ModuleCache } from './pool/modules.ts';
import { WorkerPool } from './pool/worker-pool.ts';
import { readStream } from './result/read.ts';

export interface ExecutorOptions {
  /** Worker threads; they start when the first query needs them. */
  readonly threads: number;
  /** Bytes that one query may hold, unless it brings a limit of its own. */
  readonly workMemory: number;
}

export interface ExecutionContext {
  /** Read until the result is released; the caller releases it after that. */
  readonly snapshot: Snapshot;
  readonly parameters: readonly { readonly type: DataType; readonly value: ConstantValue }[];
  readonly signal?: AbortSignal | undefined;
  /** Hears now and then how many morsels are done, of those known so far. */
  readonly onProgress?: ((progress: { readonly done: number; readonly total: number }) => void) | undefined;
  /** Bytes. */
  readonly memoryLimit?: number | undefined;
  /** Count the rows of each plan node. */
  readonly analyze?: boolean | undefined;
}

/** A query under way. Nothing runs before the first batch is asked for. */
export interface ExecutionResult {
  readonly schema: Schema;
  /** The rows, once, in bounded memory. A batch's vectors view shared memory and are valid until the next is asked for. */
  stream(): AsyncGenerator<Batch, void>;
  /** All rows; the vectors are valid until `release`. */
  batches(): Promise<readonly Batch[]>;
  /** Complete once the stream has ended. */
  readonly statistics: ExecutionStatistics;
  /** Gives back the memory; a query that still runs is canceled. */
  release(): void;
}

/** Runs physical plans as WebAssembly over one shared memory. */
export class Executor {
  readonly #resources: RunResources;
  readonly #workMemory: number;
  readonly #active = new Set<ActiveRun>();
  #closed = false;

  constructor(memory: SharedMemory, options: ExecutorOptions) {
    const threads = Math.max(1, options.threads);
    const pool = new WorkerPool(memory, threads);
    this.#resources = { memory, pool, threads, modules: new ModuleCache((id) => pool.forget(id)) };
    this.#workMemory = options.workMemory;
  }

  /** Throws 57P01 once closed. */
  async execute(query: PhysicalQuery, context: ExecutionContext): Promise<ExecutionResult> {
    if (this.#closed) throw databaseClosed();
    const run = new ActiveRun(this.#resources, new MemoryBudget(context.memoryLimit ?? this.#workMemory), {
      snapshot: context.snapshot,
      parameters: context.parameters,
      signal: context.signal,
      onProgress: context.onProgress,
      analyze: context.analyze === true,
    });
    this.#active.add(run);
    const ids = query.output.map(({ id }) => id);
    async function* stream(keep: boolean): AsyncGenerator<Batch, void> {
      const lowered = await run.lower(query.plan);
      yield* readStream(run, lowered, ids, keep);
      run.finished();
    }
    return {
      schema: query.output.map(({ name, type, nullable }) => ({ name, type, nullable })),
      stream: () => stream(false),
      batches: async () => {
        const batches: Batch[] = [];
        for await (const batch of stream(true)) batches.push(batch);
        return batches;
      },
      get statistics() {
        return run.statistics();
      },
      release: () => {
        this.#active.delete(run);
        run.release();
      },
    };
  }

  /** Cancels what runs and ends the threads. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const run of this.#active) run.release();
    this.#active.clear();
    await this.#resources.pool.close();
  }
}
