import type { Column, ColumnId } from '../../../planner/expression.ts';
import type { DictionaryView } from '../../../storage/api.ts';
import type { Bounds, DictionaryHandle } from '../../functions/definition.ts';
import type { Pointer, SharedMemory } from '../../memory/shared-memory.ts';
import { type DataType, TEXT, valueWidth } from '../../types/data-type.ts';
import { LumaError, SQLSTATE } from '../../types/error.ts';
import type { Batch, Values, Vector } from '../../types/vector.ts';
import type { ColumnPlace } from '../operators/scan/columns.ts';
import type { QueryRun } from '../query-run.ts';

/** A column of a batch in shared memory, readable up to the next multiple of 64 rows. */
export interface BatchColumn extends ColumnPlace {
  readonly column: Column;
  /** Present: values are int32 codes. */
  readonly dictionary: DictionaryHandle | null;
  /** Proven, of the integers in it. */
  readonly bounds: Bounds | null;
}

/** Rows as columns in shared memory, each column in one piece. */
export interface ColumnBatch {
  readonly rows: number;
  readonly columns: readonly BatchColumn[];
}

/** The batch as Arrow vectors: views of the shared memory, in the order of `ids`. */
export function viewBatch(run: QueryRun, batch: ColumnBatch, ids: readonly ColumnId[]): Batch {
  const dictionaries = new Map<string, Vector>();
  const columns = ids.map((id) => {
    const column = batch.columns.find((each) => each.column.id === id);
    if (column === undefined) throw new LumaError(SQLSTATE.internalError, `the result lacks column ${id}`);
    const { type } = column.column;
    const validity = column.validity === 0 ? null : run.memory.bytes(column.validity, (batch.rows + 7) >> 3);
    const common = { type, length: batch.rows, validity };
    if (column.dictionary !== null) {
      const { key } = column.dictionary;
      const dictionary = dictionaries.get(key) ?? viewDictionary(run.memory, run.dictionaryView(column.dictionary));
      dictionaries.set(key, dictionary);
      return { ...common, values: run.memory.i32(column.values, batch.rows), offsets: null, dictionary };
    }
    if (type.kind !== 'text') {
      return { ...common, values: viewValues(run.memory, type, column.values, batch.rows), offsets: null, dictionary: null };
    }
    return { ...common, ...viewText(run.memory, column.offsets, column.values, batch.rows), dictionary: null };
  });
  return { length: batch.rows, columns };
}

function viewValues(memory: SharedMemory, type: DataType, at: Pointer, rows: number): Values {
  switch (type.kind) {
    case 'null':
    case 'text':
      return new Uint8Array(0);
    case 'boolean':
      return memory.bytes(at, (rows + 7) >> 3);
    case 'int32':
    case 'date':
      return memory.i32(at, rows);
    case 'float64':
      return memory.f64(at, rows);
    default:
      return memory.i64(at, (rows * valueWidth(type)) >> 3);
  }
}

function viewText(
  memory: SharedMemory,
  offsetsAt: Pointer,
  at: Pointer,
  rows: number,
): { offsets: Int32Array; values: Uint8Array } {
  const offsets = memory.i32(offsetsAt, rows + 1);
  return { offsets, values: memory.bytes(at, offsets[rows] ?? 0) };
}

function viewDictionary(memory: SharedMemory, { size, offsets, values }: DictionaryView): Vector {
  const text = size === 0 ? { offsets: new Int32Array(1), values: new Uint8Array(0) } : viewText(memory, offsets, values, size);
  return { type: TEXT, length: size, validity: null, ...text, dictionary: null };
}
