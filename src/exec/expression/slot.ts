import type { ConstantValue } from '../../../planner/expression.ts';
import type { Value } from '../../functions/definition.ts';
import type { DataType } from '../../types/data-type.ts';
import { LumaError, SQLSTATE } from '../../types/error.ts';
import { joinInt128 } from '../../types/vector-read.ts';
import type { FunctionBuilder, Local } from '../../wasm/function-builder.ts';
import { splitInt128 } from '../runtime/js/decimal.ts';
import { integerOf } from './constant.ts';
import { isWideType, localTypes, newValue, pushIsNull, textOf, widen } from './values.ts';

/**
 * One value in memory with its NULL flag, for parameters and results: an i32 flag (1: NULL) at 0, the value from byte 8:
 * i32 or i64 or f64; wide decimal low, high; text address, length; interval months, days, nanoseconds.
 */
export const SLOT_BYTES = 24;
const VALUE = 8;

/** Loads the value at address + offset into new locals. */
export function loadSlot(f: FunctionBuilder, address: Local, offset: number, type: DataType, nullable: boolean): Value {
  const value = newValue(f, type);
  let at = offset + VALUE;
  for (const local of value.locals) {
    if (local.type !== 'i32' && local.type !== 'i64' && local.type !== 'f64')
      throw new RangeError(`no slot holds a ${local.type}`);
    f.get(address).load(`${local.type}.load`, at, 2).set(local);
    at += local.type === 'i32' ? 4 : 8;
  }
  if (!nullable && type.kind !== 'null') return value;
  const isNull = f.local('i32');
  f.get(address).load('i32.load', offset).set(isNull);
  return { ...value, isNull };
}

/** Stores the value to the slot at the address. */
export function storeSlot(f: FunctionBuilder, address: Local, value: Value, offset = 0): void {
  f.get(address);
  pushIsNull(f, value);
  f.store('i32.store', offset);
  let at = offset + VALUE;
  for (const local of slotParts(f, value)) {
    if (local.type !== 'i32' && local.type !== 'i64' && local.type !== 'f64')
      throw new RangeError(`no slot holds a ${local.type}`);
    f.get(address).get(local).store(`${local.type}.store`, at, 2);
    at += local.type === 'i32' ? 4 : 8;
  }
}

function slotParts(f: FunctionBuilder, value: Value): readonly Local[] {
  if (value.type.kind === 'text') return textOf(f, value).locals;
  return isWideType(value.type) ? widen(f, value) : value.locals;
}

/** Reads a slot; text is read at its address in the same memory. */
export function readSlot(view: DataView, at: number, type: DataType): ConstantValue {
  if (type.kind === 'null' || view.getInt32(at, true) !== 0) return null;
  const value = at + VALUE;
  switch (type.kind) {
    case 'boolean':
      return view.getInt32(value, true) !== 0;
    case 'int32':
    case 'date':
      return view.getInt32(value, true);
    case 'int64':
    case 'timestamp':
      return view.getBigInt64(value, true);
    case 'decimal':
      if (!isWideType(type)) return view.getBigInt64(value, true);
      return joinInt128(view.getBigInt64(value, true), view.getBigInt64(value + 8, true));
    case 'float64':
      return view.getFloat64(value, true);
    case 'text': {
      const address = view.getUint32(value, true);
      const length = view.getInt32(value + 4, true);
      // a copy: TextDecoder takes no shared memory
      return new TextDecoder().decode(new Uint8Array(view.buffer).slice(address, address + length));
    }
    case 'interval':
      return {
        months: view.getInt32(value, true),
        days: view.getInt32(value + 4, true),
        nanoseconds: view.getBigInt64(value + 8, true),
      };
  }
}

/** Writes a value other than text to a slot; for text, `writeText` puts the bytes somewhere and says where. */
export function writeSlot(
  view: DataView,
  at: number,
  type: DataType,
  value: ConstantValue,
  writeText?: (text: string) => { readonly address: number; readonly length: number },
): void {
  view.setInt32(at, value === null ? 1 : 0, true);
  const place = at + VALUE;
  if (value === null) return;
  if (type.kind === 'text' && typeof value === 'string' && writeText !== undefined) {
    const { address, length } = writeText(value);
    view.setUint32(place, address, true);
    view.setInt32(place + 4, length, true);
    return;
  }
  if (type.kind === 'float64' && typeof value === 'number') {
    view.setFloat64(place, value, true);
    return;
  }
  if (type.kind === 'interval' && typeof value === 'object') {
    view.setInt32(place, value.months, true);
    view.setInt32(place + 4, value.days, true);
    view.setBigInt64(place + 8, value.nanoseconds, true);
    return;
  }
  const integer = integerOf(value);
  if (integer === undefined)
    throw new LumaError(SQLSTATE.internalError, `a slot of type ${type.kind} cannot hold ${String(value)}`);
  const [low, high] = splitInt128(integer);
  if (localTypes(type)[0] === 'i32') view.setInt32(place, Number(integer), true);
  else view.setBigInt64(place, low, true);
  if (isWideType(type)) view.setBigInt64(place + 8, high, true);
}
