import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Reclaimer } from '../../src/memory/reclaimer.ts';
import { SharedMemory } from '../../src/memory/shared-memory.ts';

describe('the allocator', () => {
  test('random blocks never overlap, keep what is written, and are all given back', () => {
    const step = fc.record({ size: fc.integer({ min: 1, max: 100_000 }), free: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 150 }), (steps) => {
        const memory = new SharedMemory(64 << 20);
        const blocks: { at: number; size: number; mark: number }[] = [];
        const check = ({ at, size, mark }: (typeof blocks)[number]): void => {
          const bytes = memory.bytes(at, size);
          expect(bytes[0]).toBe(mark);
          expect(bytes[size - 1]).toBe(mark);
        };
        steps.forEach(({ size, free }, i) => {
          const block = free ? blocks.splice(i % Math.max(1, blocks.length), 1)[0] : undefined;
          if (block !== undefined) {
            check(block);
            memory.free(block.at);
            return;
          }
          const at = memory.allocate(size);
          expect(at % 64).toBe(0);
          const mark = i % 251;
          memory.bytes(at, size).fill(mark);
          blocks.push({ at, size, mark });
        });
        for (const block of blocks) {
          check(block);
          memory.free(block.at);
        }
        expect(memory.used).toBe(0);
        expect(memory.peak).toBeLessThanOrEqual(64 << 20);
      }),
      { numRuns: 100 },
    );
  });

  test('the limit is an error that names the purpose', () => {
    const memory = new SharedMemory(1 << 20);
    const error = expect.objectContaining({ code: '53200', message: expect.stringContaining('a hash table') });
    expect(() => memory.allocate(2 << 20, 'a hash table')).toThrow(error);
    expect(memory.used).toBe(0);
    expect(() => memory.free(4096)).toThrow(expect.objectContaining({ code: 'XX000' }));
  });

  test('a cache is asked for memory before an allocation fails', () => {
    const memory = new SharedMemory(1 << 20);
    const cached = [memory.allocate(400_000), memory.allocate(400_000)];
    memory.onPressure(() => {
      const at = cached.pop();
      if (at === undefined) return false;
      memory.free(at);
      return true;
    });
    memory.allocate(900_000);
    expect(cached).toEqual([]);
    expect(() => memory.allocate(900_000)).toThrow(expect.objectContaining({ code: '53200' }));
  });
});

describe('the reclaimer', () => {
  test('without pins a block is free at once', () => {
    const memory = new SharedMemory(1 << 20);
    new Reclaimer(memory).retire(memory.allocate(100));
    expect(memory.used).toBe(0);
  });

  test('a block is free when the last pin from before its retirement is released', () => {
    const memory = new SharedMemory(1 << 20);
    const reclaimer = new Reclaimer(memory);
    const first = reclaimer.pin();
    const second = reclaimer.pin();
    reclaimer.retire(memory.allocate(64));
    const later = reclaimer.pin();
    reclaimer.retire(memory.allocate(64));
    second.release();
    second.release();
    expect(memory.used).toBe(128);
    first.release();
    expect(memory.used).toBe(64);
    expect(reclaimer.waiting).toBe(1);
    later.release();
    expect(memory.used).toBe(0);
  });

  test('random pins and retirements free exactly what nobody can see', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('pin', 'retire', 'oldest', 'newest'), { maxLength: 100 }), (steps) => {
        const memory = new SharedMemory(1 << 20);
        const reclaimer = new Reclaimer(memory);
        const pins: { release(): void; number: number }[] = [];
        let retired: ReadonlySet<number>[] = [];
        let number = 0;
        for (const step of steps) {
          if (step === 'pin') pins.push({ ...reclaimer.pin(), number: number++ });
          else if (step === 'retire') {
            reclaimer.retire(memory.allocate(64));
            retired.push(new Set(pins.map((pin) => pin.number)));
          } else (step === 'oldest' ? pins.shift() : pins.pop())?.release();
          // A later pin may keep a block waiting behind an older one, never the other way round.
          const held = new Set(pins.map((pin) => pin.number));
          retired = retired.filter((seen) => [...seen].some((one) => held.has(one)));
          expect(memory.used).toBeGreaterThanOrEqual(retired.length * 64);
        }
        for (const pin of pins) pin.release();
        expect(memory.used).toBe(0);
      }),
      { numRuns: 100 },
    );
  });
});
