import type { Bounds, Value } from '../../../functions/definition.ts';
import type { FunctionBuilder, Local } from '../../../wasm/function-builder.ts';
import { boundsOf, only, part, textOf } from '../../expression/values.ts';
import type { Row } from '../../pipeline/stream.ts';
import { type Routine, routine } from '../../runtime/routine.ts';
import type { RecordKey } from './keys.ts';

/**
 * The upper part of a key as a uint32 whose order never contradicts the key's: where two prefixes differ, so do the keys,
 * in that direction; where they are equal, the keys decide.
 */

/** Whether equal prefixes mean equal keys. */
export function isExact({ field }: RecordKey): boolean {
  const { shape } = field;
  if (shape.nullable) return false;
  switch (shape.type.kind) {
    case 'boolean':
    case 'int32':
    case 'date':
      return true;
    case 'int64':
    case 'timestamp':
    case 'decimal':
      return shape.bounds !== null && shape.bounds.max - shape.bounds.min < 2n ** 32n;
    default:
      return false;
  }
}

/** Pushes the prefix of the key's value. */
export function pushPrefix(row: Row, key: RecordKey, value: Value): void {
  const { f } = row;
  pushAscending(row, value);
  if (key.descending) f.i32(-1).op('i32.xor');
  if (value.isNull === null) return;
  const prefix = f.local('i32');
  f.set(prefix)
    .i32(key.nulls === 'first' ? 0 : -1)
    .get(prefix)
    .get(value.isNull)
    .select();
}

function pushAscending(row: Row, value: Value): void {
  const { f } = row;
  switch (value.type.kind) {
    case 'boolean':
      f.get(only(value));
      return;
    case 'int32':
    case 'date':
      f.get(only(value)).i32(0x80000000).op('i32.xor');
      return;
    case 'int64':
    case 'timestamp':
      pushScaled(f, only(value), boundsOf(value));
      return;
    case 'decimal': {
      const high = value.locals[1];
      if (high === undefined) pushScaled(f, only(value), boundsOf(value));
      else f.get(high).i64(32n).op('i64.shr_s').op('i32.wrap_i64').i32(0x80000000).op('i32.xor');
      return;
    }
    case 'float64':
      pushFloat(f, only(value));
      return;
    case 'text': {
      const text = textOf(f, value);
      f.get(part(text, 0)).get(part(text, 1));
      row.runtime.call(f, textPrefix);
      return;
    }
    case 'interval':
    case 'null':
      f.i32(0);
  }
}

/** The distance from the smallest possible value, without the low bits that do not fit. */
function pushScaled(f: FunctionBuilder, local: Local, bounds: Bounds): void {
  const min = bounds.min < -(2n ** 63n) ? -(2n ** 63n) : bounds.min;
  const range = (bounds.max >= 2n ** 63n ? 2n ** 63n - 1n : bounds.max) - min;
  const shift = Math.max(0, range.toString(2).length - 32);
  f.get(local).i64(min).op('i64.sub').i64(BigInt(shift)).op('i64.shr_u').op('i32.wrap_i64');
}

/** The upper bits of IEEE 754 in an order by sign and magnitude; −0 is 0, every NaN the greatest. */
function pushFloat(f: FunctionBuilder, local: Local): void {
  const bits = f.local('i32');
  f.get(local).f64(0).op('f64.add').op('i64.reinterpret_f64').i64(32n).op('i64.shr_u').op('i32.wrap_i64').set(bits);
  f.i32(-1);
  f.get(bits).get(bits).i32(31).op('i32.shr_s').i32(0x80000000).op('i32.or').op('i32.xor');
  f.get(local).get(local).op('f64.ne').select();
}

/** `(address, length)` → the first four bytes, the first one uppermost; 0 behind the end. */
const textPrefix: Routine = routine('text_prefix', ['i32', 'i32'], ['i32'], (f) => {
  const [address, length] = [f.param(0), f.param(1)];
  const [prefix, i] = [f.local('i32'), f.local('i32')];
  f.block((end) => {
    f.loop((next) => {
      f.get(i).i32(4).op('i32.eq').brIf(end);
      f.get(prefix).i32(8).op('i32.shl').set(prefix);
      f.get(i).get(length).op('i32.lt_u');
      f.ifThen(() => f.get(prefix).get(address).get(i).op('i32.add').load('i32.load8_u').op('i32.or').set(prefix));
      f.get(i).i32(1).op('i32.add').set(i).br(next);
    });
  });
  f.get(prefix);
});
