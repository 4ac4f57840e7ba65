import type { Local } from '../../../wasm/function-builder.ts';
import { LOCAL } from '../blocks.ts';
import type { PipelineBuilder } from '../stream.ts';

/** A point in the thread's memory slice to go back to, which gives back what was allocated since. */
export class MemoryMark {
  readonly #pipeline: PipelineBuilder;
  readonly #next: Local;
  readonly #limit: Local;

  constructor(pipeline: PipelineBuilder) {
    this.#pipeline = pipeline;
    this.#next = pipeline.f.local('i32');
    this.#limit = pipeline.f.local('i32');
  }

  set(): void {
    const { f, local } = this.#pipeline;
    f.get(local).load('i32.load', LOCAL.next).set(this.#next);
    f.get(local).load('i32.load', LOCAL.limit).set(this.#limit);
  }

  /** Unless the thread has got another slice since: then the memory is given back with the query only. */
  restore(): void {
    const { f, local } = this.#pipeline;
    f.get(local).load('i32.load', LOCAL.limit).get(this.#limit).op('i32.eq');
    f.ifThen(() => f.get(local).get(this.#next).store('i32.store', LOCAL.next));
  }
}
