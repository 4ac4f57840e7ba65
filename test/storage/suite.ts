import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SharedMemory } from '../../src/memory/shared-memory.ts';
import { FLOAT64, INT32, INT64, TEXT } from '../../src/types/data-type.ts';
import type { Batch } from '../../src/types/vector.ts';
import { batchOf, dictionaryVector, vectorOf } from '../../src/types/vector-build.ts';
import type { VectorValue } from '../../src/types/vector-read.ts';
import { SEGMENT_ROWS, type Snapshot, type StorageEngine } from '../../storage/api.ts';
import { ALL_TYPES, column, type Row, readTable } from './model.ts';
import { modelTests } from './model-suite.ts';

/** The engine on the data under that name, none at first; the suite closes it. */
export type EngineFactory = (memory: SharedMemory, database: string) => Promise<StorageEngine>;

let databases = 0;

/** A name that nothing is under yet. */
export function newDatabase(): string {
  return `database ${databases++}`;
}

const TYPES = ALL_TYPES.map(({ type }) => type);

/** What every engine must do (storage/api.ts). */
export function storageSuite(name: string, open: EngineFactory): void {
  describe(`${name}: storage/api.ts`, () => {
    let memory: SharedMemory;
    let engine: StorageEngine;

    beforeEach(async () => {
      memory = new SharedMemory(512 << 20);
      engine = await open(memory, newDatabase());
    });

    afterEach(async () => {
      await engine.close();
      expect(memory.used, 'bytes still handed out after close').toBe(0);
    });

    async function create(table: string, columns = ALL_TYPES): Promise<void> {
      const transaction = engine.begin();
      transaction.createTable({ name: table, columns });
      await transaction.commit();
    }

    async function insert(table: string, rows: readonly Row[], types = TYPES): Promise<void> {
      const transaction = engine.begin();
      transaction.write(table, batchOf(types, rows));
      await transaction.commit();
    }

    async function read(table: string): Promise<Row[]> {
      return withSnapshot((snapshot) => readTable(memory, snapshot, table));
    }

    async function withSnapshot<T>(use: (snapshot: Snapshot) => Promise<T> | T): Promise<T> {
      const snapshot = engine.snapshot();
      try {
        return await use(snapshot);
      } finally {
        snapshot.release();
      }
    }

    const sample: readonly Row[] = [
      [true, 1, 2n, 1.5, 150n, 10n ** 25n, 'a', 'ä', 19000, 1_700_000_000_000_000n, { months: 1, days: -2, nanoseconds: 3n }],
      [null, null, null, null, null, null, null, null, null, null, null],
      [false, -1, -2n, -0.5, -1n, -(10n ** 25n), '', 'b', -1, -1n, { months: 0, days: 0, nanoseconds: -1n }],
    ];

    test('rows of every type come back', async () => {
      await create('t');
      await insert('t', sample);
      expect(await read('t')).toEqual(sample);
      await insert('t', sample);
      expect(await read('t')).toEqual([...sample, ...sample]);
    });

    test('an empty table has no segments', async () => {
      await create('t');
      await withSnapshot(async (snapshot) => {
        const scan = await snapshot.scan({ table: 't', columns: [0], bounds: [] });
        expect(scan).toMatchObject({ segments: [], segmentsTotal: 0, segmentsPruned: 0 });
        expect(scan.columns[0]?.definition.name).toBe('b');
        scan.release();
        expect(snapshot.statistics('t').rows).toBe(0);
      });
    });

    test('a scan without columns still counts rows', async () => {
      await create('t');
      await insert('t', sample);
      await withSnapshot(async (snapshot) => {
        const scan = await snapshot.scan({ table: 't', columns: [], bounds: [] });
        expect(scan.segments.map(({ rows }) => rows)).toEqual([3]);
        scan.release();
      });
    });

    test('a snapshot sees its commit and nothing later', async () => {
      await create('t');
      await insert('t', sample.slice(0, 1));
      const early = engine.snapshot();
      const held = await early.scan({ table: 't', columns: [6], bounds: [] });
      for (let i = 0; i < 200; i++) await insert('t', sample.slice(1));
      await create('later');
      expect(await readTable(memory, early, 't')).toEqual(sample.slice(0, 1));
      expect(early.table('later')).toBeUndefined();
      expect(early.statistics('t').rows).toBe(1);
      expect(early.statistics('t').columns[1]?.nulls).toBe(0);
      held.release();
      early.release();
      expect(await read('t')).toHaveLength(401);
    });

    test('a scan outlives its snapshot, and a drop of its table', async () => {
      await create('t');
      await insert('t', sample);
      const snapshot = engine.snapshot();
      const before = await readTable(memory, snapshot, 't');
      const drop = engine.begin();
      drop.dropTable('t');
      await drop.commit();
      await create('other');
      await insert('other', [...sample].reverse());
      expect(await readTable(memory, snapshot, 't')).toEqual(before);
      snapshot.release();
      await withSnapshot((now) => expect(now.table('t')).toBeUndefined());
    });

    test('a transaction sees its own writes, others do not', async () => {
      await create('t');
      await insert('t', sample.slice(0, 1));
      const transaction = engine.begin();
      transaction.write('t', batchOf(TYPES, sample.slice(1)));
      transaction.createTable({ name: 'mine', columns: [column('x', INT32)] });
      const own = transaction.snapshot();
      expect(await readTable(memory, own, 't')).toEqual(sample);
      expect(own.tables().map((table) => table.name)).toEqual(['mine', 't']);
      transaction.write('t', batchOf(TYPES, sample));
      expect(await readTable(memory, own, 't')).toEqual(sample);
      own.release();
      expect(await read('t')).toEqual(sample.slice(0, 1));
      await withSnapshot((snapshot) => expect(snapshot.table('mine')).toBeUndefined());
      transaction.rollback();
      expect(await read('t')).toEqual(sample.slice(0, 1));
    });

    test('two transactions append to one table', async () => {
      await create('t');
      const first = engine.begin();
      const second = engine.begin();
      first.write('t', batchOf(TYPES, sample.slice(0, 1)));
      second.write('t', batchOf(TYPES, sample.slice(1)));
      await Promise.all([first.commit(), second.commit()]);
      expect(await read('t')).toHaveLength(3);
    });

    test.each([
      ['create', (t: ReturnType<StorageEngine['begin']>) => t.createTable({ name: 'n', columns: [column('x', INT32)] })],
      ['drop', (t: ReturnType<StorageEngine['begin']>) => t.dropTable('t')],
      ['alter', (t: ReturnType<StorageEngine['begin']>) => t.addColumns('t', [column('x', INT32)])],
    ])('the first committer wins: %s', async (_, change) => {
      await create('t', [column('a', INT32)]);
      const first = engine.begin();
      const second = engine.begin();
      change(first);
      change(second);
      await first.commit();
      await expect(second.commit()).rejects.toMatchObject({ code: '40001' });
    });

    test('rows written to a table that another commit altered are a conflict', async () => {
      await create('t', [column('a', INT32)]);
      const writer = engine.begin();
      writer.write('t', batchOf([INT32], [[1]]));
      const alter = engine.begin();
      alter.addColumns('t', [column('b', INT32)]);
      await alter.commit();
      await expect(writer.commit()).rejects.toMatchObject({ code: '40001' });
      expect(await read('t')).toEqual([]);
    });

    test('added columns are NULL in older rows', async () => {
      await create('t', [column('a', INT32)]);
      await insert('t', [[1], [2]], [INT32]);
      const transaction = engine.begin();
      transaction.addColumns('t', [column('n', TEXT), column('x', FLOAT64)]);
      transaction.write('t', batchOf([INT32, TEXT, FLOAT64], [[3, 'c', 3.5]]));
      const expected = [
        [1, null, null],
        [2, null, null],
        [3, 'c', 3.5],
      ];
      const own = transaction.snapshot();
      expect(await readTable(memory, own, 't')).toEqual(expected);
      own.release();
      await transaction.commit();
      expect(await read('t')).toEqual(expected);
      await insert('t', [[4, null, 4.5]], [INT32, TEXT, FLOAT64]);
      expect(await read('t')).toEqual([...expected, [4, null, 4.5]]);
    });

    test('a table dropped and made again in one transaction is a new one', async () => {
      await create('t', [column('a', INT32)]);
      await insert('t', [[1]], [INT32]);
      const transaction = engine.begin();
      transaction.dropTable('t');
      expect(() => transaction.write('t', batchOf([INT32], [[1]]))).toThrow(expect.objectContaining({ code: '42P01' }));
      transaction.createTable({ name: 't', columns: [column('b', TEXT)] });
      transaction.write('t', batchOf([TEXT], [['new']]));
      await transaction.commit();
      expect(await read('t')).toEqual([['new']]);
    });

    test('wrong requests name what is wrong', async () => {
      await create('t', [column('a', INT32, true), column('b', TEXT)]);
      const transaction = engine.begin();
      const code = (value: string) => expect.objectContaining({ code: value });
      expect(() => transaction.createTable({ name: 't', columns: [] })).toThrow(code('42P07'));
      expect(() => transaction.createTable({ name: 'u', columns: [column('a', INT32), column('a', INT32)] })).toThrow(
        code('42701'),
      );
      expect(() => transaction.dropTable('u')).toThrow(code('42P01'));
      expect(() => transaction.addColumns('t', [column('b', INT32)])).toThrow(code('42701'));
      expect(() => transaction.write('u', batchOf([INT32], [[1]]))).toThrow(code('42P01'));
      expect(() => transaction.write('t', batchOf([INT32], [[1]]))).toThrow(code('42804'));
      expect(() => transaction.write('t', batchOf([INT64, TEXT], [[1n, 'a']]))).toThrow(code('42804'));
      expect(() => transaction.write('t', batchOf([INT32, TEXT], [[null, 'a']]))).toThrow(
        expect.objectContaining({ code: '23502', message: expect.stringContaining('"a"') }),
      );
      transaction.rollback();
      const snapshot = engine.snapshot();
      await expect(snapshot.scan({ table: 'nope', columns: [], bounds: [] })).rejects.toMatchObject({ code: '42P01' });
      snapshot.release();
    });

    test('segments fill up, have exact zone maps, and are pruned by them', async () => {
      await create('t', [column('k', INT64), column('x', FLOAT64), column('n', INT32)]);
      const rows = SEGMENT_ROWS * 2 + 1000;
      const loadedAtOnce = engine.begin();
      const k = BigInt64Array.from({ length: rows }, (_, i) => BigInt(i) * 1_000_000_007n - 5n);
      const x = Float64Array.from({ length: rows }, (_, i) => i / 8);
      loadedAtOnce.write('t', {
        length: rows,
        columns: [
          { type: INT64, length: rows, validity: null, values: k, offsets: null, dictionary: null },
          { type: FLOAT64, length: rows, validity: null, values: x, offsets: null, dictionary: null },
          vectorOf(
            INT32,
            Array.from({ length: rows }, (_, i) => (i < SEGMENT_ROWS ? null : i)),
          ),
        ],
      });
      await loadedAtOnce.commit();
      await withSnapshot(async (snapshot) => {
        const all = await snapshot.scan({ table: 't', columns: [0, 2], bounds: [] });
        expect(all.segments.map((segment) => segment.rows)).toEqual([SEGMENT_ROWS, SEGMENT_ROWS, 1000]);
        expect(all.segments[1]?.columns[0]).toMatchObject({ min: k[SEGMENT_ROWS], max: k[2 * SEGMENT_ROWS - 1], nulls: 0 });
        expect(all.segments[0]?.columns[1]).toMatchObject({ min: null, max: null, nulls: SEGMENT_ROWS });
        all.release();
        const edge = k[SEGMENT_ROWS] ?? 0n;
        const at = async (
          columnAt: number,
          operator: 'equal' | 'less' | 'less_equal' | 'greater' | 'greater_equal',
          value: bigint | number,
        ) => {
          const scan = await snapshot.scan({ table: 't', columns: [1], bounds: [{ column: columnAt, operator, value }] });
          scan.release();
          expect(scan.segmentsTotal - scan.segmentsPruned).toBe(scan.segments.length);
          return scan.segments.map(({ columns }) => Number(columns[0]?.min) * 8);
        };
        expect(await at(0, 'equal', edge)).toEqual([SEGMENT_ROWS]);
        expect(await at(0, 'less', edge)).toEqual([0]);
        expect(await at(0, 'less_equal', edge)).toEqual([0, SEGMENT_ROWS]);
        expect(await at(0, 'greater', k[rows - 1] ?? 0n)).toEqual([]);
        expect(await at(0, 'greater_equal', k[rows - 1] ?? 0n)).toEqual([2 * SEGMENT_ROWS]);
        expect(await at(2, 'greater_equal', 0)).toEqual([SEGMENT_ROWS, 2 * SEGMENT_ROWS]);
      });
    });

    test('NaN voids the bounds of a chunk', async () => {
      await create('t', [column('x', FLOAT64)]);
      await insert('t', [[1], [Number.NaN], [3]], [FLOAT64]);
      await withSnapshot(async (snapshot) => {
        const scan = await snapshot.scan({ table: 't', columns: [0], bounds: [{ column: 0, operator: 'greater', value: 5 }] });
        expect(scan.segments[0]?.columns[0]).toMatchObject({ min: null, max: null });
        scan.release();
        expect(snapshot.statistics('t').columns[0]).toMatchObject({ min: null, max: null });
      });
    });

    test('text is coded while that pays, then plain, and older snapshots keep their codes', async () => {
      await create('t', [column('s', TEXT), column('few', TEXT)]);
      const dictionary = (snapshot: Snapshot, at: number) => {
        const scan = snapshot.scanNow({ table: 't', columns: [at], bounds: [] });
        scan?.release();
        return scan?.columns[0]?.dictionary;
      };
      await insert(
        't',
        [
          ['a', 'x'],
          [null, 'y'],
          ['a', 'x'],
        ],
        [TEXT, TEXT],
      );
      const early = engine.snapshot();
      expect(dictionary(early, 0)).toMatchObject({ size: 1 });
      const version = dictionary(early, 0)?.version;
      await insert('t', [['a', null]], [TEXT, TEXT]);
      await withSnapshot((snapshot) => expect(dictionary(snapshot, 0)?.version).toBe(version));
      const values = Array.from({ length: SEGMENT_ROWS + 10 }, (_, i) => [`value ${i}`, i % 2 === 0 ? 'x' : null]);
      const reader = engine.begin();
      await insert('t', values, [TEXT, TEXT]);
      reader.write('t', batchOf([TEXT, TEXT], [['coded', 'z']]));
      expect(dictionary(early, 0)).not.toBeNull();
      expect(await readTable(memory, early, 't')).toEqual([
        ['a', 'x'],
        [null, 'y'],
        ['a', 'x'],
      ]);
      early.release();
      await reader.commit();
      await withSnapshot(async (snapshot) => {
        expect(dictionary(snapshot, 0)).toBeNull();
        expect(dictionary(snapshot, 1)).toMatchObject({ size: 3 });
        const distinct = snapshot.statistics('t').columns[0]?.distinct ?? 0;
        expect(Math.abs(distinct / (SEGMENT_ROWS + 12) - 1)).toBeLessThan(0.1);
      });
      const first = [
        ['a', 'x'],
        [null, 'y'],
        ['a', 'x'],
        ['a', null],
      ];
      expect(await read('t')).toEqual([...first, ...values, ['coded', 'z']]);
    });

    test('dictionary-coded vectors are taken with their own codes', async () => {
      await create('t', [column('s', TEXT)]);
      await insert('t', [['b']], [TEXT]);
      const transaction = engine.begin();
      const coded = dictionaryVector(['a', 'b', 'unused'], [0, 1, null, 1]);
      transaction.write('t', { length: 4, columns: [coded] });
      await transaction.commit();
      expect(await read('t')).toEqual([['b'], ['a'], ['b'], [null], ['b']]);
    });

    test('statistics follow writes, and ANALYZE knows values', async () => {
      await create('t', [column('k', INT64), column('s', TEXT)]);
      const rows = Array.from({ length: 5000 }, (_, i): VectorValue[] => [
        BigInt(i),
        i % 10 === 0 ? null : i % 3 === 0 ? 'often' : `s${i % 100}`,
      ]);
      await insert('t', rows, [INT64, TEXT]);
      await withSnapshot((snapshot) => {
        const { rows: count, columns } = snapshot.statistics('t');
        expect(count).toBe(5000);
        expect(columns[0]).toMatchObject({ nulls: 0, min: 0n, max: 4999n, width: 8, mostCommon: [], histogram: [] });
        expect(Math.abs((columns[0]?.distinct ?? 0) - 5000)).toBeLessThan(400);
        expect(columns[1]).toMatchObject({ nulls: 500, min: null, max: null });
      });
      await engine.analyze('t');
      await withSnapshot((snapshot) => {
        const { columns } = snapshot.statistics('t');
        expect(columns[0]).toMatchObject({ distinct: 5000, mostCommon: [] });
        expect(columns[0]?.histogram).toHaveLength(100);
        expect(columns[0]?.histogram.at(0)).toBe(0n);
        expect(columns[0]?.histogram.at(-1)).toBe(4999n);
        const often = rows.filter(([, s]) => s === 'often').length;
        expect(columns[1]?.mostCommon[0]).toEqual({ value: 'often', frequency: often / 5000 });
        expect(columns[1]?.distinct).toBe(new Set(rows.map(([, s]) => s).filter((s) => s !== null)).size);
      });
      await expect(engine.analyze('nope')).rejects.toMatchObject({ code: '42P01' });
    });

    modelTests(async (memory) => open(memory, newDatabase()), null);
  });

  describe(`${name}: memory limit`, () => {
    test('a commit that does not fit leaves everything as it was', async () => {
      const memory = new SharedMemory(1_600_000);
      const engine = await open(memory, newDatabase());
      const columns = [column('a', INT64), column('b', INT64), column('c', INT64)];
      const rows = (count: number): Batch => ({
        length: count,
        columns: columns.map(({ type }) => {
          return {
            type,
            length: count,
            validity: null,
            values: new BigInt64Array(count).fill(7n),
            offsets: null,
            dictionary: null,
          };
        }),
      });
      const setup = engine.begin();
      setup.createTable({ name: 't', columns });
      setup.write('t', rows(1000));
      await setup.commit();
      const used = memory.used;
      for (let attempt = 0; attempt < 3; attempt++) {
        const transaction = engine.begin();
        transaction.write('t', rows(40_000));
        await expect(transaction.commit()).rejects.toMatchObject({ code: '53200' });
        expect(memory.used).toBe(used);
      }
      const small = engine.begin();
      small.write('t', rows(500));
      await small.commit();
      const snapshot = engine.snapshot();
      expect(await readTable(memory, snapshot, 't')).toEqual(Array.from({ length: 1500 }, () => [7n, 7n, 7n]));
      snapshot.release();
      await engine.close();
      expect(memory.used).toBe(0);
    });

    test('a write that does not fit leaves everything as it was', async () => {
      const memory = new SharedMemory(8 << 20);
      const engine = await open(memory, newDatabase());
      const columns = [column('a', INT64), column('s', TEXT)];
      const setup = engine.begin();
      setup.createTable({ name: 't', columns });
      setup.write('t', batchOf([INT64, TEXT], [[1n, 'one']]));
      await setup.commit();
      const transaction = engine.begin();
      transaction.write('t', batchOf([INT64, TEXT], [[2n, 'two']]));
      const rows = 400_000;
      const big = {
        length: rows,
        columns: [
          { type: INT64, length: rows, validity: null, values: new BigInt64Array(rows), offsets: null, dictionary: null },
          vectorOf(
            TEXT,
            Array.from({ length: rows }, (_, i) => `text ${i}`),
          ),
        ],
      };
      for (let attempt = 0; attempt < 3; attempt++) {
        expect(() => transaction.write('t', big)).toThrow(expect.objectContaining({ code: '53200' }));
      }
      transaction.write('t', batchOf([INT64, TEXT], [[3n, null]]));
      await transaction.commit();
      const snapshot = engine.snapshot();
      expect(await readTable(memory, snapshot, 't')).toEqual([
        [1n, 'one'],
        [2n, 'two'],
        [3n, null],
      ]);
      snapshot.release();
      await engine.close();
      expect(memory.used).toBe(0);
    });
  });
}
