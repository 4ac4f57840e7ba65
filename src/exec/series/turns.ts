import type { QueryRun } from '../query-run.ts';

/** A kernel works this long before whatever else waits for the main thread has its turn, ms. */
const TURN_MS = 10;

/**
 * For kernels that run on the main thread: `const turn = turns.due(); if (turn !== undefined) await turn;` in their loop lets
 * others go on and notices a cancel (57014).
 */
export class Turns {
  readonly #run: QueryRun;
  #since = performance.now();

  constructor(run: QueryRun) {
    this.#run = run;
  }

  /** Undefined while the turn lasts. */
  due(): Promise<void> | undefined {
    return performance.now() - this.#since < TURN_MS ? undefined : this.#next();
  }

  async #next(): Promise<void> {
    await new Promise(setImmediate);
    this.#run.checkCanceled();
    this.#since = performance.now();
  }
}
