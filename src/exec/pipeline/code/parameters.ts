import type { ConstantValue } from '../../../../planner/expression.ts';
import type { Value } from '../../../functions/definition.ts';
import type { Pointer, SharedMemory } from '../../../memory/shared-memory.ts';
import { type DataType, sameType, typeName } from '../../../types/data-type.ts';
import { LumaError, SQLSTATE } from '../../../types/error.ts';
import type { FunctionBuilder, Local } from '../../../wasm/function-builder.ts';
import { exactly, localTypes, typeBounds } from '../../expression/values.ts';
import { PART_BYTES } from '../../rows/build.ts';
import { SHARED } from '../blocks.ts';

/** Bytes of a parameter's place: its parts one after the other. */
const PLACE = 16;

export interface Parameter {
  readonly type: DataType;
  readonly value: ConstantValue;
}

/** Emits, in the prologue, the loads of `$index`; `shared` is a parameter of the function. */
export function emitParameter(
  f: FunctionBuilder,
  shared: Local,
  parameters: readonly Parameter[],
  index: number,
  type: DataType,
): Value {
  const parameter = parameters[index - 1];
  if (parameter === undefined) throw new LumaError(SQLSTATE.undefinedParameter, `there is no value for parameter $${index}`);
  if (!sameType(parameter.type, type)) {
    const detail = `$${index} is ${typeName(parameter.type)} where ${typeName(type)} was planned`;
    throw new LumaError(SQLSTATE.internalError, detail);
  }
  if (parameter.value === null) return nullValue(f, type);
  const bounds = typeBounds(type) === null ? null : exactly(integerOf(parameter.value));
  const base = f.local('i32');
  f.prologue(() => f.get(shared).load('i32.load', SHARED.parameters).set(base));
  let offset = (index - 1) * PLACE;
  const locals = localTypes(type, bounds).map((part) => {
    const local = f.local(part);
    const at = offset;
    f.prologue(() => {
      f.get(base)
        .load(part === 'f64' ? 'f64.load' : part === 'i64' ? 'i64.load' : 'i32.load', at)
        .set(local);
    });
    offset += PART_BYTES[part];
    return local;
  });
  const { value } = parameter;
  const range =
    typeof value === 'number' && Number.isFinite(value) && type.kind === 'float64' ? { min: value, max: value } : undefined;
  return { type, locals, isNull: null, bounds, range };
}

function nullValue(f: FunctionBuilder, type: DataType): Value {
  const isNull = f.local('i32');
  f.prologue(() => f.i32(1).set(isNull));
  return { type, locals: localTypes(type).map((part) => f.local(part)), isNull, bounds: null };
}

function integerOf(value: ConstantValue): bigint {
  return typeof value === 'bigint' ? value : BigInt(Number(value));
}

/** Lays the parameters' values into memory that `allocate` gives; returns its address. */
export function writeParameters(
  memory: SharedMemory,
  parameters: readonly Parameter[],
  allocate: (bytes: number) => Pointer,
): Pointer {
  const address = allocate(Math.max(PLACE, parameters.length * PLACE));
  parameters.forEach(({ type, value }, i) => {
    const text = typeof value === 'string' ? new TextEncoder().encode(value) : new Uint8Array();
    const textAddress = text.length === 0 ? 0 : allocate(text.length);
    memory.u8().set(text, textAddress);
    const place = new DataView(memory.buffer(), address + i * PLACE, PLACE);
    writeValue(place, type, value, textAddress, text.length);
  });
  return address;
}

function writeValue(place: DataView, type: DataType, value: ConstantValue, textAddress: number, textLength: number): void {
  if (value === null) return;
  if (typeof value === 'string') {
    place.setInt32(0, textAddress, true);
    place.setInt32(4, textLength, true);
  } else if (typeof value === 'object') {
    place.setInt32(0, value.months, true);
    place.setInt32(4, value.days, true);
    place.setBigInt64(8, value.nanoseconds, true);
  } else if (typeof value === 'bigint') {
    place.setBigInt64(0, BigInt.asIntN(64, value), true);
    place.setBigInt64(8, BigInt.asIntN(64, value >> 64n), true);
  } else if (type.kind === 'float64') place.setFloat64(0, Number(value), true);
  else place.setInt32(0, Number(value), true);
}
