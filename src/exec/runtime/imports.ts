import { decimalImports } from './js/decimal.ts';

/**
 * What JavaScript provides to generated code, under `js`. Every thread makes its own from the one memory: a text result
 * waits in its closure between the call that computes it and the call that fetches it.
 */
export function createImports(memory: WebAssembly.Memory): WebAssembly.Imports {
  void memory;
  return { js: { ...decimalImports() } };
}
