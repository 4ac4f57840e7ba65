import { Buffer } from 'node:buffer';

export interface CompiledModule {
  readonly id: number;
  readonly module: WebAssembly.Module;
}

const CAPACITY = 256;

/** Compiled modules by their bytes, the least recently used given up first. V8's tiered-up code lives as long as the module. */
export class ModuleCache {
  readonly #modules = new Map<string, CompiledModule>();
  readonly #forget: (id: number) => void;
  #nextId = 1;

  /** `forget` hears of modules that are given up. */
  constructor(forget: (id: number) => void) {
    this.#forget = forget;
  }

  get(bytes: Uint8Array): CompiledModule {
    const key = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
    let compiled = this.#modules.get(key);
    if (compiled !== undefined) this.#modules.delete(key);
    else compiled = { id: this.#nextId++, module: new WebAssembly.Module(bytes) };
    this.#modules.set(key, compiled);
    if (this.#modules.size > CAPACITY) this.#evict();
    return compiled;
  }

  #evict(): void {
    const [oldest] = this.#modules;
    if (oldest === undefined) return;
    this.#modules.delete(oldest[0]);
    this.#forget(oldest[1].id);
  }
}
