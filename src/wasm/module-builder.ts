import { ByteWriter } from './byte-writer.ts';
import { BUILT, FunctionBuilder, type FunctionRef, type Global, VALUE_TYPE, type ValType } from './function-builder.ts';

/** Section numbers of the binary format (core specification 5.5.2). */
const SECTION = { type: 1, import: 2, function: 3, global: 6, export: 7, code: 10 } as const;
const KIND = { function: 0, memory: 2 } as const;
const HEADER = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);

interface MemoryImport {
  readonly module: string;
  readonly name: string;
  readonly initial: number;
  readonly maximum: number;
}

/** Builds one module: imports and functions in any order, then `bytes()`. */
export class ModuleBuilder {
  readonly #types = new Map<string, { index: number; params: readonly ValType[]; results: readonly ValType[] }>();
  readonly #imports: { module: string; name: string; type: number }[] = [];
  readonly #functions: FunctionBuilder[] = [];
  readonly #globals: ValType[] = [];
  readonly #exports: { name: string; index: number }[] = [];
  #memory: MemoryImport | undefined;

  /** Imports a shared memory; sizes are pages of 64 KiB. */
  importMemory(module: string, name: string, initial = 1, maximum = 65536): void {
    this.#memory = { module, name, initial, maximum };
  }

  /** Imported functions are numbered before built ones in the binary; see BUILT in function-builder.ts. */
  importFunction(module: string, name: string, params: readonly ValType[], results: readonly ValType[]): FunctionRef {
    this.#imports.push({ module, name, type: this.#type(params, results) });
    return { index: this.#imports.length - 1, params, results };
  }

  /** A new function, called through the builder itself. */
  function(params: readonly ValType[], results: readonly ValType[]): FunctionBuilder {
    const builder = new FunctionBuilder(BUILT + this.#functions.length, params, results);
    this.#functions.push(builder);
    return builder;
  }

  /** A mutable global that starts as zero. */
  global(type: Exclude<ValType, 'v128'>): Global {
    this.#globals.push(type);
    return { index: this.#globals.length - 1, type };
  }

  export(name: string, target: FunctionRef): void {
    this.#exports.push({ name, index: target.index });
  }

  bytes(): Uint8Array<ArrayBuffer> {
    const functionTypes = this.#functions.map((f) => this.#type(f.params, f.results));
    const out = new ByteWriter(4096);
    out.raw(HEADER);
    section(out, SECTION.type, (s) => this.#writeTypes(s));
    section(out, SECTION.import, (s) => this.#writeImports(s));
    section(out, SECTION.function, (s) => {
      s.u32(functionTypes.length);
      for (const type of functionTypes) s.u32(type);
    });
    if (this.#globals.length > 0) section(out, SECTION.global, (s) => this.#writeGlobals(s));
    section(out, SECTION.export, (s) => {
      s.u32(this.#exports.length);
      for (const { name, index } of this.#exports) {
        s.name(name);
        s.u8(KIND.function);
        s.u32(index < BUILT ? index : index - BUILT + this.#imports.length);
      }
    });
    section(out, SECTION.code, (s) => {
      s.u32(this.#functions.length);
      for (const f of this.#functions) f.writeTo(s, this.#imports.length);
    });
    return out.bytes();
  }

  #type(params: readonly ValType[], results: readonly ValType[]): number {
    const key = `${params.join()}>${results.join()}`;
    const known = this.#types.get(key);
    if (known !== undefined) return known.index;
    const index = this.#types.size;
    this.#types.set(key, { index, params, results });
    return index;
  }

  #writeTypes(out: ByteWriter): void {
    out.u32(this.#types.size);
    for (const { params, results } of this.#types.values()) {
      out.u8(0x60);
      for (const list of [params, results]) {
        out.u32(list.length);
        for (const type of list) out.u8(VALUE_TYPE[type]);
      }
    }
  }

  #writeImports(out: ByteWriter): void {
    out.u32(this.#imports.length + (this.#memory === undefined ? 0 : 1));
    for (const { module, name, type } of this.#imports) {
      out.name(module);
      out.name(name);
      out.u8(KIND.function);
      out.u32(type);
    }
    if (this.#memory === undefined) return;
    out.name(this.#memory.module);
    out.name(this.#memory.name);
    out.u8(KIND.memory);
    out.u8(0x03); // shared, with a maximum
    out.u32(this.#memory.initial);
    out.u32(this.#memory.maximum);
  }

  #writeGlobals(out: ByteWriter): void {
    out.u32(this.#globals.length);
    for (const type of this.#globals) {
      out.u8(VALUE_TYPE[type]);
      out.u8(1);
      out.u8(type === 'i64' ? 0x42 : type === 'f64' ? 0x44 : 0x41);
      if (type === 'f64') out.f64(0);
      else out.u8(0);
      out.u8(0x0b);
    }
  }
}

function section(out: ByteWriter, id: number, body: (section: ByteWriter) => void): void {
  const content = new ByteWriter(1024);
  body(content);
  out.u8(id);
  out.u32(content.length);
  out.raw(content.bytes());
}
