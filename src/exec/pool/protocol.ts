import type { Pointer } from '../../memory/shared-memory.ts';

/** What the main thread and the workers say to each other. */

/** Tasks that call one exported function `(morsel, shared, local) -> i32`. */
export interface Part {
  readonly export: string;
  /** Address of the list of morsels (int32 each); 0: the function gets the task's number. */
  readonly morsels: Pointer;
  readonly count: number;
  /** Address of an int32: the next task to take. */
  readonly next: Pointer;
}

/** One worker's share of a job. Parts run one after the other; workers do not wait for each other between them. */
export interface RunMessage {
  readonly kind: 'run';
  readonly job: number;
  readonly moduleId: number;
  /** Absent when the worker has it already. */
  readonly module: WebAssembly.Module | undefined;
  /** Modules that will not come again. */
  readonly forget: readonly number[];
  readonly parts: readonly Part[];
  readonly shared: Pointer;
  readonly local: Pointer;
}

export interface WorkerData {
  readonly memory: WebAssembly.Memory;
  readonly mailbox: Pointer;
}

/** A worker's mailbox in shared memory: how it gets memory from the main thread in the middle of a morsel. Int32 each. */
export const MAILBOX = {
  /** 0: asked; else GRANTED or REFUSED. The worker waits on it. */
  state: 0,
  address: 4,
  bytes: 8,
  size: 64,
} as const;
export const GRANTED = 1;
export const REFUSED = 2;

export type WorkerMessage =
  | { readonly kind: 'done'; readonly job: number }
  | { readonly kind: 'failed'; readonly job: number; readonly failure: Failure }
  | { readonly kind: 'more'; readonly job: number; readonly bytes: number };

/** Why a task ended early: an error the code raised, by number; or something thrown. */
export type Failure =
  | { readonly kind: 'raised'; readonly number: number; readonly text: string }
  | { readonly kind: 'refused' }
  | { readonly kind: 'thrown'; readonly code: string | undefined; readonly message: string };
