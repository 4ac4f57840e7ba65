import type { DictionaryView } from '../../../storage/api.ts';
import type { DictionaryHandle } from '../../functions/definition.ts';
import type { Pointer, SharedMemory } from '../../memory/shared-memory.ts';
import { LumaError, SQLSTATE } from '../../types/error.ts';
import type { FunctionBuilder, Local } from '../../wasm/function-builder.ts';
import { SHARED, SHARED_GLOBAL } from './blocks.ts';

/** An entry of the directory, all int32. */
const ENTRY = { size: 0, offsets: 4, values: 8, bytes: 16 } as const;

/**
 * The dictionaries of one run. Generated code finds them through a directory in memory, at a place that is the same in all
 * pipelines of the run, so a code that one pipeline stored can be read by another.
 */
export class DictionaryDirectory {
  readonly #views: DictionaryView[] = [];
  readonly #handles: RunDictionary[] = [];

  /** The handle of a dictionary; the same for views of the same memory. */
  handle(view: DictionaryView): DictionaryHandle {
    const known = this.#views.findIndex(
      (each) => each.offsets === view.offsets && each.size === view.size && each.values === view.values,
    );
    const existing = this.#handles[known];
    if (existing !== undefined) return existing;
    const handle = new RunDictionary(this.#views.push(view) - 1, view.size);
    this.#handles.push(handle);
    return handle;
  }

  /** Where the dictionary lies. */
  view(handle: DictionaryHandle): DictionaryView {
    const view = this.#views[this.#handles.findIndex((each) => each.key === handle.key)];
    if (view === undefined) throw new LumaError(SQLSTATE.internalError, `the run has no dictionary ${handle.key}`);
    return view;
  }

  /** Bytes that the directory takes. */
  get bytes(): number {
    return this.#views.length * ENTRY.bytes;
  }

  writeTo(memory: SharedMemory, address: Pointer): void {
    const words = new Int32Array(memory.buffer(), address, (this.#views.length * ENTRY.bytes) >> 2);
    this.#views.forEach((view, i) => {
      words.set([view.size, view.offsets, view.values, 0], (i * ENTRY.bytes) >> 2);
    });
  }
}

class RunDictionary implements DictionaryHandle {
  readonly key: string;
  readonly size: number;
  readonly #entry: number;
  /** Addresses are loaded once per function. */
  readonly #loaded = new WeakMap<FunctionBuilder, Map<number, Local>>();

  constructor(index: number, size: number) {
    this.key = `d${index}`;
    this.size = size;
    this.#entry = index * ENTRY.bytes;
  }

  pushSize(f: FunctionBuilder): void {
    this.#push(f, ENTRY.size);
  }

  pushOffsets(f: FunctionBuilder): void {
    this.#push(f, ENTRY.offsets);
  }

  pushValues(f: FunctionBuilder): void {
    this.#push(f, ENTRY.values);
  }

  #push(f: FunctionBuilder, field: number): void {
    let loaded = this.#loaded.get(f);
    if (loaded === undefined) {
      loaded = new Map();
      this.#loaded.set(f, loaded);
    }
    let local = loaded.get(field);
    if (local === undefined) {
      const fresh = f.local('i32');
      f.prologue(() => {
        f.getGlobal(SHARED_GLOBAL)
          .load('i32.load', SHARED.dictionaries)
          .load('i32.load', this.#entry + field)
          .set(fresh);
      });
      local = fresh;
      loaded.set(field, local);
    }
    f.get(local);
  }
}
