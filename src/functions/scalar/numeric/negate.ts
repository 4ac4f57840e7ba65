import { boundsOf, INT32_BOUNDS, INT64_BOUNDS, only, part, widen, within } from '../../../exec/expression/values.ts';
import { negate } from '../../../exec/runtime/int128.ts';
import { type DataType, FLOAT64, INTERVAL } from '../../../types/data-type.ts';
import { SQLSTATE } from '../../../types/error.ts';
import type { Bounds, Emitter, ScalarOverload, Value } from '../../definition.ts';

function negated(bounds: Bounds): Bounds {
  return { min: -bounds.max, max: -bounds.min };
}

function limits(type: DataType): Bounds {
  return type.kind === 'int32' ? INT32_BOUNDS : INT64_BOUNDS;
}

const emitInteger: Emitter = (context, [value], returns) => {
  if (value === undefined) throw new RangeError('negate has an argument');
  const { f } = context;
  const bounds = boundsOf(value);
  const limit = limits(returns);
  const small = only(value).type === 'i32';
  if (bounds.min <= limit.min) {
    f.get(only(value));
    if (small) f.i32(Number(limit.min)).op('i32.eq');
    else f.i64(limit.min).op('i64.eq');
    f.ifThen(() =>
      context.raise(SQLSTATE.numericValueOutOfRange, `${returns.kind === 'int32' ? 'integer' : 'bigint'} out of range`),
    );
  }
  const result = context.newValue(
    returns,
    negated({ min: bounds.min <= limit.min ? limit.min + 1n : bounds.min, max: bounds.max }),
  );
  if (small) f.i32(0).get(only(value)).op('i32.sub').set(only(result));
  else f.i64(0n).get(only(value)).op('i64.sub').set(only(result));
  return result;
};

const emitDecimal: Emitter = (context, [value], returns) => {
  if (value === undefined) throw new RangeError('negate has an argument');
  const { f } = context;
  const result = context.newValue(returns, negated(boundsOf(value)));
  if (result.locals.length === 1) {
    f.i64(0n).get(only(value)).op('i64.sub').set(only(result));
    return result;
  }
  const [low, high] = widen(f, value);
  f.get(low).set(part(result, 0)).get(high).set(part(result, 1));
  negate(f, part(result, 0), part(result, 1));
  return result;
};

/** Field by field; a field at its least value does not fit negated. */
const emitInterval: Emitter = (context, [value]) => {
  if (value === undefined) throw new RangeError('negate has an argument');
  const { f } = context;
  const result = context.newValue(INTERVAL);
  value.locals.forEach((local, i) => {
    const target = part(result, i);
    if (local.type === 'i32') {
      f.i32(0).get(local).op('i32.sub').tee(target).get(local).op('i32.and').i32(0).op('i32.lt_s');
    } else f.i64(0n).get(local).op('i64.sub').tee(target).get(local).op('i64.and').i64(0n).op('i64.lt_s');
    f.ifThen(() => context.raise(SQLSTATE.datetimeFieldOverflow, 'interval out of range'));
  });
  return result;
};

const avoidsLeast = ([value]: readonly Value[], returns: DataType): boolean =>
  value !== undefined && within(negated(boundsOf(value)), limits(returns));

const same = (types: readonly DataType[]): DataType | undefined => types[0];

export const negateOverloads: readonly ScalarOverload[] = [
  { arguments: ['int32'], returns: same, total: avoidsLeast, emit: emitInteger },
  { arguments: ['int64'], returns: same, total: avoidsLeast, emit: emitInteger },
  { arguments: ['decimal'], returns: same, total: true, emit: emitDecimal },
  {
    arguments: ['float64'],
    returns: () => FLOAT64,
    total: true,
    emit: (context, [value]) => {
      if (value === undefined) throw new RangeError('negate has an argument');
      const result = context.newValue(FLOAT64);
      context.f.get(only(value)).op('f64.neg').set(only(result));
      return result;
    },
  },
  { arguments: ['interval'], returns: () => INTERVAL, emit: emitInterval },
];
