import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ByteWriter } from '../../src/wasm/byte-writer.ts';
import type { FunctionBuilder, ValType } from '../../src/wasm/function-builder.ts';
import { ModuleBuilder } from '../../src/wasm/module-builder.ts';
import {
  ATOMICS,
  type AtomicOp,
  LANES,
  type LaneOp,
  LOADS,
  type LoadOp,
  PLAIN,
  type PlainOp,
  STORES,
  type StoreOp,
} from '../../src/wasm/opcodes.ts';

/** Decodes LEB128 as the specification 5.2.2 defines it. */
function decode(bytes: Uint8Array, signed: boolean): bigint {
  let value = 0n;
  let shift = 0n;
  for (const byte of bytes) {
    value |= BigInt(byte & 0x7f) << shift;
    shift += 7n;
  }
  return signed && ((bytes.at(-1) ?? 0) & 0x40) !== 0 ? value - (1n << shift) : value;
}

describe('numbers', () => {
  test('unsigned LEB128 decodes to what was written, in the fewest bytes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffffffff }), (n) => {
        const out = new ByteWriter(1);
        out.u32(n);
        expect(decode(out.bytes(), false)).toBe(BigInt(n));
        expect(out.length).toBe(Math.max(1, Math.ceil(n.toString(2).length / 7)));
      }),
    );
  });

  test('signed LEB128 decodes to what was written', () => {
    fc.assert(
      fc.property(fc.integer(), fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n }), (n, big) => {
        const out = new ByteWriter(1);
        out.s32(n);
        expect(decode(out.bytes(), true)).toBe(BigInt(n));
        const wide = new ByteWriter(1);
        wide.s64(big);
        expect(decode(wide.bytes(), true)).toBe(big);
      }),
    );
  });
});

const SHAPES: Record<string, ValType> = {
  i8x16: 'v128',
  i16x8: 'v128',
  i32x4: 'v128',
  i64x2: 'v128',
  f32x4: 'v128',
  f64x2: 'v128',
  v128: 'v128',
};

function shapeOf(name: string): ValType {
  const [prefix = ''] = name.split('.');
  const shape = SHAPES[prefix] ?? prefix;
  if (shape === 'i32' || shape === 'i64' || shape === 'f32' || shape === 'f64' || shape === 'v128') return shape;
  return 'i32';
}

/** Lanes are i32 or f64 scalars outside the vector. */
function scalarOf(name: string): ValType {
  if (name.startsWith('f64x2')) return 'f64';
  if (name.startsWith('f32x4')) return 'f32';
  return name.startsWith('i64x2') ? 'i64' : 'i32';
}

function build(
  params: readonly ValType[],
  results: readonly ValType[],
  body: (f: FunctionBuilder) => void,
): Uint8Array<ArrayBuffer> {
  const module = new ModuleBuilder();
  module.importMemory('env', 'memory');
  const f = module.function(params, results);
  params.forEach((_, i) => {
    f.get(f.param(i));
  });
  body(f);
  module.export('f', f);
  return module.bytes();
}

/** Operand and result types of an instruction without immediates, by its name. */
function signature(name: PlainOp): [ValType[], ValType[]] {
  const shape = shapeOf(name);
  const operation = name.split('.')[1] ?? name;
  if (name === 'unreachable' || name === 'nop' || name === 'return') return [[], []];
  if (name === 'drop') return [['i32'], []];
  if (name === 'select') return [['f64', 'f64', 'i32'], ['f64']];
  if (operation === 'splat') return [[scalarOf(name)], ['v128']];
  if (operation === 'bitselect') return [['v128', 'v128', 'v128'], ['v128']];
  if (/^(all_true|any_true|bitmask)$/.test(operation)) return [['v128'], ['i32']];
  if (shape === 'v128' && /^(shl|shr_.)$/.test(operation)) return [['v128', 'i32'], ['v128']];
  if (/^(abs|neg|sqrt|ceil|floor|trunc|nearest|popcnt|not|clz|ctz|extend(8|16|32)_s)$/.test(operation)) return [[shape], [shape]];
  if (shape === 'v128' && /^(extend_|promote|demote|convert|trunc_sat)/.test(operation)) return [['v128'], ['v128']];
  if (operation === 'eqz') return [[shape], ['i32']];
  const conversion = /^(?:wrap|trunc|trunc_sat|extend|convert|demote|promote|reinterpret)_([if]\d\d)(?:_[su])?$/.exec(operation);
  if (conversion?.[1] !== undefined) return [[shapeOf(conversion[1])], [shape]];
  if (shape !== 'v128' && /^(eq|ne|[lg][te](_[su])?)$/.test(operation)) return [[shape, shape], ['i32']];
  return [[shape, shape], [shape]];
}

describe('instructions', () => {
  test.each(Object.keys(PLAIN).filter((name): name is PlainOp => name in PLAIN))('%s validates', (name) => {
    const [params, results] = signature(name);
    expect(WebAssembly.validate(build(params, results, (f) => f.op(name)))).toBe(true);
  });

  test.each(Object.keys(LOADS).filter((name): name is LoadOp => name in LOADS))('%s validates', (name) => {
    expect(WebAssembly.validate(build(['i32'], [shapeOf(name)], (f) => f.load(name, 300)))).toBe(true);
  });

  test.each(Object.keys(STORES).filter((name): name is StoreOp => name in STORES))('%s validates', (name) => {
    expect(WebAssembly.validate(build(['i32', shapeOf(name)], [], (f) => f.store(name, 300)))).toBe(true);
  });

  test.each(Object.keys(ATOMICS).filter((name): name is AtomicOp => name in ATOMICS))('%s validates', (name) => {
    const value = shapeOf(name);
    const types: [ValType[], ValType[]] = name.endsWith('notify')
      ? [['i32', 'i32'], ['i32']]
      : name.includes('wait')
        ? [['i32', name.endsWith('64') ? 'i64' : 'i32', 'i64'], ['i32']]
        : name.includes('.load')
          ? [['i32'], [value]]
          : name.includes('.store')
            ? [['i32', value], []]
            : name.endsWith('cmpxchg')
              ? [['i32', value, value], [value]]
              : [['i32', value], [value]];
    expect(WebAssembly.validate(build(types[0], types[1], (f) => f.atomic(name, 64)))).toBe(true);
  });

  test.each(Object.keys(LANES).filter((name): name is LaneOp => name in LANES))('%s validates', (name) => {
    const scalar = scalarOf(name);
    const bytes = name.includes('replace')
      ? build(['v128', scalar], ['v128'], (f) => f.lane(name, 1))
      : build(['v128'], [scalar], (f) => f.lane(name, 1));
    expect(WebAssembly.validate(bytes)).toBe(true);
  });

  test('constants, globals, calls, bulk memory and shuffles validate', () => {
    const module = new ModuleBuilder();
    module.importMemory('env', 'memory');
    const raise = module.importFunction('env', 'raise', ['i32'], []);
    const counter = module.global('i64');
    const total = module.global('f64');
    const f = module.function(['i32'], ['f64']);
    f.i32(-1)
      .call(raise)
      .i64(-(1n << 63n))
      .setGlobal(counter)
      .f64(-0.5)
      .setGlobal(total);
    f.get(f.param(0)).i32(0).i32(8).memoryCopy();
    f.get(f.param(0)).i32(0).i32(8).memoryFill().fence();
    f.v128(new Uint8Array(16))
      .v128(new Uint8Array(16).fill(7))
      .shuffle(new Uint8Array(16).map((_, i) => 31 - i))
      .drop();
    f.getGlobal(counter).drop().getGlobal(total);
    module.export('f', f);
    expect(WebAssembly.validate(module.bytes())).toBe(true);
  });
});

test('control flow runs as written', () => {
  const module = new ModuleBuilder();
  module.importMemory('env', 'memory');
  const f = module.function(['i32'], ['i32']);
  const n = f.param(0);
  const sum = f.local('i32');
  f.block((done) => {
    f.loop((next) => {
      f.get(n).op('i32.eqz').brIf(done);
      f.get(n).i32(1).op('i32.and');
      f.ifElse(
        () => f.get(sum).get(n).op('i32.add').set(sum),
        () => f.get(sum).i32(1).op('i32.sub').set(sum),
      );
      f.get(n).i32(1).op('i32.sub').set(n).br(next);
    });
  });
  f.block((three) => {
    f.block((two) => {
      f.block((one) => {
        f.get(sum).i32(3).op('i32.rem_s').brTable([one, two], three);
      });
      f.i32(100).return_();
    });
    f.i32(200).return_();
  });
  f.get(sum);
  module.export('f', f);
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 65536, shared: true });
  const run = new WebAssembly.Instance(new WebAssembly.Module(module.bytes()), { env: { memory } }).exports.f;
  if (typeof run !== 'function') throw new Error('not exported');
  const reference = (count: number): number => {
    let total = 0;
    for (let i = 1; i <= count; i++) total += i % 2 === 1 ? i : -1;
    return total % 3 === 0 ? 100 : total % 3 === 1 ? 200 : total;
  };
  for (const count of [1, 2, 3, 4, 5, 6, 7, 100]) expect(run(count)).toBe(reference(count));
});

test('a branch out of its block is a programming error', () => {
  const module = new ModuleBuilder();
  const f = module.function([], []);
  f.block((end) => {
    expect(() => f.br({ depth: end.depth + 1 })).toThrow(RangeError);
  });
});

test('a function may be imported after others were built: calls and exports still meet the right ones', () => {
  const module = new ModuleBuilder();
  const inner = module.function([], ['i32']);
  inner.i32(40);
  const outer = module.function([], ['i32']);
  outer.call(inner);
  const late = module.importFunction('env', 'two', [], ['i32']);
  outer.call(late).op('i32.add');
  module.export('outer', outer);
  const imports = { env: { two: () => 2 } };
  const run = new WebAssembly.Instance(new WebAssembly.Module(module.bytes()), imports).exports.outer;
  expect(typeof run === 'function' && run()).toBe(42);
});

test('a prologue runs first, once, wherever it was emitted', () => {
  const module = new ModuleBuilder();
  const ten = module.function([], ['i32']);
  ten.i32(10);
  const f = module.function(['i32'], ['i32']);
  const step = f.local('i32');
  const sum = f.local('i32');
  f.loop((again) => {
    f.prologue(() => f.block((end) => f.call(ten).set(step).get(f.param(0)).brIf(end).i32(7).set(step)));
    f.get(sum).get(step).op('i32.add').set(sum);
    f.get(sum).i32(30).op('i32.lt_s').brIf(again);
  });
  f.get(sum);
  module.export('run', f);
  const run = new WebAssembly.Instance(new WebAssembly.Module(module.bytes())).exports.run;
  if (typeof run !== 'function') throw new Error('not exported');
  expect(run(1)).toBe(30);
  expect(run(0)).toBe(35);
});

test('a function larger than engines take is an error of the statement (WebAssembly JavaScript Interface, Limits)', () => {
  const withLocals = (count: number): ModuleBuilder => {
    const module = new ModuleBuilder();
    const f = module.function([], []);
    for (let i = 0; i < count; i++) f.local(i % 2 === 0 ? 'i32' : 'i64');
    return module;
  };
  expect(WebAssembly.validate(withLocals(49_000).bytes())).toBe(true);
  expect(() => withLocals(50_001).bytes()).toThrow(expect.objectContaining({ code: '54001' }));
  const long = new ModuleBuilder();
  const f = long.function([], ['i32']);
  for (let i = 0; i < 2_000_000; i++) f.i32(1_000_000).drop();
  f.i32(0);
  expect(() => long.bytes()).toThrow(expect.objectContaining({ code: '54001' }));
});
