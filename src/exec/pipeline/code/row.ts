import type { ColumnId } from '../../../../planner/expression.ts';
import type { Value } from '../../../functions/definition.ts';
import type { DataType } from '../../../types/data-type.ts';
import { LumaError, SQLSTATE } from '../../../types/error.ts';
import type { FunctionBuilder, Local } from '../../../wasm/function-builder.ts';
import { type DictionaryTable, type DictionaryTableRequest, type RaisedError, ValueCache } from '../../expression/context.ts';
import type { RuntimeModule } from '../../runtime/routine.ts';
import type { Row } from '../stream.ts';

export type Columns = ReadonlyMap<ColumnId, (row: Row) => Value>;

/** Columns that were put onto a row, above those it had. */
interface Layer {
  readonly columns: Columns;
  readonly below: Layer | null;
  /** The same for layers in which a column's id means the same. */
  readonly scope: Scope;
}

/** Stands for itself: what is computed from columns is known by their ids only within one. */
type Scope = object;

/**
 * Values of one stretch of code: what is computed in it may be used to its end, and by the blocks inside it. A column's value
 * is known by the function that defines it, so no two columns share one.
 */
class Block {
  readonly #expressions = new Map<Scope, ValueCache>();
  readonly #values = new Map<(row: Row) => Value, Value>();
  readonly #outer: Block | null;
  #sequence: Local | null = null;

  constructor(outer: Block | null) {
    this.#outer = outer;
  }

  expressions(scope: Scope): ValueCache {
    const known = this.#expressions.get(scope) ?? new ValueCache(this.#outer?.expressions(scope) ?? null);
    this.#expressions.set(scope, known);
    return known;
  }

  get(definition: (row: Row) => Value): Value | undefined {
    return this.#values.get(definition) ?? this.#outer?.get(definition);
  }

  set(definition: (row: Row) => Value, value: Value): void {
    this.#values.set(definition, value);
  }

  get sequence(): Local | null {
    return this.#sequence ?? this.#outer?.sequence ?? null;
  }

  set sequence(local: Local) {
    this.#sequence = local;
  }
}

/** What rows need of the function they stand in. */
export interface RowHost {
  readonly f: FunctionBuilder;
  readonly runtime: RuntimeModule;
  parameter(index: number, type: DataType): Value;
  constant(bytes: Uint8Array): Local;
  allocate(): void;
  raiseError(error: RaisedError): void;
  dictionaryTable(request: DictionaryTableRequest): DictionaryTable | null;
}

/**
 * A row as a stack of column layers, seen from one block of code. A column is computed where it is first asked for, in a
 * row of the layers below its own, so a layer may define a column by the column of the same id under it.
 */
export class PipelineRow implements Row {
  readonly #host: RowHost;
  readonly #layer: Layer;
  readonly #block: Block;
  readonly #sequence: ((row: Row) => Local) | undefined;

  private constructor(host: RowHost, layer: Layer, block: Block, sequence: ((row: Row) => Local) | undefined) {
    this.#host = host;
    this.#layer = layer;
    this.#block = block;
    this.#sequence = sequence;
  }

  static over(host: RowHost, columns: Columns, sequence?: (row: Row) => Local): Row {
    return new PipelineRow(host, { columns, below: null, scope: {} }, new Block(null), sequence);
  }

  get f(): FunctionBuilder {
    return this.#host.f;
  }

  get runtime(): RuntimeModule {
    return this.#host.runtime;
  }

  get cache(): ValueCache {
    return this.#block.expressions(this.#layer.scope);
  }

  branch(): Row {
    return new PipelineRow(this.#host, this.#layer, new Block(this.#block), this.#sequence);
  }

  with(columns: Columns): Row {
    const below = this.#layer;
    const scope = defines(below, columns.keys()) ? {} : below.scope;
    return new PipelineRow(this.#host, { columns, below, scope }, this.#block, this.#sequence);
  }

  column(id: ColumnId): Value {
    for (let layer: Layer | null = this.#layer; layer !== null; layer = layer.below) {
      const definition = layer.columns.get(id);
      if (definition === undefined) continue;
      const known = this.#block.get(definition);
      if (known !== undefined) return known;
      const below = layer.below ?? NOTHING;
      const value = definition(new PipelineRow(this.#host, below, this.#block, this.#sequence));
      this.#block.set(definition, value);
      return value;
    }
    throw new LumaError(SQLSTATE.internalError, `the pipeline has no column ${id} here`);
  }

  sequence(): Local {
    const known = this.#block.sequence;
    if (known !== null) return known;
    if (this.#sequence === undefined) throw new LumaError(SQLSTATE.internalError, 'these rows have no sequence');
    const local = this.#sequence(this);
    this.#block.sequence = local;
    return local;
  }

  parameter(index: number, type: DataType): Value {
    return this.#host.parameter(index, type);
  }

  constant(bytes: Uint8Array): Local {
    return this.#host.constant(bytes);
  }

  allocate(): void {
    this.#host.allocate();
  }

  raise(error: RaisedError): void {
    this.#host.raiseError(error);
  }

  dictionaryTable(request: DictionaryTableRequest): DictionaryTable | null {
    return this.#host.dictionaryTable(request);
  }
}

const NOTHING: Layer = { columns: new Map(), below: null, scope: {} };

/** Whether the layer, or one below it, has one of the columns. */
function defines(layer: Layer, ids: Iterable<ColumnId>): boolean {
  const wanted = [...ids];
  for (let each: Layer | null = layer; each !== null; each = each.below) {
    const { columns } = each;
    if (wanted.some((id) => columns.has(id))) return true;
  }
  return false;
}
