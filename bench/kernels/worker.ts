import { parentPort, workerData } from 'node:worker_threads';

/** Takes morsels off a shared counter and runs a hand-written kernel over each; answers with the sum of its results. */
const MORSEL = 65_536;

export interface KernelTask {
  readonly kernel: string;
  readonly rows: number;
  readonly addresses: readonly number[];
}

interface KernelWorkerData {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly counter: SharedArrayBuffer;
}

const { module, memory, counter } = workerData as KernelWorkerData;
const { exports } = new WebAssembly.Instance(module, { env: { memory } });
const next = new Int32Array(counter);

parentPort?.on('message', ({ kernel, rows, addresses }: KernelTask) => {
  const run = exports[kernel];
  if (typeof run !== 'function') throw new Error(`no kernel ${kernel}`);
  let sum = 0;
  for (;;) {
    const start = Atomics.add(next, 0, MORSEL);
    if (start >= rows) break;
    sum += Number(run(start, Math.min(rows, start + MORSEL), ...addresses) ?? 0);
  }
  parentPort?.postMessage(sum);
});
