import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MemoryBudget, QueryArena } from '../../../src/exec/memory/query-arena.ts';
import { ModuleCache } from '../../../src/exec/pool/modules.ts';
import { rowLayout } from '../../../src/exec/rows/build.ts';
import type { FieldShape } from '../../../src/exec/rows/layout.ts';
import { SharedMemory } from '../../../src/memory/shared-memory.ts';
import { BOOLEAN, DATE, type DataType, decimal, FLOAT64, INT32, INT64, INTERVAL, TEXT } from '../../../src/types/data-type.ts';
import { ModuleBuilder } from '../../../src/wasm/module-builder.ts';

describe('a query arena', () => {
  test('hands out blocks that do not overlap, aligned to cache lines, and gives all back at once', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 3 << 20 }), { maxLength: 30 }), (sizes) => {
        const memory = new SharedMemory(1 << 30);
        const budget = new MemoryBudget(1 << 28);
        const arena = new QueryArena(memory, budget);
        const blocks = sizes.map((bytes) => ({ at: arena.allocate(bytes, 'a test'), bytes })).toSorted((a, b) => a.at - b.at);
        blocks.forEach(({ at, bytes }, i) => {
          expect(at % 64).toBe(0);
          expect(at + bytes).toBeLessThanOrEqual(blocks[i + 1]?.at ?? Number.POSITIVE_INFINITY);
        });
        expect(budget.limit - budget.free).toBe(memory.used);
        arena.release();
        expect(memory.used).toBe(0);
        expect(budget.free).toBe(budget.limit);
        expect(budget.peak).toBe(memory.peak);
      }),
      { numRuns: 50 },
    );
  });

  test('refuses what is past the limit with 53200, naming who asked, and stays usable', () => {
    const memory = new SharedMemory(1 << 30);
    const arena = new QueryArena(memory, new MemoryBudget(1 << 20));
    arena.allocate(1 << 19, 'a test');
    expect(() => arena.allocate(1 << 20, 'a hash table')).toThrow(
      expect.objectContaining({ code: '53200', message: expect.stringContaining('a hash table') }),
    );
    expect(arena.slice(1000, 1 << 22, 'a test').bytes).toBeLessThanOrEqual(1 << 18);
    arena.release();
    expect(memory.used).toBe(0);
  });

  test('a smaller limit of the memory itself is met the same way', () => {
    const memory = new SharedMemory(1 << 21);
    const arena = new QueryArena(memory, new MemoryBudget(1 << 28));
    expect(() => {
      for (;;) arena.allocate(1 << 18, 'a test');
    }).toThrow(expect.objectContaining({ code: '53200' }));
    arena.release();
    expect(memory.used).toBe(0);
  });
});

describe('compiled modules', () => {
  const moduleOf = (value: number): Uint8Array => {
    const module = new ModuleBuilder();
    module.export('f', module.function([], ['i32']).i32(value));
    return module.bytes();
  };

  test('are kept by their bytes; the least recently used is forgotten first', () => {
    const forgotten: number[] = [];
    const cache = new ModuleCache((id) => forgotten.push(id));
    const first = cache.get(moduleOf(0));
    const second = cache.get(moduleOf(1));
    expect(cache.get(moduleOf(0))).toBe(first);
    for (let i = 2; i < 257; i++) cache.get(moduleOf(i));
    expect(forgotten).toEqual([second.id]);
    expect(cache.get(moduleOf(0))).toBe(first);
  });
});

describe('the layout of records', () => {
  const types: readonly DataType[] = [BOOLEAN, INT32, INT64, FLOAT64, DATE, TEXT, INTERVAL, decimal(10, 2), decimal(30, 2)];
  const field = fc.record({ type: fc.constantFrom(...types), nullable: fc.boolean(), narrow: fc.boolean() });
  const header = fc.array(fc.constantFrom(4 as const, 8 as const), { maxLength: 4 });

  test('fields, header fields and NULL bytes are aligned, inside the record, and do not overlap', () => {
    fc.assert(
      fc.property(fc.array(field, { maxLength: 30 }), header, (fields, headers) => {
        const columns = fields.map(({ type, nullable, narrow }, id) => {
          const bounds = narrow && type.kind === 'decimal' ? { min: -5n, max: 5n } : null;
          const shape: FieldShape = { type, nullable, bounds, dictionary: null };
          return { column: { id, name: `c${id}`, type, nullable }, shape };
        });
        const layout = rowLayout(columns, headers);
        const values = [
          ...layout.headers.map((offset, i) => ({ offset, width: headers[i] ?? 0 })),
          ...layout.fields.map(({ offset, width }) => ({ offset, width })),
        ];
        for (const { offset, width } of values) expect(offset % Math.min(width, 8)).toBe(0);
        const nulls = { offset: layout.nullOffset, width: layout.nullBytes };
        const used = [...values, nulls].toSorted((a, b) => a.offset - b.offset);
        used.forEach(({ offset, width }, i) => {
          expect(offset + width).toBeLessThanOrEqual(used[i + 1]?.offset ?? layout.width);
        });
        expect(layout.width % 8).toBe(0);
        const bits = layout.fields.flatMap(({ nullBit }) => (nullBit === null ? [] : [nullBit]));
        expect(bits.toSorted((a, b) => a - b)).toEqual(bits.map((_, i) => i));
        expect(layout.nullBytes).toBe(Math.ceil(fields.filter(({ nullable }) => nullable).length / 8));
      }),
      { numRuns: 100 },
    );
  });
});
