import type { Value } from '../../../functions/definition.ts';
import type { Pointer } from '../../../memory/shared-memory.ts';
import type { FunctionBuilder, Local } from '../../../wasm/function-builder.ts';
import type { DictionaryTable, DictionaryTableRequest } from '../../expression/context.ts';
import { emitDictionaryTable } from '../../expression/dictionary.ts';
import { emitExpression } from '../../expression/emit.ts';
import { SHARED_GLOBAL } from '../blocks.ts';
import type { Row, Slot } from '../stream.ts';
import { PipelineFunction } from './builder.ts';
import { MemoryMark } from './memory-mark.ts';
import type { PipelineModule } from './module.ts';

/** A dictionary of at most this many values always gets its tables: computing them is nothing. */
const SMALL_DICTIONARY = 256;

interface PreparedTable extends DictionaryTable {
  readonly request: DictionaryTableRequest;
  /** Shared slot: address of the values, address of the NULLs. */
  readonly slot: Slot;
}

/** Tables by dictionary code that the module's functions look up; each is filled by an entry of its own before they run. */
export class DictionaryTables {
  readonly #owner: PipelineModule;
  readonly #rows: number;
  readonly #tables = new Map<string, PreparedTable>();

  constructor(owner: PipelineModule, rows: number) {
    this.#owner = owner;
    this.#rows = rows;
  }

  /** Null when the dictionary has more values than the pipeline has rows: then computing per row is cheaper. */
  request(request: DictionaryTableRequest): DictionaryTable | null {
    const known = this.#tables.get(request.key);
    if (known !== undefined) return known;
    if (request.dictionary.size > Math.max(SMALL_DICTIONARY, this.#rows)) return null;
    const slot = this.#owner.blocks.shared(8);
    const table = { request, slot, pushValues: addressIn(slot), pushNulls: addressIn(slot + 4) };
    this.#tables.set(request.key, table);
    return table;
  }

  /** Emits the filling entries; returns their names, with how many values each computes. */
  emitEntries(): readonly { readonly name: string; readonly rows: number }[] {
    return [...this.#tables.values()].map((table, i) => {
      const name = `table${i}`;
      PipelineFunction.entry(this.#owner, name, (pipeline) => emitFilling(pipeline, table));
      return { name, rows: table.request.dictionary.size };
    });
  }

  /** Allocates the tables and writes their addresses into the shared block. */
  allocate(words: (slot: Slot, address: Pointer) => void, allocate: (bytes: number) => Pointer): void {
    for (const { request, slot } of this.#tables.values()) {
      const entries = request.dictionary.size + 1;
      words(slot, allocate(entries * request.width));
      if (request.nullable) words(slot + 4, allocate(entries));
    }
  }
}

function emitFilling(pipeline: PipelineFunction, { request, pushValues, pushNulls }: PreparedTable): void {
  const { f } = pipeline;
  const values = f.local('i32');
  pushValues(f);
  f.set(values);
  let nulls: Local | null = null;
  if (request.nullable) {
    nulls = f.local('i32');
    pushNulls(f);
    f.set(nulls);
  }
  const contextFor = (column: Value): Row => pipeline.rowOf(new Map([[request.column, () => column]]));
  emitDictionaryTable(f, request, values, nulls, contextFor, (context, expression) => {
    if (expression.type.kind === 'text') return emitExpression(context, expression);
    const mark = new MemoryMark(pipeline);
    mark.set();
    const value = emitExpression(context, expression);
    mark.restore();
    return value;
  });
}

/** Pushes the address that stands in the slot, loading it once per function. */
function addressIn(slot: Slot): (f: FunctionBuilder) => void {
  const loaded = new WeakMap<FunctionBuilder, Local>();
  return (f) => {
    let local = loaded.get(f);
    if (local === undefined) {
      const fresh = f.local('i32');
      f.prologue(() => f.getGlobal(SHARED_GLOBAL).load('i32.load', slot).set(fresh));
      local = fresh;
      loaded.set(f, local);
    }
    f.get(local);
  };
}
