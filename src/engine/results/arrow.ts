import {
  Field as ArrowField,
  Schema as ArrowSchema,
  type DataType as ArrowType,
  Bool,
  Data,
  DateDay,
  Decimal,
  Dictionary,
  Float64,
  Int32,
  Int64,
  IntervalMonthDayNano,
  makeData,
  makeVector,
  Null,
  RecordBatch,
  Struct,
  Table,
  TimestampMicrosecond,
  TimestampMillisecond,
  TimestampNanosecond,
  TimestampSecond,
  Utf8,
} from 'apache-arrow';
import type { DataType } from '../../types/data-type.ts';
import type { Batch, Schema, Vector } from '../../types/vector.ts';
import { uniqueNames } from './unique-names.ts';

/**
 * Batches as an apache-arrow table over the same buffers: nothing is copied but decimals of up to 18 digits, which Arrow
 * keeps in 128 bits. Columns have the names of unique-names.ts. Text is dictionary-coded in a column when the first batch has it so.
 */
export function arrowTable(schema: Schema, batches: readonly Batch[]): Table {
  const names = uniqueNames(schema);
  const fields = schema.map((field, position) => {
    const coded = batches.some((batch) => batch.columns[position]?.dictionary != null);
    return new ArrowField(
      names[position] ?? field.name,
      coded ? new Dictionary(new Utf8(), new Int32(), position) : arrowType(field.type),
      field.nullable,
    );
  });
  const arrowSchema = new ArrowSchema(fields);
  const type = new Struct(fields);
  const records = batches.map((batch) => {
    const children = batch.columns.map((vector, position) => dataOf(vector, fields[position]?.type ?? new Null(), position));
    return new RecordBatch(arrowSchema, makeData({ type, length: batch.length, nullCount: 0, children }));
  });
  return new Table(arrowSchema, records);
}

function arrowType(type: DataType): ArrowType {
  switch (type.kind) {
    case 'boolean':
      return new Bool();
    case 'int32':
      return new Int32();
    case 'int64':
      return new Int64();
    case 'float64':
      return new Float64();
    case 'decimal':
      return new Decimal(type.scale, type.precision, 128);
    case 'text':
      return new Utf8();
    case 'date':
      return new DateDay();
    case 'timestamp': {
      const zone = type.zoned ? 'UTC' : null;
      switch (type.unit) {
        case 's':
          return new TimestampSecond(zone);
        case 'ms':
          return new TimestampMillisecond(zone);
        case 'us':
          return new TimestampMicrosecond(zone);
        case 'ns':
          return new TimestampNanosecond(zone);
      }
      break;
    }
    case 'interval':
      return new IntervalMonthDayNano();
    case 'null':
      return new Null();
  }
}

/** Arrow's buffer positions (BufferType, which the package does not export as values for type stripping). */
const BUFFER = { offset: 0, data: 1, validity: 2 } as const;

function dataOf(vector: Vector, type: ArrowType, dictionaryId: number): Data {
  const nullCount = vector.validity === null ? 0 : -1;
  const validity = vector.validity === null ? {} : { [BUFFER.validity]: vector.validity };
  if (vector.dictionary !== null) {
    const codes: ArrowType = new Dictionary(new Utf8(), new Int32(), dictionaryId);
    const buffers = { [BUFFER.data]: vector.values, ...validity };
    return new Data(codes, 0, vector.length, nullCount, buffers, [], makeVector(dataOf(vector.dictionary, UTF8, dictionaryId)));
  }
  if (vector.type.kind === 'text') {
    const text = { [BUFFER.offset]: vector.offsets ?? new Int32Array(1), [BUFFER.data]: vector.values };
    if (!(type instanceof Dictionary)) return new Data(UTF8, 0, vector.length, nullCount, { ...text, ...validity });
    // Another batch of this column is coded: every row becomes its own code.
    const codes = Int32Array.from({ length: vector.length }, (_, row) => row);
    const dictionary = makeVector(new Data(UTF8, 0, vector.length, 0, text));
    return new Data<ArrowType>(type, 0, vector.length, nullCount, { [BUFFER.data]: codes, ...validity }, [], dictionary);
  }
  if (vector.type.kind === 'null') return new Data(new Null(), 0, vector.length, vector.length);
  const values =
    vector.type.kind === 'decimal' && vector.values.length === vector.length ? widened(vector.values) : vector.values;
  return new Data(type, 0, vector.length, nullCount, { [BUFFER.data]: valuesFor(type, values), ...validity });
}

const UTF8: ArrowType = new Utf8();

/** int64 digits as Arrow's 128-bit ones: each value with its sign above it. */
function widened(values: Vector['values']): BigInt64Array {
  const wide = new BigInt64Array(values.length * 2);
  for (const [row, value] of values.entries()) {
    wide[row * 2] = BigInt(value);
    wide[row * 2 + 1] = BigInt(value) < 0n ? -1n : 0n;
  }
  return wide;
}

/** Decimals and intervals are arrays of 32-bit words in Arrow's JavaScript. */
function valuesFor(type: ArrowType, values: Vector['values']): Vector['values'] | Uint32Array {
  if (type instanceof Decimal) return new Uint32Array(values.buffer, values.byteOffset, values.byteLength / 4);
  if (type instanceof IntervalMonthDayNano) return new Int32Array(values.buffer, values.byteOffset, values.byteLength / 4);
  return values;
}
