import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { DuckDBInstance } from '@duckdb/node-api';
import { PAGE_BYTES, SharedMemory } from '../../src/memory/shared-memory.ts';
import { handWrittenModule } from './hand-written.ts';
import { type KernelName, ORDERS, ROWS } from './queries.ts';
import type { KernelTask } from './worker.ts';

const GROUP_SLOTS = 1 << 19;
const JOIN_SLOTS = 1 << 20;
const OUTPUT_BYTES = 8192;

/** What each column is to the kernels: text columns become the bytes that a dictionary would give. */
const COLUMNS: Readonly<Record<string, string>> = {
  l_orderkey: 'SELECT orderkey FROM lineitem ORDER BY rowid',
  l_partkey: 'SELECT partkey FROM lineitem ORDER BY rowid',
  l_quantity: 'SELECT quantity FROM lineitem ORDER BY rowid',
  l_price: 'SELECT extendedprice FROM lineitem ORDER BY rowid',
  l_discount: 'SELECT discount FROM lineitem ORDER BY rowid',
  l_tax: 'SELECT tax FROM lineitem ORDER BY rowid',
  l_flag: "SELECT (CASE returnflag WHEN 'A' THEN 0 WHEN 'N' THEN 1 ELSE 2 END)::UTINYINT FROM lineitem ORDER BY rowid",
  l_status: "SELECT (CASE linestatus WHEN 'F' THEN 0 ELSE 1 END)::UTINYINT FROM lineitem ORDER BY rowid",
  l_shipdate: "SELECT (shipdate - DATE '1970-01-01')::INTEGER FROM lineitem ORDER BY rowid",
  o_orderkey: 'SELECT orderkey FROM orders ORDER BY rowid',
  o_orderdate: "SELECT (orderdate - DATE '1970-01-01')::INTEGER FROM orders ORDER BY rowid",
  o_priority: 'SELECT (substr(orderpriority, 1, 1)::INTEGER - 1)::UTINYINT FROM orders ORDER BY rowid',
};

/** The hand-written kernels on worker threads of their own, over their own copy of the columns. */
export class HandWritten {
  readonly #workers: readonly Worker[];
  readonly #memory: SharedMemory;
  readonly #counter: Int32Array;
  readonly #columns: ReadonlyMap<string, number>;
  readonly #outputs: readonly number[];
  readonly #groups: readonly number[];
  readonly #joinTable: number;

  private constructor(
    workers: readonly Worker[],
    memory: SharedMemory,
    counter: SharedArrayBuffer,
    columns: ReadonlyMap<string, number>,
  ) {
    this.#workers = workers;
    this.#memory = memory;
    this.#counter = new Int32Array(counter);
    this.#columns = columns;
    this.#outputs = workers.map(() => memory.allocate(OUTPUT_BYTES));
    this.#groups = workers.map(() => memory.allocate(GROUP_SLOTS * 16));
    this.#joinTable = memory.allocate(JOIN_SLOTS * 8);
  }

  /** `folder` holds lineitem.parquet and orders.parquet. */
  static async open(folder: string, threads: number): Promise<HandWritten> {
    const memory = new SharedMemory();
    const columns = await loadColumns(folder, memory);
    const counter = new SharedArrayBuffer(PAGE_BYTES);
    const module = new WebAssembly.Module(handWrittenModule());
    const workers = Array.from(
      { length: threads },
      () => new Worker(new URL('./worker.ts', import.meta.url), { workerData: { module, memory: memory.memory, counter } }),
    );
    await Promise.all(workers.map((worker) => once(worker, 'online')));
    return new HandWritten(workers, memory, counter, columns);
  }

  async run(kernel: KernelName): Promise<void> {
    const u8 = this.#memory.u8();
    const c = (name: string): number => this.#columns.get(name) ?? 0;
    switch (kernel) {
      case 'q6':
        return this.#parallel('q6', ROWS, () => [c('l_shipdate'), c('l_discount'), c('l_quantity'), c('l_price')]);
      case 'q1': {
        for (const output of this.#outputs) u8.fill(0, output, output + OUTPUT_BYTES);
        const read = ['l_shipdate', 'l_flag', 'l_status', 'l_quantity', 'l_price', 'l_discount', 'l_tax'].map(c);
        return this.#parallel('q1', ROWS, (i) => [...read, this.#outputs[i] ?? 0]);
      }
      case 'gb':
        for (const table of this.#groups) u8.fill(0, table, table + GROUP_SLOTS * 16);
        return this.#parallel('gb', ROWS, (i) => [c('l_partkey'), c('l_quantity'), this.#groups[i] ?? 0, GROUP_SLOTS - 1]);
      case 'j': {
        u8.fill(0, this.#joinTable, this.#joinTable + JOIN_SLOTS * 8);
        for (const output of this.#outputs) u8.fill(0, output, output + OUTPUT_BYTES);
        const table = [this.#joinTable, JOIN_SLOTS - 1];
        await this.#parallel('joinBuild', ORDERS, () => [c('o_orderkey'), c('o_orderdate'), c('o_priority'), ...table]);
        const read = [c('l_orderkey'), c('l_shipdate'), c('l_price'), ...table];
        return this.#parallel('joinProbe', ROWS, (i) => [...read, this.#outputs[i] ?? 0]);
      }
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  async #parallel(kernel: string, rows: number, addresses: (worker: number) => readonly number[]): Promise<void> {
    Atomics.store(this.#counter, 0, 0);
    await Promise.all(
      this.#workers.map((worker, i) => {
        const done = once(worker, 'message');
        const task: KernelTask = { kernel, rows, addresses: addresses(i) };
        worker.postMessage(task);
        return done;
      }),
    );
  }
}

async function loadColumns(folder: string, memory: SharedMemory): Promise<ReadonlyMap<string, number>> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const columns = new Map<string, number>();
  try {
    for (const table of ['lineitem', 'orders'])
      await connection.run(`CREATE TABLE ${table} AS FROM '${folder}/${table}.parquet'`);
    for (const [name, sql] of Object.entries(COLUMNS)) {
      const result = await connection.stream(sql);
      const parts: Uint8Array[] = [];
      for (;;) {
        const chunk = await result.fetchChunk();
        if (chunk === null || chunk.rowCount === 0) break;
        const { items } = chunk.getColumnVector(0) as unknown as { readonly items: Uint8Array | Int32Array | Float64Array };
        parts.push(new Uint8Array(items.buffer, items.byteOffset, items.byteLength).slice());
      }
      const bytes = Buffer.concat(parts);
      const at = memory.allocate(bytes.length + 64);
      memory.u8().set(bytes, at);
      columns.set(name, at);
    }
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
  return columns;
}
