/** Memory for writers is cut from one block after another: a block of its own for each would cost more than what is written. */
const SLAB_BYTES = 1 << 16;
let slab = new Uint8Array(SLAB_BYTES);
let slabUsed = 0;

/** Bytes with arbitrary contents. */
function takeBytes(capacity: number): Uint8Array<ArrayBuffer> {
  if (capacity > SLAB_BYTES / 4) return new Uint8Array(capacity);
  if (slabUsed + capacity > SLAB_BYTES) {
    slab = new Uint8Array(SLAB_BYTES);
    slabUsed = 0;
  }
  slabUsed += capacity;
  return slab.subarray(slabUsed - capacity, slabUsed);
}

const FLOAT = new Float64Array(1);
const FLOAT_BYTES = new Uint8Array(FLOAT.buffer);
const ENCODER = new TextEncoder();

/** A growing byte buffer with WebAssembly's number encodings (core specification 5.2). */
export class ByteWriter {
  #bytes: Uint8Array<ArrayBuffer>;
  #length = 0;

  constructor(capacity = 256) {
    this.#bytes = takeBytes(capacity);
  }

  get length(): number {
    return this.#length;
  }

  /** What was written so far: a view, valid until the next write. */
  bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length);
  }

  u8(value: number): void {
    if (this.#length === this.#bytes.length) this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  /** Unsigned LEB128 of an integer below 2^32. */
  u32(value: number): void {
    this.#reserve(5);
    let rest = value;
    while (rest > 0x7f) {
      this.#bytes[this.#length++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.#bytes[this.#length++] = rest;
  }

  /** Signed LEB128 of a 32-bit integer. */
  s32(value: number): void {
    this.#reserve(5);
    let rest = value | 0;
    while (rest < -64 || rest > 63) {
      this.#bytes[this.#length++] = (rest & 0x7f) | 0x80;
      rest >>= 7;
    }
    this.#bytes[this.#length++] = rest & 0x7f;
  }

  /** Signed LEB128 of a 64-bit integer. */
  s64(value: bigint): void {
    const small = Number(value);
    if (small === (small | 0)) {
      this.s32(small);
      return;
    }
    this.#reserve(10);
    let rest = BigInt.asIntN(64, value);
    while (rest < -64n || rest > 63n) {
      this.#bytes[this.#length++] = Number(rest & 0x7fn) | 0x80;
      rest >>= 7n;
    }
    this.#bytes[this.#length++] = Number(rest & 0x7fn);
  }

  f64(value: number): void {
    FLOAT[0] = value;
    this.raw(FLOAT_BYTES);
  }

  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** A UTF-8 name with its length before it. */
  name(text: string): void {
    const bytes = ENCODER.encode(text);
    this.u32(bytes.length);
    this.raw(bytes);
  }

  #reserve(more: number): void {
    const needed = this.#length + more;
    if (needed <= this.#bytes.length) return;
    const grown = takeBytes(Math.max(needed, this.#bytes.length * 2));
    grown.set(this.#bytes);
    this.#bytes = grown;
  }
}
