import type { Pointer, SharedMemory } from './shared-memory.ts';

/** Whoever reads memory that others may retire holds a pin for as long. Releasing twice is releasing once. */
export interface Pin {
  release(): void;
}

interface Retired {
  readonly at: Pointer;
  /** Pins up to this number may still read it. */
  readonly pins: number;
}

/**
 * Frees memory that readers may still look at once none of them can: epoch-based reclamation.
 *
 * Invariant: a block is freed only when every pin that existed at its `retire` has been released. A pin made later
 * cannot reach the block, because its owner took it out of everything reachable before retiring it.
 */
export class Reclaimer {
  readonly #memory: SharedMemory;
  /** In order of their numbers. */
  readonly #pins = new Set<number>();
  #lastPin = 0;
  /** In order of `pins`. */
  #waiting: Retired[] = [];

  constructor(memory: SharedMemory) {
    this.#memory = memory;
  }

  pin(): Pin {
    const number = ++this.#lastPin;
    this.#pins.add(number);
    return {
      release: () => {
        if (this.#pins.delete(number)) this.#collect();
      },
    };
  }

  /** Frees a block as soon as no pin can see it; 0 is ignored. */
  retire(at: Pointer): void {
    if (at === 0) return;
    if (this.#pins.size === 0) this.#memory.free(at);
    else this.#waiting.push({ at, pins: this.#lastPin });
  }

  /** Blocks that wait for pins. */
  get waiting(): number {
    return this.#waiting.length;
  }

  #collect(): void {
    const [oldest] = this.#pins;
    let freed = 0;
    for (const { at, pins } of this.#waiting) {
      if (oldest !== undefined && pins >= oldest) break;
      this.#memory.free(at);
      freed++;
    }
    if (freed > 0) this.#waiting = this.#waiting.slice(freed);
  }
}
