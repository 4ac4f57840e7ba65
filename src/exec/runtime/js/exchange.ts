/** Bytes up to which a text is read one by one: TextDecoder, which takes no shared memory, costs more than these. */
const SHORT = 24;

/** Passes texts between generated code and JavaScript through the shared memory of one thread. */
export class TextExchange {
  readonly #memory: WebAssembly.Memory;
  readonly #decoder = new TextDecoder();
  readonly #encoder = new TextEncoder();
  #bytes: Uint8Array;
  /** What `give` keeps lies here when it is not long. */
  readonly #buffer = new Uint8Array(4096);
  #pending: Uint8Array = this.#buffer;

  constructor(memory: WebAssembly.Memory) {
    this.#memory = memory;
    this.#bytes = new Uint8Array(memory.buffer);
  }

  /** All of the memory; a view taken before it grew is renewed. */
  bytes(): Uint8Array {
    if (this.#bytes.byteLength !== this.#memory.buffer.byteLength) this.#bytes = new Uint8Array(this.#memory.buffer);
    return this.#bytes;
  }

  read(address: number, length: number): string {
    const bytes = this.bytes();
    const start = address >>> 0;
    if (length <= SHORT) {
      const text = asciiText(bytes, start, length);
      if (text !== undefined) return text;
    }
    return this.#decoder.decode(bytes.slice(start, start + length));
  }

  /** Keeps a text until `take`; its length in bytes. */
  give(text: string): number {
    // a UTF-16 unit is three bytes at most
    if (text.length * 3 > this.#buffer.length) this.#pending = this.#encoder.encode(text);
    else this.#pending = this.#buffer.subarray(0, this.#encoder.encodeInto(text, this.#buffer).written);
    return this.#pending.length;
  }

  /** Copies the kept text to the address. */
  take(address: number): void {
    this.bytes().set(this.#pending, address >>> 0);
  }
}

/** Undefined when a byte is not ASCII. */
function asciiText(bytes: Uint8Array, start: number, length: number): string | undefined {
  let text = '';
  for (let i = start; i < start + length; i++) {
    const byte = bytes[i] ?? 0;
    if (byte >= 0x80) return undefined;
    text += String.fromCharCode(byte);
  }
  return text;
}
