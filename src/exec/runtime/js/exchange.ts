/** Passes texts between generated code and JavaScript through the shared memory of one thread. */
export class TextExchange {
  readonly #memory: WebAssembly.Memory;
  readonly #decoder = new TextDecoder();
  readonly #encoder = new TextEncoder();
  #bytes: Uint8Array;
  #pending: Uint8Array = new Uint8Array(0);

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
    // a copy: TextDecoder takes no shared memory
    return this.#decoder.decode(this.bytes().slice(address >>> 0, (address >>> 0) + length));
  }

  /** Keeps a text until `take`; its length in bytes. */
  give(text: string): number {
    this.#pending = this.#encoder.encode(text);
    return this.#pending.length;
  }

  /** Copies the kept text to the address. */
  take(address: number): void {
    this.bytes().set(this.#pending, address >>> 0);
  }
}
