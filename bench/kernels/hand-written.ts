import type { FunctionBuilder, Local } from '../../src/wasm/function-builder.ts';
import { ModuleBuilder } from '../../src/wasm/module-builder.ts';
import type { LoadOp } from '../../src/wasm/opcodes.ts';

/**
 * The kernels as a person would write them: no NULLs, no text, no merging of threads' groups, table sizes known. Each is a
 * function over the rows [start, end); the rest of its parameters are addresses.
 */
export function handWrittenModule(): Uint8Array<ArrayBuffer> {
  const module = new ModuleBuilder();
  module.importMemory('env', 'memory');
  q6(module);
  q1(module);
  gb(module);
  joinBuild(module);
  joinProbe(module);
  return module.bytes();
}

const I32 = 'i32' as const;
const DAY_1994 = 8766;
const DAY_1995 = 9131;
const LAST_SHIPDATE = 10_471;
const JOIN_DAY = 9000;
/** Knuth's multiplicative constant, 2^32 ÷ golden ratio. */
const HASH = 0x9e3779b1 | 0;

function start(module: ModuleBuilder, name: string, addresses: number, results: readonly 'f64'[] = []): FunctionBuilder {
  const f = module.function([I32, I32, ...new Array<'i32'>(addresses).fill(I32)], results);
  module.export(name, f);
  return f;
}

/** for (i = start; i < end; i += step) */
function rows(f: FunctionBuilder, step: number, body: (i: Local) => void): void {
  const i = f.local('i32');
  f.get(f.param(0)).set(i);
  f.block((out) => {
    f.loop((again) => {
      f.get(i).get(f.param(1)).op('i32.ge_u').brIf(out);
      body(i);
      f.get(i).i32(step).op('i32.add').set(i).br(again);
    });
  });
}

function address(f: FunctionBuilder, base: number, i: Local, shift: number): FunctionBuilder {
  f.get(f.param(base)).get(i);
  if (shift > 0) f.i32(shift).op('i32.shl');
  return f.op('i32.add');
}

function column(f: FunctionBuilder, base: number, i: Local, load: LoadOp, shift: number): FunctionBuilder {
  return address(f, base, i, shift).load(load, 0, shift === 3 ? 3 : undefined);
}

const splat = (write: (view: DataView, at: number) => void): Uint8Array => {
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  write(view, 0);
  write(view, 8);
  return bytes;
};
const f64x2 = (value: number): Uint8Array => splat((view, at) => view.setFloat64(at, value, true));
const i64x2 = (value: number): Uint8Array => splat((view, at) => view.setBigInt64(at, BigInt(value), true));

/** shipdate, discount, quantity, price → sum of price × discount of the rows that pass, two at a time. */
function q6(module: ModuleBuilder): void {
  const f = start(module, 'q6', 4, ['f64']);
  const [mask, discount, sum] = [f.local('v128'), f.local('v128'), f.local('v128')];
  rows(f, 2, (i) => {
    address(f, 2, i, 2).load('v128.load64_zero').op('i64x2.extend_low_i32x4_s').set(mask);
    f.get(mask).v128(i64x2(DAY_1994)).op('i64x2.ge_s');
    f.get(mask).v128(i64x2(DAY_1995)).op('i64x2.lt_s').op('v128.and');
    column(f, 3, i, 'v128.load', 3).tee(discount).v128(f64x2(0.05)).op('f64x2.ge').op('v128.and');
    f.get(discount).v128(f64x2(0.07)).op('f64x2.le').op('v128.and');
    column(f, 4, i, 'v128.load', 3).v128(f64x2(24)).op('f64x2.lt').op('v128.and');
    f.get(discount);
    column(f, 5, i, 'v128.load', 3).op('f64x2.mul').op('v128.and');
    f.get(sum).op('f64x2.add').set(sum);
  });
  f.get(sum).lane('f64x2.extract_lane', 0).get(sum).lane('f64x2.extract_lane', 1).op('f64.add');
}

/** shipdate, returnflag, linestatus (bytes), quantity, price, discount, tax → six groups of 64 bytes at the last address. */
function q1(module: ModuleBuilder): void {
  const f = start(module, 'q1', 8);
  const [group, quantity, price, discount, discounted] = [
    f.local('i32'),
    f.local('f64'),
    f.local('f64'),
    f.local('f64'),
    f.local('f64'),
  ];
  const add = (offset: number, value: () => void): void => {
    f.get(group).get(group).load('f64.load', offset);
    value();
    f.op('f64.add').store('f64.store', offset);
  };
  rows(f, 1, (i) => {
    column(f, 2, i, 'i32.load', 2)
      .i32(LAST_SHIPDATE)
      .op('i32.le_s')
      .ifThen(() => {
        f.get(f.param(9));
        column(f, 3, i, 'i32.load8_u', 0).i32(1).op('i32.shl');
        column(f, 4, i, 'i32.load8_u', 0).op('i32.add').i32(6).op('i32.shl').op('i32.add').set(group);
        column(f, 5, i, 'f64.load', 3).set(quantity);
        column(f, 6, i, 'f64.load', 3).set(price);
        column(f, 7, i, 'f64.load', 3).set(discount);
        f.get(price).f64(1).get(discount).op('f64.sub').op('f64.mul').set(discounted);
        add(0, () => f.get(quantity));
        add(8, () => f.get(price));
        add(16, () => f.get(discounted));
        add(24, () => {
          f.get(discounted).f64(1);
          column(f, 8, i, 'f64.load', 3).op('f64.add').op('f64.mul');
        });
        add(32, () => f.get(discount));
        f.get(group).get(group).load('i64.load', 40).i64(1n).op('i64.add').store('i64.store', 40);
      });
  });
}

/** Sets `key` to the value on the stack plus 1 (0 marks an empty slot) and `hash` to its hash. */
function hashKey(f: FunctionBuilder, key: Local, hash: Local): void {
  f.i32(1).op('i32.add').tee(key).i32(HASH).op('i32.mul').tee(hash);
  f.get(hash).i32(15).op('i32.shr_u').op('i32.xor').set(hash);
}

/** Walks the slots of a table from `hash` on: `visit` has the slot's address, and leaves by branching to `found`. */
function probe(
  f: FunctionBuilder,
  table: { readonly base: number; readonly mask: number; readonly shift: number },
  hash: Local,
  slot: Local,
  visit: (found: { readonly depth: number }) => void,
): void {
  f.block((found) => {
    f.loop((again) => {
      f.get(f.param(table.base))
        .get(hash)
        .get(f.param(table.mask))
        .op('i32.and')
        .i32(table.shift)
        .op('i32.shl')
        .op('i32.add')
        .set(slot);
      visit(found);
      f.get(hash).i32(1).op('i32.add').set(hash).br(again);
    });
  });
}

/** partkey, quantity, table of 16-byte slots {key + 1, count, sum}, mask. */
function gb(module: ModuleBuilder): void {
  const f = start(module, 'gb', 4);
  const [key, hash, slot, there] = [f.local('i32'), f.local('i32'), f.local('i32'), f.local('i32')];
  rows(f, 1, (i) => {
    column(f, 2, i, 'i32.load', 2);
    hashKey(f, key, hash);
    probe(f, { base: 4, mask: 5, shift: 4 }, hash, slot, (found) => {
      f.get(slot).load('i32.load').tee(there).get(key).op('i32.eq').brIf(found);
      f.get(there)
        .op('i32.eqz')
        .ifThen(() => f.get(slot).get(key).store('i32.store').br(found));
    });
    f.get(slot).get(slot).load('i32.load', 4).i32(1).op('i32.add').store('i32.store', 4);
    f.get(slot).get(slot).load('f64.load', 8);
    column(f, 3, i, 'f64.load', 3).op('f64.add').store('f64.store', 8);
  });
}

/** orderkey, orderdate, priority (bytes), table of 8-byte slots {key + 1, priority}, mask. */
function joinBuild(module: ModuleBuilder): void {
  const f = start(module, 'joinBuild', 5);
  const [key, hash, slot] = [f.local('i32'), f.local('i32'), f.local('i32')];
  rows(f, 1, (i) => {
    column(f, 3, i, 'i32.load', 2)
      .i32(JOIN_DAY)
      .op('i32.lt_s')
      .ifThen(() => {
        column(f, 2, i, 'i32.load', 2);
        hashKey(f, key, hash);
        probe(f, { base: 5, mask: 6, shift: 3 }, hash, slot, (found) => {
          f.get(slot).i32(0).get(key).atomic('i32.atomic.rmw.cmpxchg').op('i32.eqz').brIf(found);
        });
        f.get(slot);
        column(f, 4, i, 'i32.load8_u', 0).store('i32.store', 4);
      });
  });
}

/** orderkey, shipdate, price, table, mask → five groups of 16 bytes {sum, count} at the last address. */
function joinProbe(module: ModuleBuilder): void {
  const f = start(module, 'joinProbe', 6);
  const [key, hash, slot, there, group] = [f.local('i32'), f.local('i32'), f.local('i32'), f.local('i32'), f.local('i32')];
  rows(f, 1, (i) => {
    column(f, 3, i, 'i32.load', 2)
      .i32(JOIN_DAY)
      .op('i32.gt_s')
      .ifThen(() => {
        column(f, 2, i, 'i32.load', 2);
        hashKey(f, key, hash);
        probe(f, { base: 5, mask: 6, shift: 3 }, hash, slot, (found) => {
          f.get(slot).load('i32.load').tee(there).op('i32.eqz').brIf(found);
          f.get(there)
            .get(key)
            .op('i32.eq')
            .ifThen(() => {
              f.get(f.param(7)).get(slot).load('i32.load', 4).i32(4).op('i32.shl').op('i32.add').set(group);
              f.get(group).get(group).load('f64.load');
              column(f, 4, i, 'f64.load', 3).op('f64.add').store('f64.store');
              f.get(group).get(group).load('i64.load', 8).i64(1n).op('i64.add').store('i64.store', 8).br(found);
            });
        });
      });
  });
}
