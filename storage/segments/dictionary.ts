import type { Reclaimer } from '../../src/memory/reclaimer.ts';
import type { Pointer, SharedMemory } from '../../src/memory/shared-memory.ts';
import { TEXT } from '../../src/types/data-type.ts';
import type { Vector } from '../../src/types/vector.ts';
import type { DictionaryView } from '../api.ts';
import { hashBytes } from './hash.ts';

/** More distinct values than this, and plain text is the better form. */
export const MAX_DICTIONARY = 65536;
/** Below this many rows a dictionary may still turn out to pay. */
const TRIAL_ROWS = 65536;
const INITIAL_BYTES = 64;
const EMPTY = -1;

/** Versions are unique over all dictionaries of the process. */
let lastVersion = 0;

/**
 * The distinct values of one text column, in shared memory as Arrow text.
 *
 * Invariants: values are only added, so codes are stable and an older reader may use the newer content; values are
 * distinct. Owned by reference count: the table and each transaction that writes to it.
 */
export class Dictionary {
  readonly #memory: SharedMemory;
  readonly #reclaimer: Reclaimer;
  #references = 1;
  #size = 0;
  #used = 0;
  #offsets: Pointer;
  #values: Pointer;
  /** Views of the two blocks: a grown shared memory leaves them usable. */
  #ends: Int32Array;
  #text: Uint8Array;
  /** Hash of each value, and open addressing from hash to code, made at the first `intern`. */
  #hashes = new Int32Array(16);
  #index: Int32Array | null = null;
  #version = ++lastVersion;
  #versionSize = 0;
  #vector: Vector | null = null;
  readonly #own = new WeakSet<Vector>();
  /** Codes of another dictionary's values, by that dictionary. */
  readonly #translations = new WeakMap<Vector, Int32Array>();

  constructor(memory: SharedMemory, reclaimer: Reclaimer) {
    this.#memory = memory;
    this.#reclaimer = reclaimer;
    this.#offsets = memory.allocate(INITIAL_BYTES, 'a dictionary');
    try {
      this.#values = memory.allocate(INITIAL_BYTES, 'a dictionary');
    } catch (error) {
      memory.free(this.#offsets);
      throw error;
    }
    this.#ends = memory.i32(this.#offsets, INITIAL_BYTES >> 2);
    this.#text = memory.bytes(this.#values, INITIAL_BYTES);
    this.#ends[0] = 0;
  }

  get size(): number {
    return this.#size;
  }

  /** Bytes of all values. */
  get bytes(): number {
    return this.#used;
  }

  /** Nobody writes it any more: its column has left it, and it lives on only for pinned readers. */
  get abandoned(): boolean {
    return this.#references === 0;
  }

  acquire(): this {
    this.#references++;
    return this;
  }

  release(): void {
    if (--this.#references > 0) return;
    this.#reclaimer.retire(this.#offsets);
    this.#reclaimer.retire(this.#values);
  }

  /** Whether coding still pays for a column of that many rows: few values, and each used more than twice. */
  pays(rows: number): boolean {
    return this.#size <= MAX_DICTIONARY && (rows < TRIAL_ROWS || this.#size * 2 <= rows);
  }

  /** The code of a UTF-8 value, added if it is new. Throws 53200, unchanged then. */
  intern(bytes: Uint8Array, start: number, end: number): number {
    const index = this.#index ?? this.#buildIndex();
    const hash = hashBytes(bytes, start, end);
    const mask = index.length - 1;
    let slot = hash & mask;
    for (;;) {
      const code = index[slot] ?? EMPTY;
      if (code === EMPTY) return this.#add(bytes, start, end, hash, slot);
      if (this.#hashes[code] === hash && this.#equals(code, bytes, start, end)) return code;
      slot = (slot + 1) & mask;
    }
  }

  /** The codes of another dictionary's values, filled as they are asked for: EMPTY (-1) where not yet known. */
  translation(dictionary: Vector): Int32Array {
    const known = this.#translations.get(dictionary);
    if (known !== undefined) return known;
    const codes = new Int32Array(dictionary.length).fill(EMPTY);
    this.#translations.set(dictionary, codes);
    return codes;
  }

  /** For NULL rows a scan needs some valid code. */
  ensureNotEmpty(): void {
    if (this.#size === 0) this.intern(new Uint8Array(0), 0, 0);
  }

  view(): DictionaryView {
    return { size: this.#size, offsets: this.#offsets, values: this.#values, version: this.#currentVersion() };
  }

  /** The values as a view of the shared memory; the same object until a value is added. */
  vector(): Vector {
    if (this.#vector?.length === this.#size) return this.#vector;
    const vector: Vector = {
      type: TEXT,
      length: this.#size,
      validity: null,
      values: this.#text.subarray(0, this.#used),
      offsets: this.#ends.subarray(0, this.#size + 1),
      dictionary: null,
    };
    this.#vector = vector;
    this.#own.add(vector);
    return vector;
  }

  /** Whether the vector is (an earlier state of) this dictionary: its codes mean the same here. */
  owns(dictionary: Vector): boolean {
    return this.#own.has(dictionary);
  }

  /** Hashes of the values by code, for distinct counts. */
  hashes(): Int32Array {
    if (this.#index === null) this.#buildIndex();
    return this.#hashes.subarray(0, this.#size);
  }

  /** Appends values that are known to be new, in order: for loading. */
  load(values: Vector): void {
    const { offsets } = values;
    if (offsets === null || !(values.values instanceof Uint8Array)) return;
    const start = offsets[0] ?? 0;
    const bytes = values.values.subarray(start, offsets[values.length] ?? 0);
    this.#reserve(this.#size + values.length, this.#used + bytes.length);
    this.#text.set(bytes, this.#used);
    for (let i = 1; i <= values.length; i++) this.#ends[this.#size + i] = this.#used + (offsets[i] ?? 0) - start;
    this.#used += bytes.length;
    this.#size += values.length;
    this.#index = null;
  }

  #currentVersion(): number {
    if (this.#versionSize !== this.#size) {
      this.#versionSize = this.#size;
      this.#version = ++lastVersion;
    }
    return this.#version;
  }

  #add(bytes: Uint8Array, start: number, end: number, hash: number, slot: number): number {
    const code = this.#size;
    const length = end - start;
    this.#reserve(code + 1, this.#used + length);
    for (let i = 0; i < length; i++) this.#text[this.#used + i] = bytes[start + i] ?? 0;
    this.#used += length;
    this.#ends[code + 1] = this.#used;
    if (code >= this.#hashes.length) {
      const larger = new Int32Array(this.#hashes.length * 2);
      larger.set(this.#hashes);
      this.#hashes = larger;
    }
    this.#hashes[code] = hash;
    this.#size++;
    const index = this.#index;
    if (index !== null) {
      index[slot] = code;
      if (this.#size * 2 > index.length) this.#rehash(index.length * 2);
    }
    return code;
  }

  #equals(code: number, bytes: Uint8Array, start: number, end: number): boolean {
    const from = this.#ends[code] ?? 0;
    if ((this.#ends[code + 1] ?? 0) - from !== end - start) return false;
    for (let i = 0; i < end - start; i++) if (this.#text[from + i] !== bytes[start + i]) return false;
    return true;
  }

  #buildIndex(): Int32Array {
    const { values, offsets } = this.vector();
    let capacity = this.#hashes.length;
    while (capacity < this.#size) capacity *= 2;
    if (capacity > this.#hashes.length) this.#hashes = new Int32Array(capacity);
    if (values instanceof Uint8Array) {
      for (let code = 0; code < this.#size; code++) {
        this.#hashes[code] = hashBytes(values, offsets?.[code] ?? 0, offsets?.[code + 1] ?? 0);
      }
    }
    let slots = 64;
    while (slots < this.#size * 4) slots *= 2;
    return this.#rehash(slots);
  }

  #rehash(slots: number): Int32Array {
    const index = new Int32Array(slots).fill(EMPTY);
    for (let code = 0; code < this.#size; code++) {
      let slot = (this.#hashes[code] ?? 0) & (slots - 1);
      while (index[slot] !== EMPTY) slot = (slot + 1) & (slots - 1);
      index[slot] = code;
    }
    this.#index = index;
    return index;
  }

  #reserve(size: number, bytes: number): void {
    if (size + 1 > this.#ends.length) {
      const capacity = Math.max(size + 1, this.#ends.length * 2) * 4;
      const at = this.#memory.allocate(capacity, 'a dictionary');
      const ends = this.#memory.i32(at, capacity >> 2);
      ends.set(this.#ends);
      this.#reclaimer.retire(this.#offsets);
      this.#offsets = at;
      this.#ends = ends;
    }
    if (bytes > this.#text.length) {
      const capacity = Math.max(bytes, this.#text.length * 2);
      const at = this.#memory.allocate(capacity, 'a dictionary');
      const text = this.#memory.bytes(at, capacity);
      text.set(this.#text);
      this.#reclaimer.retire(this.#values);
      this.#values = at;
      this.#text = text;
    }
  }
}
