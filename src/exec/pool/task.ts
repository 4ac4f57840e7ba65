import type { Pointer } from '../../memory/shared-memory.ts';
import { LOCAL, SHARED } from '../pipeline/blocks.ts';
import type { Failure, Part } from './protocol.ts';

/** What a thread runs: both the main thread, in place, and the workers. */
export type TaskFunction = (morsel: Pointer, shared: Pointer, local: Pointer) => number;

/** Thrown by `memory.more` when the query may not have more. */
export class MemoryRefused extends Error {}

/** Takes tasks off the part's counter until there are none or the run is done. */
export function runTasks(memory: WebAssembly.Memory, run: TaskFunction, part: Part, shared: Pointer, local: Pointer): void {
  const words = new Int32Array(memory.buffer);
  const done = (shared + SHARED.done) >>> 2;
  const next = part.next >>> 2;
  const morsels = part.morsels >>> 2;
  for (;;) {
    if (Atomics.load(words, done) !== 0) return;
    const task = Atomics.add(words, next, 1);
    if (task >= part.count) return;
    run(part.morsels === 0 ? task : (words[morsels + task] ?? 0), shared, local);
  }
}

/** What a thrown error means; `local` is the block of the thread that ran. */
export function failureOf(memory: WebAssembly.Memory, thrown: unknown, local: Pointer): Failure {
  if (thrown instanceof MemoryRefused) return { kind: 'refused' };
  const words = new Int32Array(memory.buffer, local, LOCAL.end >> 2);
  const number = words[LOCAL.error >> 2] ?? 0;
  if (number !== 0) {
    const address = (words[LOCAL.errorText >> 2] ?? 0) >>> 0;
    const length = words[LOCAL.errorTextLength >> 2] ?? 0;
    return {
      kind: 'raised',
      number,
      text: new TextDecoder().decode(new Uint8Array(memory.buffer).slice(address, address + length)),
    };
  }
  const code = thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : undefined;
  return { kind: 'thrown', code, message: thrown instanceof Error ? thrown.message : String(thrown) };
}
