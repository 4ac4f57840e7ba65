/** Bytes that generated code reads and that are laid into memory before it runs: equal ones once, 8-byte aligned. */
export class ConstantArea {
  readonly #pieces: { readonly at: number; readonly bytes: Uint8Array }[] = [];
  readonly #known = new Map<string, number>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The offset of the bytes in the area. */
  add(bytes: Uint8Array): number {
    const key = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const at = this.#size;
    this.#pieces.push({ at, bytes });
    this.#known.set(key, at);
    this.#size += (bytes.length + 7) & ~7;
    return at;
  }

  writeTo(memory: Uint8Array, address: number): void {
    for (const { at, bytes } of this.#pieces) memory.set(bytes, address + at);
  }
}
