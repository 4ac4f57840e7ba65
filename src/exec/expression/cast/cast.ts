import type { EmitContext, Value } from '../../../functions/definition.ts';
import { type DataType, sameType, typeName } from '../../../types/data-type.ts';
import { notSupported } from '../../../types/error.ts';
import { anyNull } from '../values.ts';
import { castToDate, castToTimestamp } from './datetime.ts';
import { castToBoolean, castToDecimal, castToFloat, castToInteger } from './numeric.ts';
import { castNeverRaises } from './rules.ts';
import { castFromText, castToText } from './text.ts';

/** A conversion of a value that is not NULL. */
type CastEmitter = (context: EmitContext, value: Value, to: DataType) => Value;

/** The value converted to `to`; NULL stays NULL. The cast exists (`castContext`). */
export function emitCast(context: EmitContext, value: Value, to: DataType): Value {
  const { f } = context;
  if (sameType(value.type, to)) return value;
  if (value.type.kind === 'null') return { ...context.newValue(to), isNull: value.isNull };
  const emit = emitterFor(value.type, to);
  const total = castNeverRaises(value.type, to) && value.type.kind !== 'text' && to.kind !== 'text';
  if (value.isNull === null || total) return { ...emit(context, value, to), isNull: value.isNull };
  let result: Value | undefined;
  f.get(value.isNull).op('i32.eqz');
  f.ifThen(() => {
    result = emit(context, value, to);
  });
  if (result === undefined) throw new RangeError('a cast gave no value');
  return { ...result, isNull: anyNull(f, [value]) };
}

function emitterFor(from: DataType, to: DataType): CastEmitter {
  if (from.kind === 'text') return castFromText;
  switch (to.kind) {
    case 'text':
      return castToText;
    case 'int32':
    case 'int64':
      return castToInteger;
    case 'float64':
      return castToFloat;
    case 'decimal':
      return castToDecimal;
    case 'boolean':
      return castToBoolean;
    case 'timestamp':
      return castToTimestamp;
    case 'date':
      return castToDate;
    default:
      throw notSupported(`a cast from ${typeName(from)} to ${typeName(to)}`);
  }
}
