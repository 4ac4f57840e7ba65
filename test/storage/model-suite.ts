import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SharedMemory } from '../../src/memory/shared-memory.ts';
import { type DataType, MAX_DECIMAL64_PRECISION } from '../../src/types/data-type.ts';
import { batchOf } from '../../src/types/vector-build.ts';
import type { VectorValue } from '../../src/types/vector-read.ts';
import type { ColumnDefinition, Snapshot, StorageEngine, StorageTransaction } from '../../storage/api.ts';
import { ALL_TYPES, column, type Row, readTable } from './model.ts';

/** A table of the model: its columns and all rows in order. */
interface ModelTable {
  readonly columns: readonly ColumnDefinition[];
  readonly rows: readonly Row[];
}

type Model = ReadonlyMap<string, ModelTable>;

type Step =
  | { readonly kind: 'create'; readonly table: string }
  | { readonly kind: 'drop'; readonly table: string }
  | { readonly kind: 'add'; readonly table: string; readonly type: DataType }
  | { readonly kind: 'write'; readonly table: string; readonly seed: readonly Row[]; readonly repeat: number }
  | { readonly kind: 'snapshot' }
  | { readonly kind: 'release' };

interface Transaction {
  readonly steps: readonly Step[];
  readonly commit: boolean;
}

const tables = fc.constantFrom('a', 'b');
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });

export function arbitraryOf(type: DataType): fc.Arbitrary<VectorValue> {
  switch (type.kind) {
    case 'boolean':
      return fc.boolean();
    case 'int32':
    case 'date':
      return int32;
    case 'int64':
    case 'timestamp':
      return int64;
    case 'float64':
      return fc.double();
    case 'decimal':
      return type.precision > MAX_DECIMAL64_PRECISION
        ? fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n })
        : fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n });
    case 'text':
      return fc.oneof(fc.constantFrom('', 'x', 'yy', 'zzz'), fc.string({ unit: 'grapheme', maxLength: 12 }));
    case 'interval':
      return fc.record({ months: int32, days: int32, nanoseconds: int64 });
    case 'null':
      return fc.constant(null);
  }
}

const row: fc.Arbitrary<Row> = fc.tuple(...ALL_TYPES.map(({ type }) => fc.option(arbitraryOf(type), { freq: 4 })));

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('create' as const), table: tables }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('drop' as const), table: tables }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('add' as const),
      table: tables,
      type: fc.constantFrom(...ALL_TYPES.map(({ type }) => type)),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('write' as const),
      table: tables,
      seed: fc.array(row, { minLength: 1, maxLength: 5 }),
      repeat: fc.constantFrom(1, 1, 1, 7, 50, 700),
    }),
  },
  { weight: 2, arbitrary: fc.constant({ kind: 'snapshot' as const }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'release' as const }) },
);

const history: fc.Arbitrary<readonly Transaction[]> = fc.array(
  fc.record({ steps: fc.array(step, { minLength: 1, maxLength: 6 }), commit: fc.boolean().map((no) => !no) }),
  { minLength: 1, maxLength: 8 },
);

/**
 * Random histories of transactions against maps and arrays. With `reopen`, which opens the data of the last `open` again,
 * the engine is closed and reopened after every transaction.
 */
export function modelTests(
  open: (memory: SharedMemory) => Promise<StorageEngine>,
  reopen: ((memory: SharedMemory) => Promise<StorageEngine>) | null,
): void {
  test(`random histories read as the model says${reopen === null ? ', at every snapshot' : ', reopened'}`, async () => {
    await fc.assert(
      fc.asyncProperty(history, async (transactions) => {
        let memory = new SharedMemory(256 << 20);
        let engine = await open(memory);
        const held: { snapshot: Snapshot; model: Model }[] = [];
        let model: Model = new Map([['a', { columns: ALL_TYPES, rows: [] }]]);
        const first = engine.begin();
        first.createTable({ name: 'a', columns: ALL_TYPES });
        await first.commit();
        for (const { steps, commit } of transactions) {
          const transaction = engine.begin();
          let own = model;
          for (const one of steps) {
            if (one.kind === 'snapshot') held.push({ snapshot: transaction.snapshot(), model: own });
            else if (one.kind === 'release') await checkAndRelease(memory, held.shift());
            else own = apply(transaction, own, one);
          }
          const inside = transaction.snapshot();
          await checkAndRelease(memory, { snapshot: inside, model: own });
          if (commit) {
            await transaction.commit();
            model = own;
          } else transaction.rollback();
          const now = engine.snapshot();
          await check(memory, now, model);
          held.push({ snapshot: now, model });
          if (reopen !== null) {
            for (const one of held.splice(0)) await checkAndRelease(memory, one);
            await engine.close();
            expect(memory.used).toBe(0);
            memory = new SharedMemory(256 << 20);
            engine = await reopen(memory);
            const again = engine.snapshot();
            await checkAndRelease(memory, { snapshot: again, model });
          }
        }
        for (const one of held) await checkAndRelease(memory, one);
        await engine.close();
        expect(memory.used).toBe(0);
      }),
      { numRuns: reopen === null ? 40 : 10 },
    );
  });
}

function apply(transaction: StorageTransaction, model: Model, one: Exclude<Step, { kind: 'snapshot' | 'release' }>): Model {
  const next = new Map(model);
  const table = model.get(one.table);
  switch (one.kind) {
    case 'create':
      if (table !== undefined) {
        expect(() => transaction.createTable({ name: one.table, columns: ALL_TYPES })).toThrow();
        return model;
      }
      transaction.createTable({ name: one.table, columns: ALL_TYPES });
      return next.set(one.table, { columns: ALL_TYPES, rows: [] });
    case 'drop':
      if (table === undefined) {
        expect(() => transaction.dropTable(one.table)).toThrow();
        return model;
      }
      transaction.dropTable(one.table);
      next.delete(one.table);
      return next;
    case 'add': {
      if (table === undefined) return model;
      const added = column(`added${table.columns.length}`, one.type);
      transaction.addColumns(one.table, [added]);
      return next.set(one.table, { columns: [...table.columns, added], rows: table.rows.map((values) => [...values, null]) });
    }
    case 'write': {
      if (table === undefined) return model;
      const written = Array.from({ length: one.repeat }, () => one.seed)
        .flat()
        .map((values) => table.columns.map((_, i) => values[i % ALL_TYPES.length] ?? null))
        .map((values) => values.map((value, i) => (i < ALL_TYPES.length ? value : valueFor(table.columns[i]?.type, values))));
      transaction.write(
        one.table,
        batchOf(
          table.columns.map(({ type }) => type),
          written,
        ),
      );
      return next.set(one.table, { columns: table.columns, rows: [...table.rows, ...written] });
    }
  }
}

/** A value for an added column, from the generated value of the same type. */
function valueFor(type: DataType | undefined, values: Row): VectorValue {
  const like = ALL_TYPES.findIndex((one) => one.type === type);
  return values[like] ?? null;
}

async function check(memory: SharedMemory, snapshot: Snapshot, model: Model): Promise<void> {
  expect(snapshot.tables().map(({ name }) => name)).toEqual([...model.keys()].sort());
  for (const [name, { columns, rows }] of model) {
    expect(snapshot.table(name)?.columns).toEqual(columns);
    expect(await readTable(memory, snapshot, name)).toEqual(rows);
    const statistics = snapshot.statistics(name);
    expect(statistics.rows).toBe(rows.length);
    columns.forEach((_, i) => {
      expect(statistics.columns[i]?.nulls).toBe(rows.filter((values) => values[i] === null).length);
      checkBounds(
        statistics.columns[i]?.min ?? null,
        statistics.columns[i]?.max ?? null,
        rows.map((values) => values[i] ?? null),
      );
    });
  }
}

function checkBounds(min: VectorValue, max: VectorValue, values: readonly VectorValue[]): void {
  if (min === null || max === null) return;
  const present = values.filter((value) => value !== null);
  expect(present.every((value) => value >= min && value <= max)).toBe(true);
  expect(present.some((value) => value === min)).toBe(true);
  expect(present.some((value) => value === max)).toBe(true);
}

async function checkAndRelease(memory: SharedMemory, held: { snapshot: Snapshot; model: Model } | undefined): Promise<void> {
  if (held === undefined) return;
  await check(memory, held.snapshot, held.model);
  held.snapshot.release();
}
