/** Collects messages to a client in one growing buffer; `take` hands over what there is. */
export class MessageWriter {
  #bytes = Buffer.allocUnsafe(8192);
  #length = 0;
  /** Where the length of the message that is being written goes; −1: none is. */
  #start = -1;

  get length(): number {
    return this.#length;
  }

  /** Starts a message of the given type; its length is filled in by `end`. One that was not ended is thrown away. */
  begin(type: string): this {
    if (this.#start >= 0) this.#length = this.#start - 1;
    this.#reserve(5);
    this.#bytes[this.#length] = type.charCodeAt(0);
    this.#start = this.#length + 1;
    this.#length += 5;
    return this;
  }

  end(): this {
    this.#bytes.writeInt32BE(this.#length - this.#start, this.#start);
    this.#start = -1;
    return this;
  }

  int8(value: number): this {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
    return this;
  }

  int16(value: number): this {
    this.#reserve(2);
    this.#length = this.#bytes.writeInt16BE(value, this.#length);
    return this;
  }

  /** A count of things that follow: 16 bits without a sign. */
  count(value: number): this {
    this.#reserve(2);
    this.#length = this.#bytes.writeUInt16BE(value, this.#length);
    return this;
  }

  int32(value: number): this {
    this.#reserve(4);
    this.#length = this.#bytes.writeInt32BE(value, this.#length);
    return this;
  }

  /** UTF-8 with a zero at the end; zeros inside are left out, a client could not read on after them. */
  text(value: string): this {
    return this.raw(Buffer.from(value.replaceAll('\0', ''))).int8(0);
  }

  /** A field of a row: its length in bytes, then UTF-8. */
  field(value: string): this {
    const most = value.length * 3;
    this.#reserve(4 + most);
    const written = this.#bytes.write(value, this.#length + 4);
    this.#bytes.writeInt32BE(written, this.#length);
    this.#length += 4 + written;
    return this;
  }

  raw(bytes: Uint8Array): this {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
    return this;
  }

  /** The messages so far; the writer starts anew with another buffer. */
  take(): Buffer {
    const taken = this.#bytes.subarray(0, this.#length);
    this.#bytes = Buffer.allocUnsafe(Math.min(this.#bytes.length, 1 << 20));
    this.#length = 0;
    this.#start = -1;
    return taken;
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.#length + more, this.#bytes.length * 2));
    this.#bytes.copy(grown, 0, 0, this.#length);
    this.#bytes = grown;
  }
}
