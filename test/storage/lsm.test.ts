import { mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SharedMemory } from '../../src/memory/shared-memory.ts';
import { INT32, INT64, TEXT } from '../../src/types/data-type.ts';
import { batchOf } from '../../src/types/vector-build.ts';
import { SEGMENT_ROWS, type Snapshot, type StorageEngine } from '../../storage/api.ts';
import { openLsm } from '../../storage/lsm/engine.ts';
import { type KeyValueEngine, openKeyValueStore } from '../../storage/lsm/key-value-store.ts';
import { keyOf, rangeOf } from '../../storage/lsm/keys.ts';
import { type LsmOptions, resolveOptions } from '../../storage/lsm/options.ts';
import { column, type Row, readTable } from './model.ts';
import { modelTests } from './model-suite.ts';
import { newDatabase, storageSuite } from './suite.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lumadb-test-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function open(memory: SharedMemory, database: string, options: LsmOptions = { syncMode: 'off' }): Promise<StorageEngine> {
  return openLsm(join(folder, database), memory, options);
}

storageSuite('lsm', open);

describe('lsm: reopened', () => {
  let last = '';
  modelTests(
    async (memory) => {
      last = newDatabase();
      return open(memory, last);
    },
    async (memory) => open(memory, last),
  );

  const COLUMNS = [column('k', INT64), column('s', TEXT), column('few', TEXT)];
  const TYPES = COLUMNS.map(({ type }) => type);

  function rowsFrom(first: number, count: number): Row[] {
    return Array.from({ length: count }, (_, i) => {
      const k = first + i;
      return [k % 11 === 0 ? null : BigInt(k), `text ${k}`, k % 3 === 0 ? null : `v${k % 5}`];
    });
  }

  async function write(engine: StorageEngine, rows: readonly Row[], create = false): Promise<void> {
    const transaction = engine.begin();
    if (create) transaction.createTable({ name: 't', columns: COLUMNS });
    transaction.write('t', batchOf(TYPES, rows));
    await transaction.commit();
  }

  async function withEngine<T>(
    database: string,
    use: (engine: StorageEngine, memory: SharedMemory) => Promise<T>,
    limit = 512 << 20,
  ): Promise<T> {
    const memory = new SharedMemory(limit);
    const engine = await open(memory, database);
    try {
      return await use(engine, memory);
    } finally {
      await engine.close();
      expect(memory.used).toBe(0);
    }
  }

  async function withSnapshot<T>(engine: StorageEngine, use: (snapshot: Snapshot) => T | Promise<T>): Promise<T> {
    const snapshot = engine.snapshot();
    try {
      return await use(snapshot);
    } finally {
      snapshot.release();
    }
  }

  test('a bulk load between small commits, in order, loaded when it is scanned', async () => {
    const database = newDatabase();
    const rows = rowsFrom(0, SEGMENT_ROWS * 2 + 500);
    await withEngine(database, async (engine) => {
      await write(engine, rows.slice(0, 10), true);
      await write(engine, rows.slice(10, SEGMENT_ROWS * 2 + 100));
      await write(engine, rows.slice(SEGMENT_ROWS * 2 + 100, SEGMENT_ROWS * 2 + 300));
      await engine.analyze('t');
      await write(engine, rows.slice(SEGMENT_ROWS * 2 + 300));
    });
    await withEngine(database, async (engine, memory) => {
      await withSnapshot(engine, async (snapshot) => {
        const request = { table: 't', columns: [0, 1, 2], bounds: [] };
        expect(snapshot.scanNow(request)).toBeUndefined();
        const statistics = snapshot.statistics('t');
        expect(statistics).toMatchObject({ rows: rows.length, columns: [{ min: 1n, max: BigInt(rows.length - 2) }, {}, {}] });
        expect(statistics.columns[2]?.mostCommon).toHaveLength(5);
        expect(statistics.columns[1]?.distinct).toBeGreaterThan(rows.length * 0.9);
        const pruned = await snapshot.scan({
          ...request,
          bounds: [{ column: 0, operator: 'greater', value: BigInt(SEGMENT_ROWS * 2 + 400) }],
        });
        expect(pruned.segments).toHaveLength(1);
        pruned.release();
        expect(await readTable(memory, snapshot, 't')).toEqual(rows);
        const now = snapshot.scanNow(request);
        expect(now?.columns.map(({ dictionary }) => dictionary !== null)).toEqual([false, false, true]);
        now?.release();
      });
    });
  });

  test('segments that fill up by small commits replace their log records', async () => {
    const database = newDatabase();
    const rows = rowsFrom(0, SEGMENT_ROWS + 5000);
    await withEngine(database, async (engine) => {
      await write(engine, rows.slice(0, 3), true);
      for (let at = 3; at < rows.length; at += 1000) await write(engine, rows.slice(at, at + 1000));
    });
    // The rest of the commit that filled the segment, and the five after it.
    expect(await countKeys(database, 'l')).toBe(6);
    expect(await countKeys(database, 's')).toBe(1);
    await withEngine(database, async (engine, memory) => {
      await withSnapshot(engine, async (snapshot) => expect(await readTable(memory, snapshot, 't')).toEqual(rows));
    });
  });

  test('many small commits are merged into few records', async () => {
    const database = newDatabase();
    const rows = rowsFrom(0, 1200);
    await withEngine(database, async (engine) => {
      await write(engine, rows.slice(0, 1), true);
      for (let at = 1; at < rows.length; at++) await write(engine, rows.slice(at, at + 1));
    });
    expect(await countKeys(database, 'l')).toBeLessThan(200);
    await withEngine(database, async (engine, memory) => {
      await write(engine, rowsFrom(5000, 1));
      await withSnapshot(engine, async (snapshot) =>
        expect(await readTable(memory, snapshot, 't')).toEqual([...rows, ...rowsFrom(5000, 1)]),
      );
    });
  });

  test('a dictionary grows on where the stored one ends, not where the log had brought it', async () => {
    const database = newDatabase();
    const bulk = (from: number) =>
      Array.from({ length: SEGMENT_ROWS + 1 }, (_, i): Row => [BigInt(i), 'same', `v${from + (i % 50)}`]);
    await withEngine(database, async (engine) => {
      await write(engine, bulk(0), true);
      await write(engine, [[1n, 'log', 'only in the log']]);
    });
    await withEngine(database, async (engine) => write(engine, bulk(40)));
    await withEngine(database, async (engine, memory) => {
      await withSnapshot(engine, async (snapshot) => {
        expect(await readTable(memory, snapshot, 't')).toEqual([...bulk(0), [1n, 'log', 'only in the log'], ...bulk(40)]);
      });
    });
  });

  test('a large open log is sealed when the database is closed', async () => {
    const database = newDatabase();
    await withEngine(database, async (engine) => write(engine, rowsFrom(0, 40_000), true));
    expect(await countKeys(database, 'l')).toBe(0);
    await withEngine(database, async (engine, memory) => {
      await write(engine, rowsFrom(40_000, 10));
      await withSnapshot(engine, async (snapshot) => expect(await readTable(memory, snapshot, 't')).toEqual(rowsFrom(0, 40_010)));
    });
  });

  test('what a transaction stored before it was rolled back is removed', async () => {
    const database = newDatabase();
    await withEngine(database, async (engine) => {
      await write(engine, rowsFrom(0, 5), true);
      const transaction = engine.begin();
      transaction.write('t', batchOf(TYPES, rowsFrom(5, SEGMENT_ROWS + 5)));
      transaction.createTable({ name: 'u', columns: COLUMNS });
      transaction.write('u', batchOf(TYPES, rowsFrom(0, SEGMENT_ROWS + 5)));
      transaction.rollback();
      const dropped = engine.begin();
      dropped.createTable({ name: 'v', columns: COLUMNS });
      dropped.write('v', batchOf(TYPES, rowsFrom(0, SEGMENT_ROWS + 5)));
      await dropped.commit();
      const drop = engine.begin();
      drop.dropTable('v');
      await drop.commit();
    });
    await withEngine(database, async (engine, memory) => {
      await withSnapshot(engine, async (snapshot) => expect(await readTable(memory, snapshot, 't')).toEqual(rowsFrom(0, 5)));
    });
    for (const family of ['c', 's'] as const) expect(await countKeys(database, family)).toBe(0);
    expect(await countKeys(database, 'e')).toBe(1);
  });

  test('chunks are evicted when the memory is too small for all of them', async () => {
    const database = newDatabase();
    const rows = rowsFrom(0, SEGMENT_ROWS * 6);
    await withEngine(database, async (engine) => write(engine, rows, true));
    await withEngine(
      database,
      async (engine, memory) => {
        await withSnapshot(engine, async (snapshot) => {
          for (const position of [0, 1, 2, 0, 1]) {
            const found = await readTable(memory, snapshot, 't', { columns: [position] });
            expect(found.map(([value]) => value)).toEqual(rows.map((row) => row[position]));
          }
          await expect(readTable(memory, snapshot, 't')).rejects.toMatchObject({ code: '53200' });
          expect(await readTable(memory, snapshot, 't', { columns: [2] })).toHaveLength(rows.length);
        });
      },
      10 << 20,
    );
  });

  async function storeOf(database: string) {
    const path = join(folder, database);
    const { engine } = JSON.parse(await readFile(join(path, 'lumadb.json'), 'utf8')) as { engine: KeyValueEngine };
    return openKeyValueStore(engine, join(path, engine), resolveOptions());
  }

  async function countKeys(database: string, family: Parameters<typeof keyOf>[0]): Promise<number> {
    const store = await storeOf(database);
    let count = 0;
    for await (const _ of store.range(...rangeOf(family))) count++;
    await store.close();
    return count;
  }

  describe('damage is an error that names the key', () => {
    async function damaged(key: Uint8Array, change: (value: Uint8Array) => Uint8Array | null): Promise<string> {
      const database = newDatabase();
      await withEngine(database, async (engine) => {
        await write(engine, rowsFrom(0, 40_000), true);
      });
      await withEngine(database, async (engine) => write(engine, rowsFrom(0, 10)));
      const store = await storeOf(database);
      const [value] = await store.getMany([key]);
      if (value === undefined) throw new Error('the key is not there');
      const changed = change(value);
      const batch = store.batch();
      if (changed === null) batch.del(key);
      else batch.put(key, changed);
      await batch.write(true);
      await store.close();
      return database;
    }

    const flip = (value: Uint8Array): Uint8Array => value.map((byte, i) => (i === value.length - 3 ? byte ^ 1 : byte));
    const remove = (): null => null;

    test.each([
      ['a log record', keyOf('l', 1, 1), 'l/1/1'],
      ['the table', keyOf('t', 1), 't/1'],
      ['the log end', keyOf('e', 1), 'e/1'],
      ['a segment', keyOf('s', 1, 1), 's/1/1'],
      ['a dictionary', keyOf('d', 1, 2, 0), 'd/1/2/0'],
    ])('%s with a wrong bit', async (_, key, name) => {
      const database = await damaged(key, flip);
      await expect(open(new SharedMemory(64 << 20), database)).rejects.toMatchObject({
        code: 'XX001',
        message: expect.stringContaining(name),
      });
      await expect(open(new SharedMemory(64 << 20), database), 'the directory is free again').rejects.toMatchObject({
        code: 'XX001',
      });
    });

    test.each([
      ['a log record', keyOf('l', 1, 1), 'l/1/1'],
      ['the log end', keyOf('e', 1), 'e/1'],
      ['a segment', keyOf('s', 1, 1), 's/1/1'],
    ])('%s that is missing', async (_, key, name) => {
      const database = await damaged(key, remove);
      await expect(open(new SharedMemory(64 << 20), database)).rejects.toMatchObject({
        code: 'XX001',
        message: expect.stringContaining(name),
      });
    });

    test.each([
      ['wrong', flip],
      ['missing', remove],
    ])('a column chunk that is %s, when it is read', async (_, change) => {
      const database = await damaged(keyOf('c', 1, 1, 0), change);
      await withEngine(database, async (engine, memory) => {
        await withSnapshot(engine, async (snapshot) => {
          await expect(readTable(memory, snapshot, 't')).rejects.toMatchObject({
            code: 'XX001',
            message: expect.stringContaining('c/1/1/0'),
          });
          expect(await readTable(memory, snapshot, 't', { columns: [1] })).toHaveLength(40_010);
        });
      });
    });
  });

  describe('what the store leaves out when its own files are damaged is an error', () => {
    /** A database that was closed after two commits, and the store's files whose names match. */
    async function closed(engine: KeyValueEngine, pattern: RegExp): Promise<{ database: string; files: readonly string[] }> {
      const database = newDatabase();
      await mkdir(join(folder, database));
      await writeFile(join(folder, database, 'lumadb.json'), JSON.stringify({ format: 1, engine }));
      await withEngine(database, async (opened) => {
        await write(opened, rowsFrom(0, 100), true);
        await write(opened, rowsFrom(100, 100));
      });
      const path = join(folder, database, engine);
      const files = (await readdir(path)).filter((name) => pattern.test(name)).map((name) => join(path, name));
      if (files.length === 0) throw new Error(`there is no file like ${pattern.source}`);
      return { database, files };
    }

    const halve = async (file: string): Promise<void> => truncate(file, (await readFile(file)).length >> 1);
    const flip = async (file: string): Promise<void> => {
      const bytes = await readFile(file);
      const middle = bytes.length >> 1;
      bytes[middle] = (bytes[middle] ?? 0) ^ 1;
      await writeFile(file, bytes);
    };

    test.each([
      ['rocksdb', 'a bit of the log', flip],
      ['rocksdb', 'half of the log', halve],
      ['rocksdb', 'the log', rm],
      ['leveldb', 'a bit of the log', flip],
      ['leveldb', 'half of the log', halve],
    ] as const)('%s: %s', async (engine, _, damage) => {
      const { database, files } = await closed(engine, /\.log$/);
      for (const file of files) await damage(file);
      for (let attempt = 0; attempt < 2; attempt++) {
        await expect(open(new SharedMemory(64 << 20), database)).rejects.toMatchObject({
          code: 'XX001',
          message: expect.stringMatching(/of the 2 batches it was closed with, the store has [01]$/),
          hint: expect.stringContaining('closed.json'),
        });
      }
      await rm(join(folder, database, 'closed.json'));
      await withEngine(database, async (opened) => {
        const missing = await withSnapshot(opened, (snapshot) => snapshot.table('t') === undefined);
        await write(opened, rowsFrom(0, 1), missing);
      });
    });

    test('a count that cannot be read', async () => {
      const { database } = await closed('rocksdb', /\.log$/);
      await writeFile(join(folder, database, 'closed.json'), '{');
      await expect(open(new SharedMemory(64 << 20), database)).rejects.toMatchObject({ code: 'XX001' });
    });
  });

  test('a directory is open once at a time', async () => {
    const database = newDatabase();
    await withEngine(database, async () => {
      await expect(open(new SharedMemory(16 << 20), database)).rejects.toMatchObject({ code: '55006' });
    });
    await withEngine(database, async (engine) => write(engine, rowsFrom(0, 1), true));
  });

  test('a directory that is something else is left alone', async () => {
    const path = join(folder, 'documents');
    await mkdir(path);
    await writeFile(join(path, 'letter.txt'), 'Dear reader');
    await expect(open(new SharedMemory(16 << 20), 'documents')).rejects.toMatchObject({ code: '58030' });
  });

  test.each(['always', 'group_commit', 'interval', 'off'] as const)('sync mode %s', async (syncMode) => {
    const database = newDatabase();
    const memory = new SharedMemory(64 << 20);
    const engine = await open(memory, database, { syncMode, syncIntervalMs: 5 });
    await write(engine, rowsFrom(0, 1), true);
    const commits = Array.from({ length: 50 }, (_, i) => write(engine, rowsFrom(i + 1, 1)));
    await Promise.all(commits);
    await engine.close();
    await withEngine(database, async (again, its) => {
      await withSnapshot(again, async (snapshot) => expect(await readTable(its, snapshot, 't')).toEqual(rowsFrom(0, 51)));
    });
  });

  test('the LevelDB store does the same', async () => {
    const database = newDatabase();
    const path = join(folder, database);
    await mkdir(path);
    await writeFile(join(path, 'lumadb.json'), JSON.stringify({ format: 1, engine: 'leveldb' }));
    await withEngine(database, async (engine) => write(engine, rowsFrom(0, SEGMENT_ROWS + 5), true));
    await withEngine(database, async (engine, memory) => {
      await expect(open(new SharedMemory(16 << 20), database)).rejects.toMatchObject({ code: '55006' });
      await withSnapshot(engine, async (snapshot) =>
        expect(await readTable(memory, snapshot, 't')).toEqual(rowsFrom(0, SEGMENT_ROWS + 5)),
      );
    });
  });

  test('columns added and tables made anew are as they were', async () => {
    const database = newDatabase();
    await withEngine(database, async (engine) => {
      await write(engine, rowsFrom(0, 3), true);
      const alter = engine.begin();
      alter.addColumns('t', [column('n', INT32)]);
      await alter.commit();
      const transaction = engine.begin();
      transaction.createTable({ name: 'empty', columns: [column('x', INT32, true)] });
      await transaction.commit();
    });
    await withEngine(database, async (engine, memory) => {
      await withSnapshot(engine, async (snapshot) => {
        expect(snapshot.tables()).toEqual([
          { name: 'empty', columns: [column('x', INT32, true)] },
          { name: 't', columns: [...COLUMNS, column('n', INT32)] },
        ]);
        expect(await readTable(memory, snapshot, 't')).toEqual(rowsFrom(0, 3).map((row) => [...row, null]));
      });
    });
  });
});
