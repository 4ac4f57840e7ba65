import { Worker } from 'node:worker_threads';
import type { Pointer, SharedMemory } from '../../memory/shared-memory.ts';
import type { Slice } from '../memory/query-arena.ts';
import { SHARED } from '../pipeline/blocks.ts';
import type { CompiledModule } from './modules.ts';
import { type Failure, GRANTED, MAILBOX, type Part, REFUSED, type RunMessage, type WorkerMessage } from './protocol.ts';

/** Tasks for several threads. */
export interface Job {
  readonly compiled: CompiledModule;
  readonly parts: readonly Part[];
  readonly shared: Pointer;
  /** One block per thread that may take part: at most as many threads as there are blocks do. */
  readonly locals: readonly Pointer[];
  /** Memory for a thread; undefined when the query may not have it. */
  more(bytes: number, thread: number): Slice | undefined;
}

interface Running {
  readonly job: Job;
  readonly resolve: (failure: Failure | null) => void;
  active: number;
  failure: Failure | null;
}

interface Member {
  readonly worker: Worker;
  readonly mailbox: Pointer;
  /** Modules it has. */
  readonly modules: Set<number>;
  readonly forget: number[];
  /** Jobs sent to it that it has not ended, by number. */
  readonly jobs: Set<number>;
}

/** The state of a run that must stop, in SHARED.done. */
const STOPPED = 1;

/**
 * The worker threads of one database, started when the first job comes. They hold the process only while jobs run. A worker
 * that dies fails its jobs and is replaced at the next job.
 */
export class WorkerPool {
  readonly #memory: SharedMemory;
  readonly #threads: number;
  readonly #members: (Member | undefined)[];
  readonly #running = new Map<number, Running>();
  #nextJob = 1;
  #closed = false;

  constructor(memory: SharedMemory, threads: number) {
    this.#memory = memory;
    this.#threads = threads;
    this.#members = new Array<undefined>(threads).fill(undefined);
  }

  /** Resolves when all tasks are done, with the first failure. */
  run(job: Job): Promise<Failure | null> {
    const number = this.#nextJob++;
    const threads = Math.min(this.#threads, job.locals.length);
    return new Promise((resolve) => {
      this.#running.set(number, { job, resolve, active: threads, failure: null });
      for (let thread = 0; thread < threads; thread++) this.#send(thread, number, job);
    });
  }

  /** A module that no job will name again. */
  forget(moduleId: number): void {
    for (const member of this.#members) if (member?.modules.delete(moduleId)) member.forget.push(moduleId);
  }

  /** Ends the threads; jobs that still run fail. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#members.map((member) => member?.worker.terminate()));
    for (const member of this.#members.splice(0)) this.#memory.free(member?.mailbox ?? 0);
    for (const { resolve } of this.#running.values())
      resolve({ kind: 'thrown', code: undefined, message: 'the database was closed' });
    this.#running.clear();
  }

  #send(thread: number, number: number, job: Job): void {
    const member = this.#members[thread] ?? this.#start(thread);
    const { id, module } = job.compiled;
    const message: RunMessage = {
      kind: 'run',
      job: number,
      moduleId: id,
      module: member.modules.has(id) ? undefined : module,
      forget: member.forget.splice(0),
      parts: job.parts,
      shared: job.shared,
      local: job.locals[thread] ?? 0,
    };
    member.modules.add(id);
    if (member.jobs.size === 0) member.worker.ref();
    member.jobs.add(number);
    member.worker.postMessage(message);
  }

  #start(thread: number): Member {
    const mailbox = this.#memory.allocateZeroed(MAILBOX.size, 'worker mailbox');
    const file = import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js';
    const worker = new Worker(new URL(file, import.meta.url), {
      workerData: { memory: this.#memory.memory, mailbox },
      name: `lumadb-${thread}`,
      execArgv: [],
    });
    const member: Member = { worker, mailbox, modules: new Set(), forget: [], jobs: new Set() };
    worker.on('message', (message: WorkerMessage) => this.#receive(thread, member, message));
    worker.on('error', (error) => this.#died(thread, member, error.message));
    worker.on('exit', (code) => this.#died(thread, member, `exit status ${code}`));
    worker.unref();
    this.#members[thread] = member;
    return member;
  }

  #receive(thread: number, member: Member, message: WorkerMessage): void {
    if (message.kind === 'more') this.#grant(thread, member, message.job, message.bytes);
    else this.#ended(member, message.job, message.kind === 'failed' ? message.failure : null);
  }

  #grant(thread: number, { mailbox }: Member, number: number, bytes: number): void {
    const slice = this.#running.get(number)?.job.more(bytes, thread);
    const words = this.#memory.i32(mailbox, MAILBOX.size >> 2);
    if (slice !== undefined) {
      words[MAILBOX.address >> 2] = slice.address;
      words[MAILBOX.bytes >> 2] = slice.bytes;
    }
    Atomics.store(words, MAILBOX.state >> 2, slice === undefined ? REFUSED : GRANTED);
    Atomics.notify(words, MAILBOX.state >> 2);
  }

  #ended(member: Member, number: number, failure: Failure | null): void {
    member.jobs.delete(number);
    if (member.jobs.size === 0) member.worker.unref();
    const running = this.#running.get(number);
    if (running === undefined) return;
    if (failure !== null) {
      running.failure ??= failure;
      Atomics.store(this.#memory.i32(running.job.shared, SHARED.end >> 2), SHARED.done >> 2, STOPPED);
    }
    if (--running.active > 0) return;
    this.#running.delete(number);
    running.resolve(running.failure);
  }

  #died(thread: number, member: Member, reason: string): void {
    if (this.#closed || this.#members[thread] !== member) return;
    this.#members[thread] = undefined;
    this.#memory.free(member.mailbox);
    for (const number of member.jobs) {
      this.#ended(member, number, { kind: 'thrown', code: undefined, message: `a worker thread ended: ${reason}` });
    }
  }
}
