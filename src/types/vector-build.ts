import { type DataType, MAX_DECIMAL64_PRECISION, typeName, valueWidth } from './data-type.ts';
import { LumaError, SQLSTATE } from './error.ts';
import type { Batch, Values, Vector } from './vector.ts';
import type { VectorValue } from './vector-read.ts';

const ENCODER = new TextEncoder();
const INITIAL_ROWS = 64;

/**
 * Grows one column value by value, for the edges where values come one at a time (parsers, VALUES, parameters).
 * Text is written plain. `append` throws 42804 when the JavaScript value is not one of the type (see VectorValue).
 */
export class VectorBuilder {
  readonly type: DataType;
  #length = 0;
  #nulls = 0;
  #validity = new Uint8Array(INITIAL_ROWS >> 3);
  #bytes: Uint8Array;
  #words: Int32Array;
  #longs: BigInt64Array;
  #doubles: Float64Array;
  /** Bytes of text used, of `#bytes`. */
  #used = 0;
  #offsets = new Int32Array(INITIAL_ROWS + 1);
  readonly #width: number;

  constructor(type: DataType) {
    this.type = type;
    this.#width = valueWidth(type);
    this.#bytes = new Uint8Array(INITIAL_ROWS * Math.max(8, this.#width));
    this.#words = new Int32Array(this.#bytes.buffer);
    this.#longs = new BigInt64Array(this.#bytes.buffer);
    this.#doubles = new Float64Array(this.#bytes.buffer);
  }

  get length(): number {
    return this.#length;
  }

  append(value: VectorValue): void {
    if (value === null) this.appendNull();
    else {
      const row = this.#nextRow();
      this.#validity[row >> 3] = (this.#validity[row >> 3] ?? 0) | (1 << (row & 7));
      this.#put(row, value);
    }
  }

  appendNull(): void {
    const row = this.#nextRow();
    this.#nulls++;
    if (this.type.kind === 'text') this.#offsets[row + 1] = this.#used;
  }

  /** UTF-8 of a text value, already valid. */
  appendUtf8(bytes: Uint8Array, start: number, end: number): void {
    const row = this.#nextRow();
    this.#validity[row >> 3] = (this.#validity[row >> 3] ?? 0) | (1 << (row & 7));
    const length = end - start;
    this.#reserveBytes(this.#used + length);
    if (length < 32) for (let i = 0; i < length; i++) this.#bytes[this.#used + i] = bytes[start + i] ?? 0;
    else this.#bytes.set(bytes.subarray(start, end), this.#used);
    this.#used += length;
    this.#offsets[row + 1] = this.#used;
  }

  /** The column so far; the builder starts anew. */
  finish(): Vector {
    const length = this.#length;
    const vector: Vector = {
      type: this.type,
      length,
      validity: this.#nulls === 0 ? null : this.#validity.slice(0, (length + 7) >> 3),
      values: this.#values(length),
      offsets: this.type.kind === 'text' ? this.#offsets.slice(0, length + 1) : null,
      dictionary: null,
    };
    this.#length = 0;
    this.#nulls = 0;
    this.#used = 0;
    this.#validity.fill(0);
    if (this.type.kind === 'boolean' || this.#width > 0) this.#bytes.fill(0);
    return vector;
  }

  #values(length: number): Values {
    switch (this.type.kind) {
      case 'boolean':
        return this.#bytes.slice(0, (length + 7) >> 3);
      case 'text':
        return this.#bytes.slice(0, this.#used);
      case 'null':
        return new Uint8Array(0);
      case 'int32':
      case 'date':
        return this.#words.slice(0, length);
      case 'float64':
        return this.#doubles.slice(0, length);
      default:
        return this.#longs.slice(0, (length * this.#width) >> 3);
    }
  }

  #nextRow(): number {
    const row = this.#length++;
    if (row >> 3 >= this.#validity.length) this.#validity = grown(this.#validity, row >> 3);
    if (this.type.kind === 'text') {
      if (row + 1 >= this.#offsets.length) {
        const offsets = new Int32Array(this.#offsets.length * 2);
        offsets.set(this.#offsets);
        this.#offsets = offsets;
      }
    } else this.#reserveBytes((row + 1) * Math.max(this.#width, 1));
    return row;
  }

  #reserveBytes(bytes: number): void {
    if (bytes <= this.#bytes.length) return;
    this.#bytes = grown(this.#bytes, bytes);
    this.#words = new Int32Array(this.#bytes.buffer);
    this.#longs = new BigInt64Array(this.#bytes.buffer);
    this.#doubles = new Float64Array(this.#bytes.buffer);
  }

  #put(row: number, value: Exclude<VectorValue, null>): void {
    switch (this.type.kind) {
      case 'boolean':
        if (typeof value !== 'boolean') throw this.#mismatch(value);
        if (value) this.#bytes[row >> 3] = (this.#bytes[row >> 3] ?? 0) | (1 << (row & 7));
        return;
      case 'int32':
      case 'date':
        if (typeof value !== 'number') throw this.#mismatch(value);
        this.#words[row] = value;
        return;
      case 'float64':
        if (typeof value !== 'number') throw this.#mismatch(value);
        this.#doubles[row] = value;
        return;
      case 'int64':
      case 'timestamp':
        if (typeof value !== 'bigint') throw this.#mismatch(value);
        this.#longs[row] = value;
        return;
      case 'decimal':
        if (typeof value !== 'bigint') throw this.#mismatch(value);
        if (this.type.precision <= MAX_DECIMAL64_PRECISION) this.#longs[row] = value;
        else {
          this.#longs[2 * row] = BigInt.asIntN(64, value);
          this.#longs[2 * row + 1] = BigInt.asIntN(64, value >> 64n);
        }
        return;
      case 'text':
        if (typeof value !== 'string') throw this.#mismatch(value);
        this.#reserveBytes(this.#used + value.length * 3);
        this.#used += ENCODER.encodeInto(value, this.#bytes.subarray(this.#used)).written;
        this.#offsets[row + 1] = this.#used;
        return;
      case 'interval':
        if (typeof value !== 'object') throw this.#mismatch(value);
        this.#words[4 * row] = value.months;
        this.#words[4 * row + 1] = value.days;
        this.#longs[2 * row + 1] = value.nanoseconds;
        return;
      case 'null':
        throw this.#mismatch(value);
    }
  }

  #mismatch(value: VectorValue): LumaError {
    return new LumaError(SQLSTATE.datatypeMismatch, `a ${typeof value} is no value of type ${typeName(this.type)}`);
  }
}

/** A vector of these values, plain. Throws 42804 for a value that is not of the type. */
export function vectorOf(type: DataType, values: readonly VectorValue[]): Vector {
  const builder = new VectorBuilder(type);
  for (const value of values) builder.append(value);
  return builder.finish();
}

/** A batch from rows of values in schema order. */
export function batchOf(types: readonly DataType[], rows: readonly (readonly VectorValue[])[]): Batch {
  const columns = types.map((type, column) =>
    vectorOf(
      type,
      rows.map((row) => row[column] ?? null),
    ),
  );
  return { length: rows.length, columns };
}

/** `length` NULLs of a type. */
export function nullVector(type: DataType, length: number): Vector {
  const builder = new VectorBuilder(type);
  for (let row = 0; row < length; row++) builder.appendNull();
  return builder.finish();
}

/** A dictionary-coded text vector; `codes` index into `values`, which are distinct; a null code is NULL. */
export function dictionaryVector(values: readonly string[], codes: readonly (number | null)[]): Vector {
  const length = codes.length;
  const validity = codes.includes(null) ? new Uint8Array((length + 7) >> 3) : null;
  if (validity !== null) {
    codes.forEach((code, row) => {
      if (code !== null) validity[row >> 3] = (validity[row >> 3] ?? 0) | (1 << (row & 7));
    });
  }
  return {
    type: { kind: 'text' },
    length,
    validity,
    values: Int32Array.from(codes, (code) => code ?? 0),
    offsets: null,
    dictionary: vectorOf({ kind: 'text' }, values),
  };
}

function grown(bytes: Uint8Array, needed: number): Uint8Array<ArrayBuffer> {
  let size = bytes.length * 2;
  while (size <= needed) size *= 2;
  const larger = new Uint8Array(size);
  larger.set(bytes);
  return larger;
}
