import type { ColumnId } from '../../../../planner/expression.ts';
import type { Value } from '../../../functions/definition.ts';
import type { DataType } from '../../../types/data-type.ts';
import { LumaError, SQLSTATE } from '../../../types/error.ts';
import type { Span } from '../../../types/span.ts';
import type { FunctionBuilder, FunctionRef, Local, ValType } from '../../../wasm/function-builder.ts';
import type { ModuleBuilder } from '../../../wasm/module-builder.ts';
import type { DictionaryTable, DictionaryTableRequest, RaisedError } from '../../expression/context.ts';
import type { QueryRun } from '../../query-run.ts';
import type { RuntimeModule } from '../../runtime/routine.ts';
import { LOCAL, SHARED, SHARED_GLOBAL } from '../blocks.ts';
import type { BlockLayout, PipelineBuilder, Row } from '../stream.ts';
import type { PipelineModule } from './module.ts';
import { emitParameter } from './parameters.ts';
import { type Columns, PipelineRow, type RowHost } from './row.ts';

/** Writes one function of a pipeline module. */
export class PipelineFunction implements PipelineBuilder, RowHost {
  readonly f: FunctionBuilder;
  readonly shared: Local;
  readonly local: Local;
  readonly #owner: PipelineModule;
  readonly #morsel: Local | null;
  readonly #parameters = new Map<number, Value>();
  readonly #constants = new Map<number, Local>();
  #constantArea: Local | null = null;
  #allocations = 0;

  private constructor(owner: PipelineModule, f: FunctionBuilder, morsel: Local | null, shared: Local, local: Local) {
    this.#owner = owner;
    this.f = f;
    this.#morsel = morsel;
    this.shared = shared;
    this.local = local;
  }

  /** A function `(morsel, shared, local) -> i32` that the pool can call; `body` leaves nothing, and 0 is returned. */
  static entry(owner: PipelineModule, name: string, body: (pipeline: PipelineFunction) => void): void {
    const f = owner.module.function(['i32', 'i32', 'i32'], ['i32']);
    owner.module.export(name, f);
    f.prologue(() => f.get(f.param(1)).setGlobal(SHARED_GLOBAL));
    body(new PipelineFunction(owner, f, f.param(0), f.param(1), f.param(2)));
    f.i32(0);
  }

  get run(): QueryRun {
    return this.#owner.run;
  }

  get module(): ModuleBuilder {
    return this.#owner.module;
  }

  get runtime(): RuntimeModule {
    return this.#owner.runtime;
  }

  get blocks(): BlockLayout {
    return this.#owner.blocks;
  }

  get morsel(): Local {
    if (this.#morsel === null) throw new LumaError(SQLSTATE.internalError, 'a routine has no morsel');
    return this.#morsel;
  }

  constant(bytes: Uint8Array): Local {
    const at = this.#owner.constants.add(bytes);
    const known = this.#constants.get(at);
    if (known !== undefined) return known;
    const area = this.#area();
    const address = this.f.local('i32');
    this.f.prologue(() => this.f.get(area).i32(at).op('i32.add').set(address));
    this.#constants.set(at, address);
    return address;
  }

  #area(): Local {
    if (this.#constantArea !== null) return this.#constantArea;
    const area = this.f.local('i32');
    this.f.prologue(() => this.f.get(this.shared).load('i32.load', SHARED.constants).set(area));
    this.#constantArea = area;
    return area;
  }

  get allocations(): number {
    return this.#allocations;
  }

  allocate(): void {
    this.#allocations++;
    this.f.get(this.local).call(this.#owner.allocator());
  }

  routine(
    _name: string,
    params: readonly ValType[],
    results: readonly ValType[],
    body: (routine: PipelineBuilder) => void,
  ): FunctionRef {
    const f = this.module.function(['i32', 'i32', ...params], results);
    body(new PipelineFunction(this.#owner, f, null, f.param(0), f.param(1)));
    return f;
  }

  raise(code: string, message: string, span?: Span, hint?: string): void {
    this.f.get(this.local).i32(this.#owner.errors.add({ code, message, span, hint }));
    this.f.store('i32.store', LOCAL.error).unreachable();
  }

  raiseError({ code, message, span, text }: RaisedError): void {
    const [address, length] = text?.locals ?? [];
    if (address !== undefined && length !== undefined) {
      this.f.get(this.local).get(address).store('i32.store', LOCAL.errorText);
      this.f.get(this.local).get(length).store('i32.store', LOCAL.errorTextLength);
    }
    this.raise(code, message, span);
  }

  rowOf(columns: ReadonlyMap<ColumnId, (row: Row) => Value>, sequence?: (row: Row) => Local): Row {
    const known: Columns = columns;
    return PipelineRow.over(this, known, sequence);
  }

  parameter(index: number, type: DataType): Value {
    const known = this.#parameters.get(index);
    if (known !== undefined) return known;
    const value = emitParameter(this.f, this.shared, this.run.parameters, index, type);
    this.#parameters.set(index, value);
    return value;
  }

  dictionaryTable(request: DictionaryTableRequest): DictionaryTable | null {
    return this.#owner.tables.request(request);
  }
}
