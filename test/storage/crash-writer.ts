import { writeSync } from 'node:fs';
import { SharedMemory } from '../../src/memory/shared-memory.ts';
import { INT64, TEXT } from '../../src/types/data-type.ts';
import { asLumaError } from '../../src/types/error.ts';
import { batchOf } from '../../src/types/vector-build.ts';
import type { StorageEngine } from '../../storage/api.ts';
import { openLsm } from '../../storage/lsm/engine.ts';
import { column } from './model.ts';

/**
 * Run as a process by crash.test.ts, which kills it: opens the database, prints what it finds (`found` and JSON), then
 * commits on, numbered where the found commits end, and prints every number once it is acknowledged (`done` and the number).
 * A commit that fails ends it: `failed`, the code, and how closing went. Commit n writes `rowsOfCommit(n)` to two tables in one transaction; several are on their way at once.
 */
const [path = '', seed = '0'] = process.argv.slice(2);
const IN_FLIGHT = 3;
/** Every such commit is larger than a segment and goes the bulk way. */
const BULK_EVERY = 701;
const BULK_ROWS = 66_000;

function rowsOfCommit(n: number): { a: number; b: number } {
  return { a: n % BULK_EVERY === 0 ? BULK_ROWS : (n % 7) + 1, b: n % 3 };
}

/** Rows of each commit by number. */
async function countRows(engine: StorageEngine, memory: SharedMemory, table: string): Promise<Map<number, number>> {
  const snapshot = engine.snapshot();
  const scan = await snapshot.scan({ table, columns: [0], bounds: [] });
  try {
    const counts = new Map<number, number>();
    for (const { rows, columns } of scan.segments) {
      // The low words of the numbers are enough.
      const words = memory.i32(columns[0]?.values ?? 0, rows * 2);
      for (let row = 0; row < rows; row++) counts.set(words[2 * row] ?? 0, (counts.get(words[2 * row] ?? 0) ?? 0) + 1);
    }
    return counts;
  } finally {
    scan.release();
    snapshot.release();
  }
}

/** The last commit, and whatever is not as commits 1 to the last would have left it. */
async function inspect(engine: StorageEngine, memory: SharedMemory): Promise<{ last: number; wrong: string[] }> {
  const a = await countRows(engine, memory, 'a');
  const b = await countRows(engine, memory, 'b');
  const last = Math.max(0, ...a.keys(), ...b.keys());
  const wrong: string[] = [];
  for (let n = 1; n <= last; n++) {
    const expected = rowsOfCommit(n);
    if (a.get(n) !== expected.a || (b.get(n) ?? 0) !== expected.b) wrong.push(`commit ${n}: ${a.get(n)} and ${b.get(n)} rows`);
  }
  return { last, wrong };
}

async function commit(engine: StorageEngine, n: number): Promise<void> {
  const rows = rowsOfCommit(n);
  const transaction = engine.begin();
  for (const table of ['a', 'b'] as const) {
    const values = Array.from({ length: rows[table] }, (_, i) => [BigInt(n), `text ${(n * 31 + i) % 1000}`]);
    transaction.write(table, batchOf([INT64, TEXT], values));
  }
  await transaction.commit();
  writeSync(1, `done ${n}\n`);
}

async function main(): Promise<void> {
  const memory = new SharedMemory(1 << 30);
  const engine = await openLsm(path, memory);
  const snapshot = engine.snapshot();
  const isNew = snapshot.tables().length === 0;
  snapshot.release();
  if (isNew) {
    const transaction = engine.begin();
    for (const name of ['a', 'b']) transaction.createTable({ name, columns: [column('n', INT64), column('s', TEXT)] });
    await transaction.commit();
  }
  const found = await inspect(engine, memory);
  writeSync(1, `found ${JSON.stringify(found)}\n`);
  if (seed === 'inspect') {
    await engine.close();
    return;
  }
  let next = found.last + 1;
  const lane = async (): Promise<never> => {
    for (;;) await commit(engine, next++);
  };
  const code = (thrown: unknown): string => asLumaError(thrown).code;
  const failed = await Promise.all(Array.from({ length: IN_FLIGHT }, lane)).catch(code);
  const closed = await engine.close().then(() => 'well', code);
  writeSync(1, `failed ${String(failed)}, closed ${closed}\n`);
}

await main();
