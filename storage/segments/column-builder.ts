import type { Pointer, SharedMemory } from '../../src/memory/shared-memory.ts';
import { type DataType, valueWidth } from '../../src/types/data-type.ts';
import type { Values, Vector } from '../../src/types/vector.ts';
import { SEGMENT_ROWS } from '../api.ts';
import { copyBits, countBits, fillBits } from './bits.ts';
import type { Chunk } from './chunk.ts';
import type { Dictionary } from './dictionary.ts';
import { type Bounds, boundsOf, hasBounds, mergeBounds, NO_BOUNDS } from './zone-map.ts';

const ROWS_AT_FIRST = 64;

/** A state that `restore` goes back to. */
export interface ColumnMark {
  readonly rows: number;
  readonly nulls: number;
  readonly bounds: Bounds;
  readonly textBytes: number;
  readonly capacity: number;
  readonly textCapacity: number;
  readonly validity: Pointer;
  readonly values: Pointer;
  readonly offsets: Pointer;
}

/**
 * One column of an open segment in shared memory.
 *
 * Invariants: rows are only added, so a view taken earlier stays right for its own rows; a byte of validity or boolean
 * bits may be written again, with the same bits for earlier rows; a block that became too small is handed to
 * `replaced`, never freed here, because views may still point to it.
 */
export class ColumnBuilder {
  readonly type: DataType;
  readonly dictionary: Dictionary | null;
  readonly #memory: SharedMemory;
  readonly #replaced: (at: Pointer) => void;
  #rows = 0;
  #capacity = 0;
  #nulls = 0;
  #bounds: Bounds = NO_BOUNDS;
  #textBytes = 0;
  #textCapacity = 0;
  #validity: Pointer = 0;
  #values: Pointer = 0;
  #offsets: Pointer = 0;

  constructor(memory: SharedMemory, type: DataType, dictionary: Dictionary | null, replaced: (at: Pointer) => void) {
    this.#memory = memory;
    this.type = type;
    this.dictionary = dictionary;
    this.#replaced = replaced;
  }

  get rows(): number {
    return this.#rows;
  }

  mark(): ColumnMark {
    return {
      rows: this.#rows,
      nulls: this.#nulls,
      bounds: this.#bounds,
      textBytes: this.#textBytes,
      capacity: this.#capacity,
      textCapacity: this.#textCapacity,
      validity: this.#validity,
      values: this.#values,
      offsets: this.#offsets,
    };
  }

  /** As it was at the mark, in the same blocks: the caller takes those back out of what was `replaced`. */
  restore(mark: ColumnMark): void {
    if (this.#validity !== mark.validity) this.#replaced(this.#validity);
    if (this.#values !== mark.values) this.#replaced(this.#values);
    if (this.#offsets !== mark.offsets) this.#replaced(this.#offsets);
    this.#rows = mark.rows;
    this.#nulls = mark.nulls;
    this.#bounds = mark.bounds;
    this.#textBytes = mark.textBytes;
    this.#capacity = mark.capacity;
    this.#textCapacity = mark.textCapacity;
    this.#validity = mark.validity;
    this.#values = mark.values;
    this.#offsets = mark.offsets;
  }

  blocks(): Pointer[] {
    return [this.#validity, this.#values, this.#offsets];
  }

  /** The rows so far as an immutable chunk; its blocks stay this builder's until `seal`. */
  view(): Chunk {
    return {
      validity: this.#nulls === 0 ? 0 : this.#validity,
      values: this.#values,
      offsets: this.#offsets,
      min: this.#bounds.min,
      max: this.#bounds.max,
      nulls: this.#nulls,
      textBytes: this.#textBytes,
      dictionary: this.dictionary,
    };
  }

  /** The finished chunk, in blocks of the right size; nothing may be added afterwards. */
  seal(): Chunk {
    if (this.#capacity > 0) {
      if (this.#capacity >= this.#rows * 1.25 + ROWS_AT_FIRST) this.#resize(this.#rows);
      if (this.#textCapacity >= this.#textBytes * 1.25 + 4096) this.#resizeText(this.#textBytes);
    }
    return this.view();
  }

  /** Hands all blocks to `replaced`. */
  dispose(): void {
    this.#replaced(this.#validity);
    this.#replaced(this.#values);
    this.#replaced(this.#offsets);
    this.#validity = 0;
    this.#values = 0;
    this.#offsets = 0;
  }

  /** Space for rows in all, so that a bulk load does not move what it has written. Throws 53200. */
  reserve(rows: number): void {
    if (rows <= this.#capacity) return;
    const doubled = Math.max(rows, this.#capacity * 2, ROWS_AT_FIRST);
    this.#resize(Math.min(doubled, Math.max(rows, SEGMENT_ROWS)));
  }

  /** Adds rows [from, from + count) of a vector of this type. Throws 53200. */
  append(vector: Vector, from: number, count: number): void {
    this.reserve(this.#rows + count);
    const nulls = vector.validity === null ? 0 : count - countBits(vector.validity, from, count);
    if (this.type.kind === 'text') this.#appendText(vector, from, count);
    else this.#appendFixed(vector.values, from, count);
    this.#appendValidity(nulls === 0 ? null : vector.validity, from, count);
    if (hasBounds(this.type)) {
      const added = boundsOf(vector.values, nulls === 0 ? null : vector.validity, from, count);
      this.#bounds = mergeBounds(this.#bounds, added);
    }
    this.#nulls += nulls;
    this.#rows += count;
  }

  appendNulls(count: number): void {
    this.reserve(this.#rows + count);
    const memory = this.#memory;
    const width = this.type.kind === 'text' ? 4 : valueWidth(this.type);
    if (this.type.kind === 'boolean') fillBits(memory.bytes(this.#values, (this.#capacity + 7) >> 3), this.#rows, count, false);
    else if (this.#offsets !== 0) {
      memory.i32(this.#offsets, this.#capacity + 1).fill(this.#textBytes, this.#rows, this.#rows + count + 1);
    } else memory.u8().fill(0, this.#values + this.#rows * width, this.#values + (this.#rows + count) * width);
    this.#ensureValidity();
    fillBits(memory.bytes(this.#validity, (this.#capacity + 7) >> 3), this.#rows, count, false);
    this.#nulls += count;
    this.#rows += count;
  }

  #appendValidity(validity: Uint8Array | null, from: number, count: number): void {
    if (validity === null && this.#validity === 0) return;
    this.#ensureValidity();
    copyBits(this.#memory.bytes(this.#validity, (this.#capacity + 7) >> 3), this.#rows, validity, from, count);
  }

  /** The rows so far had no NULLs when there was no bitmap. */
  #ensureValidity(): void {
    if (this.#validity !== 0) return;
    const bytes = (this.#capacity + 7) >> 3;
    this.#validity = this.#memory.allocate(bytes, 'table data');
    this.#memory.u8().fill(255, this.#validity, this.#validity + bytes);
  }

  #appendFixed(values: Values, from: number, count: number): void {
    const memory = this.#memory;
    if (this.type.kind === 'boolean') {
      if (values instanceof Uint8Array) {
        copyBits(memory.bytes(this.#values, (this.#capacity + 7) >> 3), this.#rows, values, from, count);
      }
      return;
    }
    const width = valueWidth(this.type);
    const at = this.#values + this.#rows * width;
    const each = width / values.BYTES_PER_ELEMENT;
    const bytes = new Uint8Array(values.buffer, values.byteOffset + from * width, count * each * values.BYTES_PER_ELEMENT);
    memory.u8().set(bytes, at);
  }

  #appendText(vector: Vector, from: number, count: number): void {
    if (this.dictionary === null) this.#appendPlain(vector, from, count);
    else if (vector.dictionary === null) this.#internPlain(this.dictionary, vector, from, count);
    else this.#internCodes(this.dictionary, vector, from, count);
  }

  #internPlain(dictionary: Dictionary, { values, offsets, validity }: Vector, from: number, count: number): void {
    const codes = this.#memory.i32(this.#values + this.#rows * 4, count);
    if (!(values instanceof Uint8Array) || offsets === null) return;
    for (let i = 0; i < count; i++) {
      const row = from + i;
      const isNull = validity !== null && ((validity[row >> 3] ?? 0) & (1 << (row & 7))) === 0;
      codes[i] = isNull ? 0 : dictionary.intern(values, offsets[row] ?? 0, offsets[row + 1] ?? 0);
    }
  }

  #internCodes(dictionary: Dictionary, vector: Vector, from: number, count: number): void {
    const codes = this.#memory.i32(this.#values + this.#rows * 4, count);
    const { values, validity, dictionary: source } = vector;
    if (source === null || !(source.values instanceof Uint8Array) || source.offsets === null) return;
    if (dictionary.owns(source) && values instanceof Int32Array) {
      codes.set(values.subarray(from, from + count));
      return;
    }
    const translation = dictionary.translation(source);
    for (let i = 0; i < count; i++) {
      const row = from + i;
      if (validity !== null && ((validity[row >> 3] ?? 0) & (1 << (row & 7))) === 0) {
        codes[i] = 0;
        continue;
      }
      const code = Number(values[row]);
      let own = translation[code] ?? -1;
      if (own < 0) {
        own = dictionary.intern(source.values, source.offsets[code] ?? 0, source.offsets[code + 1] ?? 0);
        translation[code] = own;
      }
      codes[i] = own;
    }
  }

  #appendPlain(vector: Vector, from: number, count: number): void {
    const source = vector.dictionary;
    if (source !== null) {
      this.#gather(source, vector, from, count);
      return;
    }
    const { values, offsets } = vector;
    if (!(values instanceof Uint8Array) || offsets === null) return;
    const start = offsets[from] ?? 0;
    const bytes = (offsets[from + count] ?? start) - start;
    this.#reserveText(this.#textBytes + bytes);
    this.#memory.u8().set(values.subarray(start, start + bytes), this.#values + this.#textBytes);
    const ends = this.#memory.i32(this.#offsets + (this.#rows + 1) * 4, count);
    const shift = this.#textBytes - start;
    for (let i = 0; i < count; i++) ends[i] = (offsets[from + i + 1] ?? 0) + shift;
    this.#textBytes += bytes;
  }

  #gather(source: Vector, { values: codes, validity }: Vector, from: number, count: number): void {
    const { values, offsets } = source;
    if (!(values instanceof Uint8Array) || offsets === null) return;
    const ends = this.#memory.i32(this.#offsets + (this.#rows + 1) * 4, count);
    let end = this.#textBytes;
    for (let i = 0; i < count; i++) {
      const row = from + i;
      const isNull = validity !== null && ((validity[row >> 3] ?? 0) & (1 << (row & 7))) === 0;
      const code = Number(codes[row]);
      if (!isNull) end += (offsets[code + 1] ?? 0) - (offsets[code] ?? 0);
      ends[i] = end;
    }
    this.#reserveText(end);
    const text = this.#memory.bytes(this.#values, this.#textCapacity);
    let at = this.#textBytes;
    for (let i = 0; i < count; i++) {
      const next = ends[i] ?? at;
      const start = offsets[Number(codes[from + i])] ?? 0;
      for (let b = start; at < next; b++) text[at++] = values[b] ?? 0;
    }
    this.#textBytes = end;
  }

  #reserveText(bytes: number): void {
    if (bytes <= this.#textCapacity) return;
    this.#resizeText(Math.max(bytes, this.#textCapacity * 2, 256));
  }

  #resizeText(capacity: number): void {
    this.#values = this.#move(this.#values, this.#textBytes, capacity);
    this.#textCapacity = capacity;
  }

  /** New blocks for `rows` rows, rounded up to 64 so that whole bitmap words can be read. */
  #resize(rows: number): void {
    const capacity = Math.max(64, Math.ceil(rows / 64) * 64);
    const plain = this.type.kind === 'text' && this.dictionary === null;
    const width = this.type.kind === 'text' ? 4 : valueWidth(this.type);
    const validity = this.#validity === 0 ? 0 : this.#memory.allocate(capacity >> 3, 'table data');
    let moved: Pointer;
    try {
      if (plain) moved = this.#memory.allocate((capacity + 1) * 4, 'table data');
      else moved = this.#memory.allocate(this.type.kind === 'boolean' ? capacity >> 3 : capacity * width, 'table data');
    } catch (error) {
      this.#memory.free(validity);
      throw error;
    }
    const memory = this.#memory.u8();
    if (validity !== 0) {
      memory.copyWithin(validity, this.#validity, this.#validity + ((this.#rows + 7) >> 3));
      this.#replaced(this.#validity);
      this.#validity = validity;
    }
    if (plain) {
      if (this.#offsets === 0) this.#memory.i32(moved, 1)[0] = 0;
      else memory.copyWithin(moved, this.#offsets, this.#offsets + (this.#rows + 1) * 4);
      this.#replaced(this.#offsets);
      this.#offsets = moved;
    } else {
      const used = this.type.kind === 'boolean' ? (this.#rows + 7) >> 3 : this.#rows * width;
      if (used > 0) memory.copyWithin(moved, this.#values, this.#values + used);
      this.#replaced(this.#values);
      this.#values = moved;
    }
    this.#capacity = capacity;
  }

  #move(from: Pointer, used: number, capacity: number): Pointer {
    const to = this.#memory.allocate(capacity, 'table data');
    if (used > 0) this.#memory.u8().copyWithin(to, from, from + used);
    this.#replaced(from);
    return to;
  }
}
