import type { Column, ColumnId } from '../../../planner/expression.ts';
import type { Bounds, DictionaryHandle, Value } from '../../functions/definition.ts';
import type { DataType } from '../../types/data-type.ts';
import type { Local, ValType } from '../../wasm/function-builder.ts';
import type { PipelineBuilder } from '../pipeline/stream.ts';

/**
 * Rows in memory: records of fixed width in pages, for everything that breaks a pipeline (hash tables, sorts, windows,
 * materialized inputs). A record is: header fields that the operator asks for, then the fields, widest first, then one
 * NULL byte per eight nullable fields. Text is an address and a length (8 bytes) of bytes that outlive the query's
 * operators, or, for a column that is still dictionary-coded, its int32 code. A decimal wider than 18 digits whose proven
 * bounds fit int64 takes 8 bytes. Addresses of records are multiples of 8; record width is too.
 */
export interface RowField {
  readonly column: Column;
  /** How the value came in: decides width and how it is read back (dictionary, bounds). */
  readonly shape: FieldShape;
  /** Types of the stored parts, one after the other: the value's locals, or the code. */
  readonly parts: readonly ValType[];
  /** Bytes in the record. */
  readonly width: number;
  readonly offset: number;
  /** Bit number in the NULL bytes; null when it cannot be NULL. */
  readonly nullBit: number | null;
}

/** What of a Value is known at generation time and must be remembered to load it again. */
export interface FieldShape {
  readonly type: DataType;
  readonly bounds: Bounds | null;
  readonly nullable: boolean;
  /** Present: the field is an int32 code. Handles are good for all pipelines of one run. */
  readonly dictionary: DictionaryHandle | null;
}

export interface RowLayout {
  readonly width: number;
  readonly nullOffset: number;
  readonly nullBytes: number;
  readonly fields: readonly RowField[];
  readonly byColumn: ReadonlyMap<ColumnId, RowField>;
  /** Offsets of the header fields, in the order they were asked for. */
  readonly headers: readonly number[];
}

/** Code over records. `row` is an i32 local with the record's address. */
export interface RowCode {
  /** Writes every field of the record. */
  store(pipeline: PipelineBuilder, layout: RowLayout, row: Local, values: readonly Value[]): void;
  /** Loads one field into fresh locals. */
  load(pipeline: PipelineBuilder, field: RowField, layout: RowLayout, row: Local): Value;
}
