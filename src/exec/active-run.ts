import type { PhysicalPlan } from '../../planner/physical/plan.ts';
import type { ExecutionStatistics, NodeStatistics, ScanStatistics } from '../../planner/physical/statistics.ts';
import type { DictionaryView, Snapshot } from '../../storage/api.ts';
import type { DictionaryHandle } from '../functions/definition.ts';
import type { Pointer, SharedMemory } from '../memory/shared-memory.ts';
import { LumaError, SQLSTATE } from '../types/error.ts';
import type { Local } from '../wasm/function-builder.ts';
import { lowerPlan } from './lower.ts';
import { type MemoryBudget, QueryArena, type Slice } from './memory/query-arena.ts';
import { SHARED } from './pipeline/blocks.ts';
import { branchWork, emitBranch, type RowCounters } from './pipeline/code/branch.ts';
import { PipelineFunction } from './pipeline/code/builder.ts';
import { ErrorTable } from './pipeline/code/errors.ts';
import { PipelineModule } from './pipeline/code/module.ts';
import { type Parameter, writeParameters } from './pipeline/code/parameters.ts';
import { DictionaryDirectory } from './pipeline/dictionaries.ts';
import { Execution, type ExecutionHost, IN_PLACE_ROWS } from './pipeline/execution.ts';
import { MorselGroups } from './pipeline/morsel-groups.ts';
import type { BlockLayout, Blocks, PipelineBuilder, Sink, Slot, Stream } from './pipeline/stream.ts';
import type { ModuleCache } from './pool/modules.ts';
import type { WorkerPool } from './pool/worker-pool.ts';
import type { DrainOptions, QueryRun } from './query-run.ts';
import type { Records } from './rows/row-sink.ts';

/** What the executor gives each of its runs. */
export interface RunResources {
  readonly memory: SharedMemory;
  readonly modules: ModuleCache;
  readonly pool: WorkerPool;
  readonly threads: number;
}

export interface RunOptions {
  readonly snapshot: Snapshot;
  readonly parameters: readonly Parameter[];
  readonly signal: AbortSignal | undefined;
  readonly onProgress: ((progress: { readonly done: number; readonly total: number }) => void) | undefined;
  /** Count rows and take times per plan node. */
  readonly analyze: boolean;
}

/** A thread's next slice is twice its last one, between these. */
const FIRST_SLICE = 64 << 10;
const LARGEST_SLICE = 8 << 20;
const CANCELED = 2;
const PROGRESS_MS = 100;

/** What is left of a thread's slice, and how large the slice was. */
interface ThreadMemory {
  next: Pointer;
  limit: Pointer;
  size: number;
}

interface RunningTasks {
  readonly shared: Pointer;
  readonly parts: readonly { readonly next: Pointer; readonly count: number }[];
}

/** One query while it runs. */
export class ActiveRun implements QueryRun, ExecutionHost {
  readonly memory: SharedMemory;
  readonly modules: ModuleCache;
  readonly pool: WorkerPool;
  readonly threads: number;
  readonly snapshot: Snapshot;
  readonly parameters: readonly Parameter[];
  readonly budget: MemoryBudget;
  readonly shared = new Map<PhysicalPlan, Promise<Records>>();
  readonly #dictionaries = new DictionaryDirectory();
  readonly #options: RunOptions;
  readonly #errors = new ErrorTable();
  readonly #arenas: QueryArena[] = [];
  #arena: QueryArena;
  readonly #slices: ThreadMemory[] = [];
  readonly #releases: (() => void)[] = [];
  readonly #rows = new Map<number, number>();
  readonly #scans = new Map<number, ScanStatistics>();
  readonly #ready = new Map<number, number>();
  readonly #running = new Set<RunningTasks>();
  readonly #started = performance.now();
  readonly #onAbort = (): void => this.#cancel();
  #parameterValues: Pointer = 0;
  #compileMs = 0;
  #released = false;
  #finishedMs: number | null = null;
  #tasks = { done: 0, total: 0 };
  #progress: NodeJS.Timeout | undefined;

  constructor(resources: RunResources, budget: MemoryBudget, options: RunOptions) {
    this.memory = resources.memory;
    this.modules = resources.modules;
    this.pool = resources.pool;
    this.threads = resources.threads;
    this.snapshot = options.snapshot;
    this.parameters = options.parameters;
    this.budget = budget;
    this.#options = options;
    this.#arena = this.newArena();
    options.signal?.addEventListener('abort', this.#onAbort);
    if (options.onProgress !== undefined) this.#progress = setInterval(() => this.#report(), PROGRESS_MS).unref();
  }

  async lower(plan: PhysicalPlan): Promise<Stream> {
    this.checkCanceled();
    if (!this.#options.analyze) return lowerPlan(plan, this);
    const started = performance.now();
    const stream = await lowerPlan(plan, this);
    this.#ready.set(plan.node, performance.now() - started);
    return stream;
  }

  async drain(stream: Stream, sink: Sink, options: DrainOptions = {}): Promise<Blocks> {
    const { execution, groups, finish } = this.prepare(stream, sink, options.sequential === true ? 1 : undefined);
    const { enough } = options;
    if (enough === undefined) await execution.run(groups.all, groups.rows);
    else {
      for (const { tasks, rows } of groups.growing(this.threads)) {
        if (enough(execution.blocks)) break;
        await execution.run(tasks, rows);
      }
    }
    finish();
    return execution.blocks;
  }

  /** A drain that has not run: for running its morsels in several goes. `threads`: at most. */
  prepare(stream: Stream, sink: Sink, threads = this.threads): PreparedDrain {
    const started = performance.now();
    const rows = stream.branches.reduce((sum, { source }) => sum + source.rows, 0);
    const owner = new PipelineModule(this, this.#errors, rows);
    const counters = this.#options.analyze ? new Counters(owner.blocks) : null;
    sink.open(owner.blocks);
    const tasks = stream.branches.map((branch, i) => {
      const name = `branch${i}`;
      PipelineFunction.entry(owner, name, (pipeline) =>
        emitBranch(pipeline, branch, sink, counters, stream.branches.length === 1),
      );
      return { export: name, morsels: branch.source.morsels, rows: branch.source.rows * branchWork(branch) };
    });
    const groups = new MorselGroups(tasks);
    const execution = this.#execution(owner, groups.rows, threads, started);
    sink.start?.(execution.blocks);
    const finish = (): void => {
      if (counters === null) return;
      for (const [node, slot] of counters.slots) this.#countLocals(node, slot, execution.blocks);
      for (const { source } of stream.branches) if (source.node !== null) this.count(source.node, source.rows);
    };
    return { execution, groups, finish };
  }

  async parallel(
    name: string,
    count: number,
    rows: number,
    open: (layout: BlockLayout) => void,
    body: (pipeline: PipelineBuilder, task: Local) => void,
    start?: (blocks: Blocks) => void,
  ): Promise<Blocks> {
    const started = performance.now();
    const owner = new PipelineModule(this, this.#errors, rows);
    open(owner.blocks);
    PipelineFunction.entry(owner, name, (pipeline) => body(pipeline, pipeline.morsel));
    const execution = this.#execution(owner, rows, Math.min(this.threads, Math.max(1, count)), started);
    start?.(execution.blocks);
    await execution.run([{ export: name, morsels: count }], rows);
    return execution.blocks;
  }

  #execution(owner: PipelineModule, rows: number, threads: number, started: number): Execution {
    const execution = new Execution(this, owner, rows <= IN_PLACE_ROWS ? 1 : threads);
    this.#compileMs += performance.now() - started;
    return execution;
  }

  checkCanceled(): void {
    const { signal } = this.#options;
    const reason: unknown = signal?.reason;
    if (signal?.aborted === true && reason instanceof LumaError) throw reason;
    if (signal?.aborted === true || this.#released) throw new LumaError(SQLSTATE.queryCanceled, 'the query was canceled');
  }

  allocate(bytes: number, purpose: string): Pointer {
    if (this.#released) this.checkCanceled();
    return this.#arena.allocate(bytes, purpose);
  }

  allocateZeroed(bytes: number, purpose: string): Pointer {
    const address = this.allocate(bytes, purpose);
    this.memory.u8().fill(0, address, address + bytes);
    return address;
  }

  /** A further arena under the run's budget, released with the run or before. */
  newArena(): QueryArena {
    const arena = new QueryArena(this.memory, this.budget);
    this.#arenas.push(arena);
    return arena;
  }

  /** Takes memory from `arena` from now on, for threads too; gives back the arena used so far. */
  useArena(arena: QueryArena): QueryArena {
    const before = this.#arena;
    this.#arena = arena;
    this.#slices.length = 0;
    return before;
  }

  slice(bytes: number, thread: number): Slice {
    return this.#nextSlice(this.#sliceOf(thread), bytes);
  }

  #nextSlice(state: ThreadMemory, bytes: number): Slice {
    state.size = Math.min(state.size * 2, LARGEST_SLICE);
    return this.#arena.slice(bytes, state.size, 'a thread');
  }

  remainder(thread: number): { readonly next: Pointer; readonly limit: Pointer } {
    const state = this.#sliceOf(thread);
    // The first slice goes with the work: a worker that has to ask for it waits for the main thread.
    if (state.limit === 0 && this.budget.free >= FIRST_SLICE * 8) {
      const { address, bytes } = this.#nextSlice(state, FIRST_SLICE);
      Object.assign(state, { next: address, limit: address + bytes });
    }
    return state;
  }

  keepRemainder(thread: number, next: Pointer, limit: Pointer): void {
    Object.assign(this.#sliceOf(thread), { next, limit });
  }

  #sliceOf(thread: number): ThreadMemory {
    const known = this.#slices[thread] ?? { next: 0, limit: 0, size: FIRST_SLICE / 2 };
    this.#slices[thread] = known;
    return known;
  }

  dictionaryDirectory(): Pointer {
    const directory = this.allocate(Math.max(8, this.#dictionaries.bytes), 'dictionaries');
    this.#dictionaries.writeTo(this.memory, directory);
    return directory;
  }

  dictionary(view: DictionaryView): DictionaryHandle {
    return this.#dictionaries.handle(view);
  }

  dictionaryView(handle: DictionaryHandle): DictionaryView {
    return this.#dictionaries.view(handle);
  }

  parameterValues(): Pointer {
    if (this.#parameterValues === 0 && this.parameters.length > 0) {
      const first = this.#arenas[0] ?? this.#arena;
      this.#parameterValues = writeParameters(this.memory, this.parameters, (bytes) => first.allocate(bytes, 'parameters'));
    }
    return this.#parameterValues;
  }

  errorOf(number: number, text: string): LumaError | undefined {
    return this.#errors.get(number, text);
  }

  running(shared: Pointer, parts: readonly { readonly next: Pointer; readonly count: number }[]): () => void {
    const tasks: RunningTasks = { shared, parts };
    const total = parts.reduce((sum, part) => sum + part.count, 0);
    this.#running.add(tasks);
    this.#tasks.total += total;
    return () => {
      this.#running.delete(tasks);
      this.#tasks.done += total;
      if (this.#released) this.release();
    };
  }

  onRelease(action: () => void): void {
    this.#releases.push(action);
  }

  count(node: number, rows: number): void {
    this.#rows.set(node, (this.#rows.get(node) ?? 0) + rows);
  }

  scanned(node: number, statistics: ScanStatistics): void {
    this.#scans.set(node, statistics);
  }

  /** Stops the clock: what follows is the reader's time. */
  finished(): void {
    this.#finishedMs ??= performance.now();
    clearInterval(this.#progress);
  }

  statistics(): ExecutionStatistics {
    const nodes = new Map<number, NodeStatistics>();
    for (const node of new Set([...this.#rows.keys(), ...this.#scans.keys()])) {
      nodes.set(node, {
        rows: this.#rows.get(node) ?? 0,
        readyMs: this.#ready.get(node) ?? 0,
        scan: this.#scans.get(node) ?? null,
      });
    }
    const executionMs = (this.#finishedMs ?? performance.now()) - this.#started;
    return { nodes, planningMs: 0, compileMs: this.#compileMs, executionMs, peakMemory: this.budget.peak };
  }

  /** Gives everything back, as soon as no task runs any more; further calls do nothing. */
  release(): void {
    this.#released = true;
    this.finished();
    this.#cancel();
    if (this.#running.size > 0) return;
    this.#options.signal?.removeEventListener('abort', this.#onAbort);
    for (const action of this.#releases.splice(0)) action();
    for (const arena of this.#arenas.splice(0)) arena.release();
  }

  #countLocals(node: number, slot: Slot, blocks: Blocks): void {
    for (const local of blocks.locals) this.count(node, Number(this.memory.i64(local + slot, 1)[0] ?? 0n));
  }

  #cancel(): void {
    for (const { shared } of this.#running) {
      Atomics.store(this.memory.i32(shared, SHARED.end >> 2), SHARED.done >> 2, CANCELED);
    }
  }

  #report(): void {
    let done = this.#tasks.done;
    for (const { parts } of this.#running) {
      for (const { next, count } of parts) done += Math.min(count, Atomics.load(this.memory.i32(next, 1), 0));
    }
    this.#options.onProgress?.({ done, total: this.#tasks.total });
  }
}

/** A stream's pipelines, generated, with what it takes to run them. */
export interface PreparedDrain {
  readonly execution: Execution;
  readonly groups: MorselGroups;
  /** Adds up what threads counted; once, after the last run. */
  finish(): void;
}

class Counters implements RowCounters {
  readonly slots = new Map<number, Slot>();
  readonly #layout: BlockLayout;

  constructor(layout: BlockLayout) {
    this.#layout = layout;
  }

  slot(node: number): Slot {
    const known = this.slots.get(node) ?? this.#layout.local(8);
    this.slots.set(node, known);
    return known;
  }
}
