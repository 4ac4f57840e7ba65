import type { Pointer } from '../../memory/shared-memory.ts';
import { createImports } from '../runtime/imports.ts';

const imports = new WeakMap<WebAssembly.Memory, WebAssembly.Imports>();

/** An instance for this thread. `more` gives a thread memory: see `memory.more` in pipeline/code/module.ts. */
export function instantiate(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
  more: (bytes: number, local: Pointer) => Pointer,
): WebAssembly.Instance {
  let runtime = imports.get(memory);
  if (runtime === undefined) {
    runtime = createImports(memory);
    imports.set(memory, runtime);
  }
  return new WebAssembly.Instance(module, { ...runtime, memory: { memory, more } });
}
