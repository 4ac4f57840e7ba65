import type { Pointer, SharedMemory } from '../../memory/shared-memory.ts';
import { asLumaError, LumaError, SQLSTATE } from '../../types/error.ts';
import type { Slice } from '../memory/query-arena.ts';
import { instantiate } from '../pool/instance.ts';
import type { CompiledModule, ModuleCache } from '../pool/modules.ts';
import type { Failure, Part } from '../pool/protocol.ts';
import { failureOf, MemoryRefused, runTasks } from '../pool/task.ts';
import type { WorkerPool } from '../pool/worker-pool.ts';
import { LOCAL, SHARED } from './blocks.ts';
import type { PipelineModule } from './code/module.ts';
import type { Blocks } from './stream.ts';

/** Work of at most this many rows runs on the main thread: waking workers would take longer. */
export const IN_PLACE_ROWS = 65536;
/** Bytes between task counters, so that threads do not contend for a cache line. */
const COUNTER_STRIDE = 64;

/** Tasks of one exported function. */
export interface Tasks {
  readonly export: string;
  /** Morsel addresses, or a number of tasks 0 … n − 1. */
  readonly morsels: readonly Pointer[] | number;
}

/** What an execution needs of the run it belongs to. */
export interface ExecutionHost {
  readonly memory: SharedMemory;
  readonly modules: ModuleCache;
  readonly pool: WorkerPool;
  /** Throws when the query was canceled or given up. */
  checkCanceled(): void;
  allocate(bytes: number, purpose: string): Pointer;
  allocateZeroed(bytes: number, purpose: string): Pointer;
  /** A slice for a thread; throws 53200. */
  slice(bytes: number, thread: number): Slice;
  /** What is left of the thread's slice from earlier executions; its first slice when it has had none. */
  remainder(thread: number): { readonly next: Pointer; readonly limit: Pointer };
  keepRemainder(thread: number, next: Pointer, limit: Pointer): void;
  dictionaryDirectory(): Pointer;
  parameterValues(): Pointer;
  errorOf(number: number, text: string): LumaError | undefined;
  /** Marks the shared block as running (cancel reaches it) until the returned function is called. */
  running(shared: Pointer, tasks: { readonly next: Pointer; readonly count: number }[]): () => void;
}

/** Instances of the main thread; one executes at a time, so what `memory.more` serves is a variable. */
const instances = new WeakMap<WebAssembly.Module, WebAssembly.Instance>();
let inPlace: ExecutionHost | null = null;

/**
 * A generated module with its blocks in memory, ready to run any of its entries any number of times. Blocks keep their
 * contents between runs.
 */
export class Execution {
  readonly blocks: Blocks;
  readonly #host: ExecutionHost;
  readonly #owner: PipelineModule;
  readonly #tables: readonly { readonly name: string; readonly rows: number }[];
  #compiled: CompiledModule | undefined;
  #prepared = false;
  /** What was thrown when a thread was refused memory. */
  #refused: unknown;

  constructor(host: ExecutionHost, owner: PipelineModule, threads: number) {
    this.#host = host;
    this.#owner = owner;
    this.#tables = owner.tables.emitEntries();
    const { sharedBytes, localBytes } = owner.blocks;
    const shared = host.allocateZeroed(sharedBytes, 'a pipeline');
    const locals = Array.from({ length: threads }, () => host.allocateZeroed(localBytes, 'a pipeline'));
    this.blocks = { shared, locals };
    this.#writeShared(shared);
    locals.forEach((local, thread) => {
      host.memory.i32(local, LOCAL.end >> 2)[LOCAL.thread >> 2] = thread;
    });
  }

  /** Runs the tasks, in place when `rows` are few; throws what they raised. */
  async run(tasks: readonly Tasks[], rows: number): Promise<void> {
    const host = this.#host;
    const parts = this.#lay(tasks);
    if (parts.length === 0) return;
    host.checkCanceled();
    this.#compiled ??= host.modules.get(this.#owner.module.bytes());
    const compiled = this.#compiled;
    const { shared, locals } = this.blocks;
    locals.forEach((local, thread) => {
      const { next, limit } = host.remainder(thread);
      host.memory.i32(local, LOCAL.end >> 2).set([next, limit], LOCAL.next >> 2);
    });
    const stop = host.running(shared, parts);
    try {
      this.#fillTables(compiled);
      const failure =
        rows <= IN_PLACE_ROWS
          ? this.#inPlace(compiled, parts)
          : await host.pool.run({ compiled, parts, shared, locals, more: (bytes, thread) => this.#moreFor(bytes, thread) });
      host.checkCanceled();
      if (failure !== null) throw this.#errorOf(failure);
    } finally {
      stop();
      locals.forEach((local, thread) => {
        const words = host.memory.i32(local, LOCAL.end >> 2);
        host.keepRemainder(thread, words[LOCAL.next >> 2] ?? 0, words[LOCAL.limit >> 2] ?? 0);
      });
    }
  }

  #moreFor(bytes: number, thread: number): Slice | undefined {
    try {
      return this.#host.slice(bytes, thread);
    } catch (thrown) {
      this.#refused = thrown;
      return undefined;
    }
  }

  #writeShared(shared: Pointer): void {
    const { memory } = this.#host;
    const { constants, tables } = this.#owner;
    const area = this.#host.allocate(Math.max(8, constants.size), 'constants');
    constants.writeTo(memory.u8(), area);
    const words = new Map<number, Pointer>([
      [SHARED.constants, area],
      [SHARED.dictionaries, this.#host.dictionaryDirectory()],
      [SHARED.parameters, this.#host.parameterValues()],
    ]);
    tables.allocate(
      (slot, address) => words.set(slot, address),
      (bytes) => this.#host.allocate(bytes, 'a table of dictionary values'),
    );
    const view = new DataView(memory.buffer());
    for (const [slot, address] of words) view.setUint32(shared + slot, address, true);
  }

  #lay(tasks: readonly Tasks[]): Part[] {
    const { memory } = this.#host;
    const wanted = tasks.filter(({ morsels }) => (typeof morsels === 'number' ? morsels : morsels.length) > 0);
    if (wanted.length === 0) return [];
    const counters = this.#host.allocateZeroed(wanted.length * COUNTER_STRIDE, 'task counters');
    return wanted.map(({ export: name, morsels }, i) => {
      const next = counters + i * COUNTER_STRIDE;
      if (typeof morsels === 'number') return { export: name, morsels: 0, count: morsels, next };
      const list = this.#host.allocate(morsels.length * 4, 'a list of morsels');
      memory.i32(list, morsels.length).set(morsels);
      return { export: name, morsels: list, count: morsels.length, next };
    });
  }

  #fillTables(compiled: CompiledModule): void {
    if (this.#prepared) return;
    this.#prepared = true;
    const parts = this.#lay(this.#tables.map(({ name }) => ({ export: name, morsels: 1 })));
    const failure = this.#inPlace(compiled, parts);
    if (failure !== null) throw this.#errorOf(failure);
  }

  #inPlace({ module }: CompiledModule, parts: readonly Part[]): Failure | null {
    const { memory } = this.#host.memory;
    const { shared, locals } = this.blocks;
    const [local = 0] = locals;
    let instance = instances.get(module);
    if (instance === undefined) {
      instance = instantiate(module, memory, moreInPlace);
      instances.set(module, instance);
    }
    const before = inPlace;
    inPlace = this.#host;
    try {
      for (const part of parts) {
        const entry = instance.exports[part.export];
        if (typeof entry !== 'function') throw new LumaError(SQLSTATE.internalError, `the module has no entry ${part.export}`);
        runTasks(memory, (morsel, ...blocks) => Number(entry(morsel, ...blocks)), part, shared, local);
      }
      return null;
    } catch (thrown) {
      if (thrown instanceof LumaError) throw thrown;
      return failureOf(memory, thrown, local);
    } finally {
      inPlace = before;
    }
  }

  #errorOf(failure: Failure): LumaError {
    switch (failure.kind) {
      case 'refused':
        return asLumaError(this.#refused);
      case 'raised':
        return (
          this.#host.errorOf(failure.number, failure.text) ?? new LumaError(SQLSTATE.internalError, `error ${failure.number}`)
        );
      case 'thrown':
        return new LumaError(failure.code?.length === 5 ? failure.code : SQLSTATE.internalError, failure.message);
    }
  }
}

/** Memory for the main thread's slice. */
function moreInPlace(bytes: number, local: Pointer): Pointer {
  if (inPlace === null) throw new MemoryRefused();
  const { address, bytes: size } = inPlace.slice(bytes >>> 0, 0);
  const words = inPlace.memory.i32(local >>> 0, LOCAL.end >> 2);
  words[LOCAL.next >> 2] = address + bytes;
  words[LOCAL.limit >> 2] = address + size;
  return address;
}
