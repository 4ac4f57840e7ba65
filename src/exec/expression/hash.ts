import type { EmitContext, Value } from '../../functions/definition.ts';
import type { Local } from '../../wasm/function-builder.ts';
import { hashBytes } from '../runtime/hash.ts';
import { intervalSpan } from './compare.ts';
import { only, part, textOf } from './values.ts';

/** 2^64 and 2^32 divided by the golden ratio, odd: multiplying spreads the bits upwards (Knuth, TAOCP 3, 6.4). */
const GOLDEN_64 = -0x61c8864680b583ebn;
const GOLDEN_32 = -0x61c88647;
const NULL_HASH = 0x5bd1e995;

/**
 * Hashes the values of a key into an i32 local. Equal keys hash alike whatever the form of their values: narrow or wide
 * decimals of one scale, coded or plain text, −0 and 0, any NaN; NULLs are equal to each other.
 */
export function emitHash(context: EmitContext, values: readonly Value[]): Local {
  const { f } = context;
  const hash = f.local('i32');
  values.forEach((value, i) => {
    if (i > 0) f.get(hash).i32(5).op('i32.rotl').i32(GOLDEN_32).op('i32.mul');
    pushHash(context, value);
    if (value.isNull !== null) {
      const own = f.local('i32');
      f.set(own).i32(NULL_HASH).get(own).get(value.isNull).select();
    }
    if (i > 0) f.op('i32.xor');
    f.set(hash);
  });
  if (values.length === 0) f.i32(0).set(hash);
  return hash;
}

function pushHash(context: EmitContext, value: Value): void {
  const { f } = context;
  switch (value.type.kind) {
    case 'boolean':
    case 'int32':
    case 'date':
      f.get(only(value));
      mix32(context);
      return;
    case 'int64':
    case 'timestamp':
      f.get(only(value));
      mix64(context);
      return;
    case 'decimal': {
      // the upper half adds nothing to a value that fits the lower one
      f.get(only(value));
      const high = value.locals[1];
      if (high !== undefined) {
        f.get(high).get(only(value)).i64(63n).op('i64.shr_s').op('i64.xor').i64(GOLDEN_64).op('i64.mul').op('i64.add');
      }
      mix64(context);
      return;
    }
    case 'float64': {
      // adding 0 turns −0 into 0; every NaN becomes one
      const local = only(value);
      f.f64(Number.NaN).get(local).f64(0).op('f64.add').get(local).get(local).op('f64.ne').select();
      f.op('i64.reinterpret_f64');
      mix64(context);
      return;
    }
    case 'text': {
      const text = textOf(f, value);
      f.get(part(text, 0)).get(part(text, 1));
      context.call(hashBytes);
      return;
    }
    case 'interval': {
      const [days, rest] = intervalSpan(context, value);
      f.get(days).i64(GOLDEN_64).op('i64.mul').get(rest).op('i64.add');
      mix64(context);
      return;
    }
    case 'null':
      f.i32(NULL_HASH);
  }
}

/** The i32 on the stack, mixed: low bits depend on all. */
function mix32({ f }: EmitContext): void {
  const mixed = f.local('i32');
  f.i32(GOLDEN_32).op('i32.mul').tee(mixed).get(mixed).i32(15).op('i32.shr_u').op('i32.xor');
}

/** The i64 on the stack, mixed into an i32. The high half is folded down first: of a float64, it is all that small numbers have. */
function mix64({ f }: EmitContext): void {
  const mixed = f.local('i64');
  f.tee(mixed).get(mixed).i64(32n).op('i64.shr_u').op('i64.xor');
  f.i64(GOLDEN_64).op('i64.mul').tee(mixed).get(mixed).i64(32n).op('i64.shr_u').op('i64.xor').op('i32.wrap_i64');
}
