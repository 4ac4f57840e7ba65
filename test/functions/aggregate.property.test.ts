import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ConstantValue } from '../../planner/expression.ts';
import { ValueCache } from '../../src/exec/expression/context.ts';
import { emitContextOf } from '../../src/exec/expression/emit-context.ts';
import { loadSlot, readSlot, SLOT_BYTES, storeSlot, writeSlot } from '../../src/exec/expression/slot.ts';
import { memoryAccess, placeStates } from '../../src/exec/operators/aggregate/state-layout.ts';
import { createImports } from '../../src/exec/runtime/imports.ts';
import { RuntimeModule } from '../../src/exec/runtime/routine.ts';
import type { Bounds } from '../../src/functions/definition.ts';
import { aggregateDefinition } from '../../src/functions/lookup.ts';
import { functionCatalog } from '../../src/functions/registry.ts';
import { BOOLEAN, DATE, type DataType, decimal, FLOAT64, INT32, INT64, TEXT } from '../../src/types/data-type.ts';
import { NO_SPAN } from '../../src/types/span.ts';
import { ModuleBuilder } from '../../src/wasm/module-builder.ts';

/** Aggregates over two states that are merged, against the same computed in JavaScript. */

type Row = readonly ConstantValue[];

const STATES = [64, 512] as const;
const RESULT = 1024;
const ARGUMENTS = 2048;
const TEXTS = 4096;

interface Knowledge {
  readonly bounds: Bounds | null;
  readonly rows: bigint;
}

/** Even rows update one state, odd rows the other; the second is merged into the first. */
function aggregate(name: string, types: readonly DataType[], rows: readonly Row[], known: Knowledge): ConstantValue {
  const infos = types.map((type) => ({ type, untyped: false }));
  const function_ = functionCatalog.aggregate(name, infos, NO_SPAN);
  const { argumentTypes } = function_;
  const state = aggregateDefinition(function_).state({
    types: argumentTypes,
    bounds: argumentTypes.map(() => known.bounds),
    rows: known.rows,
    alwaysUpdated: false,
  });
  const { slots } = placeStates(state.fields, 0);
  const memory = new WebAssembly.Memory({ initial: 4, maximum: 65536, shared: true });
  const module = new ModuleBuilder();
  module.importMemory('env', 'memory');
  const runtime = new RuntimeModule(module);
  const contextIn = (f: ReturnType<ModuleBuilder['function']>) => {
    const refuse = (): never => {
      throw new RangeError('an aggregate asks for nothing');
    };
    const raise = (): void => void f.unreachable();
    const context = { f, runtime, cache: new ValueCache(), raise, branch: refuse, column: refuse, parameter: refuse };
    return emitContextOf({ ...context, constant: refuse, allocate: refuse, dictionaryTable: refuse }, NO_SPAN);
  };
  const update = module.function(['i32'], []);
  const arguments_ = argumentTypes.map((type, i) => {
    const address = update.local('i32');
    update.i32(ARGUMENTS + i * SLOT_BYTES).set(address);
    const value = loadSlot(update, address, 0, type, false);
    return { ...value, bounds: known.bounds };
  });
  state.update(contextIn(update), memoryAccess(update, update.param(0), slots), arguments_);
  const finish = module.function(['i32', 'i32', 'i32'], []);
  const [into, from] = [finish.param(0), finish.param(1)];
  state.merge(contextIn(finish), memoryAccess(finish, into, slots), memoryAccess(finish, from, slots));
  storeSlot(finish, finish.param(2), state.finish(contextIn(finish), memoryAccess(finish, into, slots), function_.returnType));
  module.export('update', update);
  module.export('finish', finish);
  const imports = { ...createImports(memory), env: { memory } };
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module.bytes()), imports);
  if (typeof exports.update !== 'function' || typeof exports.finish !== 'function') throw new RangeError('not exported');
  const view = new DataView(memory.buffer);
  let text = TEXTS;
  rows.forEach((row, n) => {
    argumentTypes.forEach((type, i) => {
      writeSlot(view, ARGUMENTS + i * SLOT_BYTES, type, cast(row[i] ?? null, types[i] ?? type, type), (written) => {
        const bytes = new TextEncoder().encode(written);
        const address = text;
        new Uint8Array(memory.buffer).set(bytes, address);
        text += bytes.length;
        return { address, length: bytes.length };
      });
    });
    if (typeof exports.update === 'function') exports.update(STATES[n % 2 === 0 ? 0 : 1]);
  });
  exports.finish(...STATES, RESULT);
  return readSlot(view, RESULT, function_.returnType);
}

function cast(value: ConstantValue, from: DataType, to: DataType): ConstantValue {
  return from.kind !== to.kind && to.kind === 'float64' ? Number(value) : value;
}

const UNKNOWN: Knowledge = { bounds: null, rows: 2n ** 40n };

function sumOf(values: readonly (number | bigint)[]): bigint {
  return values.reduce<bigint>((sum, value) => sum + BigInt(value), 0n);
}

const RUNS = { numRuns: 60 };
const int32s = fc.array(fc.integer(), { maxLength: 9 });
const int64s = fc.array(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), { maxLength: 9 });
const floats = fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { maxLength: 9 });

function one(values: readonly ConstantValue[]): Row[] {
  return values.map((value) => [value]);
}

test('sums of integers and decimals are exact, in one word where bounds allow it and in two otherwise', () => {
  fc.assert(
    fc.property(int32s, int64s, (small, large) => {
      const expected = small.length === 0 ? null : sumOf(small);
      expect(aggregate('sum', [INT32], one(small), UNKNOWN)).toBe(expected);
      const known = { bounds: { min: -(2n ** 31n), max: 2n ** 31n - 1n }, rows: 9n };
      expect(aggregate('sum', [INT32], one(small), known)).toBe(expected);
      const wide = large.length === 0 ? null : sumOf(large);
      expect(aggregate('sum', [INT64], one(large), UNKNOWN)).toBe(wide);
      expect(aggregate('sum', [decimal(18, 2)], one(small.map(BigInt)), UNKNOWN)).toBe(expected);
      expect(aggregate('sum', [decimal(30, 2)], one(large), UNKNOWN)).toBe(wide);
    }),
    RUNS,
  );
});

test('averages divide the exact sum once', () => {
  fc.assert(
    fc.property(int32s, floats, (integers, reals) => {
      const mean = integers.length === 0 ? null : Number(sumOf(integers)) / integers.length;
      expect(aggregate('avg', [INT32], one(integers), UNKNOWN)).toBe(mean);
      const scaled = integers.length === 0 ? null : Number(sumOf(integers)) / 100 / integers.length;
      expect(aggregate('avg', [decimal(12, 2)], one(integers.map(BigInt)), UNKNOWN)).toBe(scaled);
      const actual = aggregate('avg', [FLOAT64], one(reals), UNKNOWN);
      if (reals.length === 0) expect(actual).toBe(null);
      else expect(actual).toBeCloseTo(reals.reduce((sum, each) => sum + each, 0) / reals.length, 6);
    }),
    RUNS,
  );
});

test('count counts, of rows and of values', () => {
  expect(aggregate('count', [], [[], [], []], UNKNOWN)).toBe(3n);
  expect(aggregate('count', [TEXT], one(['a', 'b']), UNKNOWN)).toBe(2n);
  expect(aggregate('count', [TEXT], [], UNKNOWN)).toBe(0n);
});

test("min and max are the extremes of the type's order", () => {
  const texts = fc.array(fc.constantFrom('', 'a', 'Z', 'ä', 'ab', '日'), { maxLength: 7 });
  const reals = fc.array(fc.constantFrom(1.5, -2, Number.NaN, Number.POSITIVE_INFINITY), { maxLength: 7 });
  fc.assert(
    fc.property(int64s, texts, reals, (integers, strings, doubles) => {
      const ordered = [...integers].sort((a, b) => (a < b ? -1 : 1));
      expect(aggregate('min', [INT64], one(integers), UNKNOWN)).toBe(ordered[0] ?? null);
      expect(aggregate('max', [INT64], one(integers), UNKNOWN)).toBe(ordered.at(-1) ?? null);
      expect(aggregate('max', [decimal(30, 0)], one(integers), UNKNOWN)).toBe(ordered.at(-1) ?? null);
      const words = [...strings].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
      expect(aggregate('min', [TEXT], one(strings), UNKNOWN)).toBe(words[0] ?? null);
      expect(aggregate('max', [TEXT], one(strings), UNKNOWN)).toBe(words.at(-1) ?? null);
      const rank = (value: number): number => (Number.isNaN(value) ? 1 : 0);
      const numbers = [...doubles].sort((a, b) => rank(a) - rank(b) || a - b);
      expect(aggregate('min', [FLOAT64], one(doubles), UNKNOWN)).toBe(numbers[0] ?? null);
      expect(aggregate('max', [FLOAT64], one(doubles), UNKNOWN)).toBe(numbers.at(-1) ?? null);
    }),
    RUNS,
  );
  expect(aggregate('max', [DATE], one([5, -3]), UNKNOWN)).toBe(5);
  expect(aggregate('any_value', [TEXT], one(['x']), UNKNOWN)).toBe('x');
});

test('bool_and and bool_or', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { maxLength: 5 }), (values) => {
      const none = values.length === 0;
      expect(aggregate('bool_and', [BOOLEAN], one(values), UNKNOWN)).toBe(none ? null : values.every(Boolean));
      expect(aggregate('bool_or', [BOOLEAN], one(values), UNKNOWN)).toBe(none ? null : values.some(Boolean));
    }),
    RUNS,
  );
});

test('variances and covariances are those of the definition', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: -1000, max: 1000 }), fc.integer({ min: -1000, max: 1000 })), { maxLength: 9 }),
      (pairs) => {
        const n = pairs.length;
        const mean = (of: (pair: readonly [number, number]) => number) => pairs.reduce((sum, pair) => sum + of(pair), 0) / n;
        const [meanY, meanX] = [mean(([y]) => y), mean(([, x]) => x)];
        const about = (of: (y: number, x: number) => number) => pairs.reduce((sum, [y, x]) => sum + of(y - meanY, x - meanX), 0);
        const [syy, sxx, sxy] = [about((y) => y * y), about((_, x) => x * x), about((y, x) => x * y)];
        const near = (name: string, types: readonly DataType[], rows: readonly Row[], least: number, expected: number) => {
          const actual = aggregate(name, types, rows, UNKNOWN);
          if (n < least) expect(actual).toBe(null);
          else expect(Math.abs(Number(actual) - expected)).toBeLessThanOrEqual(1e-9 * (1 + Math.abs(expected)));
        };
        const ys = one(pairs.map(([y]) => y));
        near('var_pop', [INT32], ys, 1, syy / n);
        near('variance', [INT32], ys, 2, syy / (n - 1));
        near('stddev', [INT32], ys, 2, Math.sqrt(syy / (n - 1)));
        near('stddev_pop', [INT32], ys, 1, Math.sqrt(syy / n));
        near('covar_pop', [INT32, INT32], pairs, 1, sxy / n);
        near('covar_samp', [INT32, INT32], pairs, 2, sxy / (n - 1));
        if (n > 0 && syy > 0 && sxx > 0) near('corr', [INT32, INT32], pairs, 1, sxy / Math.sqrt(syy * sxx));
        else expect(aggregate('corr', [INT32, INT32], pairs, UNKNOWN)).toBe(null);
      },
    ),
    RUNS,
  );
});
