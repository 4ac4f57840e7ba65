import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ConstantValue } from '../../../planner/expression.ts';
import { ValueCache } from '../../../src/exec/expression/context.ts';
import { emitContextOf } from '../../../src/exec/expression/emit-context.ts';
import { emitHash } from '../../../src/exec/expression/hash.ts';
import { loadSlot, SLOT_BYTES, writeSlot } from '../../../src/exec/expression/slot.ts';
import { createImports } from '../../../src/exec/runtime/imports.ts';
import { RuntimeModule } from '../../../src/exec/runtime/routine.ts';
import type { Value } from '../../../src/functions/definition.ts';
import { type DataType, decimal, FLOAT64, INT32, INT64, TEXT } from '../../../src/types/data-type.ts';
import { NO_SPAN } from '../../../src/types/span.ts';
import { ModuleBuilder } from '../../../src/wasm/module-builder.ts';

/** Hashes values as keys of the given types; `shape` may change the form that a value is in. */
function hasher(types: readonly DataType[], shape: (value: Value) => Value = (value) => value) {
  const memory = new WebAssembly.Memory({ initial: 4, maximum: 65536, shared: true });
  const module = new ModuleBuilder();
  module.importMemory('env', 'memory');
  const runtime = new RuntimeModule(module);
  const f = module.function(['i32'], ['i32']);
  const refuse = (): never => {
    throw new RangeError('hashing asks for nothing');
  };
  const context = emitContextOf(
    {
      f,
      runtime,
      cache: new ValueCache(),
      branch: refuse,
      column: refuse,
      parameter: refuse,
      constant: refuse,
      allocate: refuse,
      raise: refuse,
      dictionaryTable: refuse,
    },
    NO_SPAN,
  );
  const values = types.map((type, i) => shape(loadSlot(f, f.param(0), i * SLOT_BYTES, type, true)));
  f.get(emitHash(context, values));
  module.export('hash', f);
  const imports = { ...createImports(memory), env: { memory } };
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module.bytes()), imports);
  const { hash } = exports;
  if (typeof hash !== 'function') throw new RangeError('not exported');
  return (key: readonly ConstantValue[], padding = 0): number => {
    const view = new DataView(memory.buffer);
    let text = 1024 + padding;
    key.forEach((value, i) => {
      writeSlot(view, 64 + i * SLOT_BYTES, types[i] ?? INT32, value, (written) => {
        const bytes = new TextEncoder().encode(written);
        const address = text;
        new Uint8Array(memory.buffer).set(bytes, address);
        text += bytes.length;
        return { address, length: bytes.length };
      });
    });
    return Number(hash(64));
  };
}

test('float64 hashes are equal for 0 and -0, and for every NaN', () => {
  const hash = hasher([FLOAT64]);
  expect(hash([-0])).toBe(hash([0]));
  expect(hash([Number.NaN])).toBe(hash([-Number.NaN]));
  expect(hash([1])).not.toBe(hash([0]));
});

test('a wide decimal hashes alike in one local and in two', () => {
  const type = decimal(30, 2);
  const wide = hasher([type]);
  const narrow = hasher([type], (value) => ({ ...value, locals: value.locals.slice(0, 1) }));
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (value) => {
      expect(narrow([value])).toBe(wide([value]));
    }),
    { numRuns: 100 },
  );
  expect(wide([1n])).not.toBe(wide([1n + (1n << 64n)]));
});

test('a text hashes alike wherever it lies, and NULL is like NULL only', () => {
  const hash = hasher([TEXT]);
  fc.assert(
    fc.property(fc.string({ maxLength: 40 }), fc.nat({ max: 15 }), (value, padding) => {
      expect(hash([value], padding)).toBe(hash([value]));
    }),
    { numRuns: 100 },
  );
  expect(hash([null])).toBe(hash([null]));
  expect(hash([null])).not.toBe(hash(['']));
});

/** Of `count` keys put into twice as many buckets by the low bits, the fullest bucket's size. */
function fullest(hashes: readonly number[]): number {
  const mask = 2 ** Math.ceil(Math.log2(hashes.length * 2)) - 1;
  const buckets = new Map<number, number>();
  for (const hash of hashes) buckets.set(hash & mask, (buckets.get(hash & mask) ?? 0) + 1);
  return Math.max(...buckets.values());
}

test.each([
  { name: 'consecutive int32', types: [INT32], key: (i: number) => [i] },
  { name: 'int64 multiples of 65536', types: [INT64], key: (i: number) => [BigInt(i) << 16n] },
  { name: 'int64 that differ in high bits', types: [INT64], key: (i: number) => [BigInt(i) << 40n] },
  { name: 'float64 whole numbers', types: [FLOAT64], key: (i: number) => [i] },
  { name: 'numbered texts', types: [TEXT], key: (i: number) => [`Customer#${String(i).padStart(9, '0')}`] },
  { name: 'short texts', types: [TEXT], key: (i: number) => [String(i)] },
  { name: 'pairs', types: [INT32, INT32], key: (i: number) => [i & 63, i >> 6] },
])('$name spread over the buckets of a hash table', ({ types, key }) => {
  const hash = hasher(types);
  const hashes = Array.from({ length: 4096 }, (_, i) => hash(key(i)));
  // random hashes would put at most about 7 keys into one of 8192 buckets
  expect(fullest(hashes)).toBeLessThanOrEqual(10);
  expect(new Set(hashes).size).toBeGreaterThan(4090);
});
