import type { BoundExpression, ColumnId } from '../../../planner/expression.ts';
import type { DictionaryHandle, Value } from '../../functions/definition.ts';
import type { DataType } from '../../types/data-type.ts';
import type { Span } from '../../types/span.ts';
import type { FunctionBuilder, Local } from '../../wasm/function-builder.ts';
import type { RuntimeModule } from '../runtime/routine.ts';

/**
 * Where expressions are emitted: one row of a pipeline, as generated code sees it. Whoever owns the loop over the rows
 * implements this.
 */
export interface ExpressionContext {
  readonly f: FunctionBuilder;
  readonly runtime: RuntimeModule;
  /** Values already computed for this row, valid where the code now stands. */
  readonly cache: ValueCache;
  /** The same row inside a block that may not run: its cache sees this one's values, and what it adds ends with it. */
  branch(): ExpressionContext;
  /** The column's value in this row, loaded when first asked for. */
  column(id: ColumnId): Value;
  /** The value of `$index`; its locals may be read here. */
  parameter(index: number, type: DataType): Value;
  /** The bytes laid into the constant area, 8-byte aligned; an i32 local with their address, set at the start of the function. */
  constant(bytes: Uint8Array): Local;
  /** Takes a byte count (i32) from the stack, leaves the address of memory that lives as long as the query's texts. */
  allocate(): void;
  /** Stops the query with the error; code after it is unreachable. */
  raise(error: RaisedError): void;
  /**
   * A table with the expression's value for each value of the dictionary, filled by a prepare function
   * (`emitDictionaryTable`) before this code runs; null when the owner cannot prepare one: then it is computed per row.
   */
  dictionaryTable(request: DictionaryTableRequest): DictionaryTable | null;
}

/** An error of generated code. A `%` in the message stands for the text value, when there is one. */
export interface RaisedError {
  readonly code: string;
  readonly message: string;
  readonly span: Span;
  /** Address and length, readable where `raise` is called. */
  readonly text: Value | null;
}

/**
 * An expression that reads one dictionary-coded column and constants only. Its tables have size + 1 entries: one per
 * dictionary value, and the last for a NULL in the column.
 */
export interface DictionaryTableRequest {
  readonly column: ColumnId;
  readonly dictionary: DictionaryHandle;
  readonly expression: BoundExpression;
  /** Equal for equal expressions over equal dictionaries: one table serves both. */
  readonly key: string;
  /** Bytes per entry of the values table. */
  readonly width: number;
  /** Whether a NULL table is needed: one byte per entry, 1 for NULL. */
  readonly nullable: boolean;
}

/** Each pushes an i32 address. */
export interface DictionaryTable {
  pushValues(f: FunctionBuilder): void;
  /** Called only when the request was nullable. */
  pushNulls(f: FunctionBuilder): void;
}

/** Values by expression key; an inner cache sees the outer one's. */
export class ValueCache {
  readonly #outer: ValueCache | null;
  readonly #values = new Map<string, Value>();

  constructor(outer: ValueCache | null = null) {
    this.#outer = outer;
  }

  get(key: string): Value | undefined {
    return this.#values.get(key) ?? this.#outer?.get(key);
  }

  set(key: string, value: Value): void {
    this.#values.set(key, value);
  }
}
