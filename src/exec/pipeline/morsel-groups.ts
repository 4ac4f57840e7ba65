import type { Pointer } from '../../memory/shared-memory.ts';
import type { Tasks } from './execution.ts';

/** Morsels of one exported function, with the work they are together, in rows. */
export interface BranchMorsels {
  readonly export: string;
  readonly morsels: readonly Pointer[];
  readonly rows: number;
}

export interface MorselGroup {
  readonly tasks: readonly Tasks[];
  /** Work, about. */
  readonly rows: number;
}

/** From one group to the next that has grown. */
const GROWTH = 4;

/** All morsels of a drain, to be run at once or group by group in order. */
export class MorselGroups {
  readonly all: readonly Tasks[];
  readonly rows: number;
  readonly #branches: readonly BranchMorsels[];

  constructor(branches: readonly BranchMorsels[]) {
    this.#branches = branches;
    this.all = branches;
    this.rows = branches.reduce((sum, { rows }) => sum + rows, 0);
  }

  /** First one morsel, then as many as threads, then four times as many each time. */
  *growing(threads: number): Generator<MorselGroup> {
    let size = 1;
    for (const branch of this.#branches) {
      for (let at = 0; at < branch.morsels.length; ) {
        yield group(branch, at, size);
        at += size;
        size = size === 1 ? threads : size * GROWTH;
      }
    }
  }

  /** Groups of `size` morsels. */
  *even(size: number): Generator<MorselGroup> {
    for (const branch of this.#branches) {
      for (let at = 0; at < branch.morsels.length; at += size) yield group(branch, at, size);
    }
  }
}

function group(branch: BranchMorsels, at: number, size: number): MorselGroup {
  const morsels = branch.morsels.slice(at, at + size);
  return {
    tasks: [{ export: branch.export, morsels }],
    rows: Math.ceil((branch.rows * morsels.length) / branch.morsels.length),
  };
}
