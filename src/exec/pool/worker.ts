import { parentPort, workerData } from 'node:worker_threads';
import type { Pointer } from '../../memory/shared-memory.ts';
import { LOCAL } from '../pipeline/blocks.ts';
import { instantiate } from './instance.ts';
import { GRANTED, MAILBOX, type RunMessage, type WorkerData, type WorkerMessage } from './protocol.ts';
import { failureOf, MemoryRefused, runTasks } from './task.ts';

/** A worker thread: runs its share of a job, reports, waits for the next. Imports little, so that it starts fast. */

const { memory, mailbox }: WorkerData = workerData;
const instances = new Map<number, WebAssembly.Instance>();
let job = 0;

parentPort?.on('message', (message: RunMessage) => {
  job = message.job;
  for (const id of message.forget) instances.delete(id);
  try {
    const instance = instanceOf(message);
    for (const part of message.parts) {
      const entry = instance.exports[part.export];
      if (typeof entry !== 'function') throw new Error(`the module has no entry ${part.export}`);
      const run = (morsel: Pointer, shared: Pointer, local: Pointer): number => Number(entry(morsel, shared, local));
      runTasks(memory, run, part, message.shared, message.local);
    }
    send({ kind: 'done', job });
  } catch (thrown) {
    send({ kind: 'failed', job, failure: failureOf(memory, thrown, message.local) });
  }
});

function instanceOf({ moduleId, module }: RunMessage): WebAssembly.Instance {
  const known = instances.get(moduleId);
  if (known !== undefined) return known;
  if (module === undefined) throw new Error(`module ${moduleId} was not sent`);
  const instance = instantiate(module, memory, more);
  instances.set(moduleId, instance);
  return instance;
}

/** Asks the main thread for memory and waits; the thread's slice becomes what is left of the answer. */
function more(bytes: number, local: Pointer): Pointer {
  const state = mailbox >>> 2;
  const words = new Int32Array(memory.buffer);
  Atomics.store(words, state, 0);
  send({ kind: 'more', job, bytes: bytes >>> 0 });
  Atomics.wait(words, state, 0);
  if (Atomics.load(words, state) !== GRANTED) throw new MemoryRefused();
  const address = words[(mailbox + MAILBOX.address) >>> 2] ?? 0;
  const size = words[(mailbox + MAILBOX.bytes) >>> 2] ?? 0;
  words[(local + LOCAL.next) >>> 2] = address + bytes;
  words[(local + LOCAL.limit) >>> 2] = address + size;
  return address;
}

function send(message: WorkerMessage): void {
  parentPort?.postMessage(message);
}
