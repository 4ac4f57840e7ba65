import type { ConstantValue } from '../../../planner/expression.ts';
import type { Value } from '../../functions/definition.ts';
import type { DataType } from '../../types/data-type.ts';
import { LumaError, SQLSTATE } from '../../types/error.ts';
import { splitInt128 } from '../runtime/js/decimal.ts';
import type { ExpressionContext } from './context.ts';
import { textConstant } from './emit-context.ts';
import { exactly, newValue, part } from './values.ts';

/** The integer of a constant of an integer-like type (see `ConstantValue`), else undefined. */
export function integerOf(value: ConstantValue): bigint | undefined {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'boolean') return value ? 1n : 0n;
  return typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : undefined;
}

/** A constant in locals. */
export function emitConstant(context: ExpressionContext, type: DataType, value: ConstantValue): Value {
  const { f } = context;
  if (value === null) return nullValue(context, type);
  switch (type.kind) {
    case 'boolean':
    case 'int32':
    case 'date':
    case 'int64':
    case 'timestamp':
    case 'decimal': {
      const integer = integerOf(value);
      if (integer === undefined) break;
      const result = newValue(f, type, exactly(integer));
      const [low, high] = splitInt128(integer);
      const first = part(result, 0);
      if (first.type === 'i32') f.i32(Number(integer));
      else f.i64(low);
      f.set(first);
      if (result.locals.length === 2) f.i64(high).set(part(result, 1));
      return result;
    }
    case 'float64': {
      if (typeof value !== 'number') break;
      const result = newValue(f, type);
      f.f64(value).set(part(result, 0));
      return Number.isFinite(value) ? { ...result, range: { min: value, max: value } } : result;
    }
    case 'text':
      if (typeof value !== 'string') break;
      return textConstant(context, value);
    case 'interval': {
      if (typeof value !== 'object') break;
      const result = newValue(f, type);
      f.i32(value.months).set(part(result, 0));
      f.i32(value.days).set(part(result, 1));
      f.i64(value.nanoseconds).set(part(result, 2));
      return result;
    }
    case 'null':
      break;
  }
  throw new LumaError(SQLSTATE.internalError, `a constant of type ${type.kind} cannot hold ${String(value)}`);
}

/** NULL of a type: zeros under it. */
export function nullValue(context: ExpressionContext, type: DataType): Value {
  const { f } = context;
  const isNull = f.local('i32');
  f.i32(1).set(isNull);
  return { ...newValue(f, type), isNull };
}
