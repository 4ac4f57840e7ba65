import type { Bounds, EmitContext, Value } from '../../functions/definition.ts';
import { type DataType, MAX_DECIMAL64_PRECISION } from '../../types/data-type.ts';
import type { FunctionBuilder, Local, ValType } from '../../wasm/function-builder.ts';

/** How values of each type lie in locals, and the bounds of the integers among them. */

export const INT32_BOUNDS: Bounds = { min: -(2n ** 31n), max: 2n ** 31n - 1n };
export const INT64_BOUNDS: Bounds = { min: -(2n ** 63n), max: 2n ** 63n - 1n };

/** What every value of the type lies within; null for types that are not integers inside. */
export function typeBounds(type: DataType): Bounds | null {
  switch (type.kind) {
    case 'boolean':
      return { min: 0n, max: 1n };
    case 'int32':
    case 'date':
      return INT32_BOUNDS;
    case 'int64':
    case 'timestamp':
      return INT64_BOUNDS;
    case 'decimal': {
      const limit = 10n ** BigInt(type.precision) - 1n;
      return { min: -limit, max: limit };
    }
    default:
      return null;
  }
}

/** The proven bounds of an integer value. */
export function boundsOf(value: Pick<Value, 'type' | 'bounds'>): Bounds {
  const type = typeBounds(value.type);
  if (type === null) throw new RangeError(`${value.type.kind} has no integer bounds`);
  return value.bounds === null ? type : intersect(value.bounds, type);
}

export function within(inner: Bounds, outer: Bounds): boolean {
  return inner.min >= outer.min && inner.max <= outer.max;
}

export function fitsInt64(bounds: Bounds): boolean {
  return within(bounds, INT64_BOUNDS);
}

export function intersect(a: Bounds, b: Bounds): Bounds {
  return { min: greater(a.min, b.min), max: lesser(a.max, b.max) };
}

export function unite(a: Bounds, b: Bounds): Bounds {
  return { min: lesser(a.min, b.min), max: greater(a.max, b.max) };
}

export function lesser(a: bigint, b: bigint): bigint {
  if (b < a) return b;
  return a;
}

export function greater(a: bigint, b: bigint): bigint {
  if (b > a) return b;
  return a;
}

export function exactly(value: bigint): Bounds {
  return { min: value, max: value };
}

export function isWideType(type: DataType): boolean {
  return type.kind === 'decimal' && type.precision > MAX_DECIMAL64_PRECISION;
}

/** The WebAssembly types of a value of `type`; a wide decimal is one i64 when its bounds fit. */
export function localTypes(type: DataType, bounds: Bounds | null = null): readonly ValType[] {
  switch (type.kind) {
    case 'boolean':
    case 'int32':
    case 'date':
      return ['i32'];
    case 'int64':
    case 'timestamp':
      return ['i64'];
    case 'decimal':
      return isWideType(type) && (bounds === null || !fitsInt64(bounds)) ? ['i64', 'i64'] : ['i64'];
    case 'float64':
      return ['f64'];
    case 'text':
      return ['i32', 'i32'];
    case 'interval':
      return ['i32', 'i32', 'i64'];
    case 'null':
      return [];
  }
}

/** A value in new locals, not nullable, contents undefined. */
export function newValue(f: FunctionBuilder, type: DataType, bounds: Bounds | null = null): Value {
  return { type, locals: localTypes(type, bounds).map((each) => f.local(each)), isNull: null, bounds };
}

/** The n-th local, which the representation of the value's type promises. */
export function part(value: Value, n: number): Local {
  const local = value.locals[n];
  if (local === undefined) throw new RangeError(`a ${value.type.kind} value has no part ${n}`);
  return local;
}

/** The single local of a value that has one. */
export function only(value: Value): Local {
  return part(value, 0);
}

/** A decimal in two i64 locals, whatever its bounds. */
export function widen(f: FunctionBuilder, value: Value): readonly [low: Local, high: Local] {
  const low = only(value);
  const high = value.locals[1] ?? f.local('i64');
  if (value.locals.length === 1) f.get(low).i64(63n).op('i64.shr_s').set(high);
  return [low, high];
}

/** Pushes the integer of an int32, date, int64, timestamp or narrow decimal as an i64. */
export function pushInt64(f: FunctionBuilder, value: Value): void {
  const local = only(value);
  f.get(local);
  if (local.type === 'i32') f.op('i64.extend_i32_s');
}

/** Text with address and length in locals. */
export function textOf(f: FunctionBuilder, value: Value): Value {
  const coded = value.dictionary;
  if (coded === undefined || value.locals.length === 2) return value;
  const entry = f.local('i32');
  const start = f.local('i32');
  const address = f.local('i32');
  const length = f.local('i32');
  coded.dictionary.pushOffsets(f);
  f.get(coded.code).i32(2).op('i32.shl').op('i32.add').tee(entry).load('i32.load').set(start);
  f.get(entry).load('i32.load', 4).get(start).op('i32.sub').set(length);
  coded.dictionary.pushValues(f);
  f.get(start).op('i32.add').set(address);
  return { ...value, locals: [address, length] };
}

/** Copies the parts of `from` (as the target's type wants them) into the target's locals; NULL-ness is left alone. */
export function assign(f: FunctionBuilder, target: Value, from: Value): void {
  const source = from.type.kind === 'text' ? textOf(f, from) : from;
  target.locals.forEach((local, position) => {
    const given = source.locals[position];
    if (given !== undefined) f.get(given).set(local);
    else if (position === 1 && isWideType(target.type)) f.get(only(source)).i64(63n).op('i64.shr_s').set(local);
    else if (from.type.kind !== 'null') throw new RangeError(`a ${from.type.kind} value lacks part ${position}`);
  });
}

/** Pushes 1 when the value is NULL, else 0. */
export function pushIsNull(f: FunctionBuilder, value: Value): void {
  if (value.isNull === null) f.i32(0);
  else f.get(value.isNull);
}

/** Leaves 1 in the result when any of the values is NULL; null when none can be. */
export function anyNull(f: FunctionBuilder, values: readonly Value[]): Local | null {
  const flags = [...new Set(values.flatMap((value) => (value.isNull === null ? [] : [value.isNull])))];
  const [first, second] = flags;
  if (first === undefined || second === undefined) return first ?? null;
  const result = f.local('i32');
  flags.forEach((flag, i) => {
    f.get(flag);
    if (i > 0) f.op('i32.or');
  });
  f.set(result);
  return result;
}

/** The value of `push` in a new one-local value. */
export function valueFrom(context: EmitContext, type: DataType, bounds: Bounds | null, push: () => void): Value {
  const value = context.newValue(type, bounds);
  push();
  context.f.set(only(value));
  return value;
}
