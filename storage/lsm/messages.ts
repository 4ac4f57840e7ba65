import type { ColumnSource } from './column-codec.ts';
import type { KeyValueEngine } from './key-value-store.ts';
import type { ResolvedLsmOptions } from './options.ts';

/** What the commit worker is started with. */
export interface WorkerStart {
  readonly memory: WebAssembly.Memory;
  readonly engine: KeyValueEngine;
  /** The database's. */
  readonly directory: string;
  readonly options: ResolvedLsmOptions;
}

/** One change of the store. Rows and columns are encoded in the worker, from the shared memory. */
export type Entry =
  | { readonly kind: 'json'; readonly key: Uint8Array; readonly text: string }
  | {
      readonly kind: 'column';
      readonly key: Uint8Array;
      readonly source: ColumnSource;
      readonly from: number;
      readonly to: number;
    }
  | {
      readonly kind: 'rows';
      readonly key: Uint8Array;
      readonly columns: readonly ColumnSource[];
      readonly from: number;
      readonly to: number;
      readonly numbers: number;
    }
  | { readonly kind: 'delete'; readonly key: Uint8Array }
  | { readonly kind: 'delete_range'; readonly from: Uint8Array; readonly to: Uint8Array };

export type Request =
  /** All or nothing. */
  | { readonly id: number; readonly kind: 'write'; readonly entries: readonly Entry[] }
  | { readonly id: number; readonly kind: 'read'; readonly keys: readonly Uint8Array[] }
  | { readonly id: number; readonly kind: 'range'; readonly from: Uint8Array; readonly to: Uint8Array }
  | { readonly id: number; readonly kind: 'close' };

export type Pair = readonly [key: Uint8Array, payload: Uint8Array];

export type Reply =
  | { readonly id: number; readonly kind: 'done'; readonly pairs: readonly Pair[] }
  | {
      readonly id: number;
      readonly kind: 'failed';
      readonly code: string;
      readonly message: string;
      readonly hint: string | undefined;
    };

/** The id of the reply that says whether the store could be opened. */
export const OPENED = 0;
