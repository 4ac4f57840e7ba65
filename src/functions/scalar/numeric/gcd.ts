import { boundsOf, only, pushInt64 } from '../../../exec/expression/values.ts';
import { type DataType, INT32, INT64 } from '../../../types/data-type.ts';
import { SQLSTATE } from '../../../types/error.ts';
import type { Local } from '../../../wasm/function-builder.ts';
import type { EmitContext, Emitter, ScalarDefinition, Value } from '../../definition.ts';
import { argument } from '../emitters.ts';

/**
 * gcd of integers (PostgreSQL 13, table 9.5): never negative; gcd(0, 0) is 0; 22003 where the result does not fit the type, as
 * that of the least integer and 0.
 */

const LIMIT = { int32: 2n ** 31n, int64: 2n ** 63n } as const;

/** Magnitude of an integer as an unsigned i64: that of the least int64 is 2⁶³. */
function magnitude(context: EmitContext, value: Value): Local {
  const { f } = context;
  const result = f.local('i64');
  pushInt64(f, value);
  f.set(result);
  if (boundsOf(value).min >= 0n) return result;
  f.i64(0n).get(result).op('i64.sub').get(result).get(result).i64(0n).op('i64.lt_s').select().set(result);
  return result;
}

/** Euclid's algorithm over unsigned i64, in new locals: the arguments keep their values. */
function divisor(context: EmitContext, a: Local, b: Local): Local {
  const { f } = context;
  const [larger, smaller, rest] = [f.local('i64'), f.local('i64'), f.local('i64')];
  f.get(a).set(larger).get(b).set(smaller);
  f.block((end) => {
    f.loop((again) => {
      f.get(smaller).op('i64.eqz').brIf(end);
      f.get(larger).get(smaller).op('i64.rem_u').set(rest);
      f.get(smaller).set(larger).get(rest).set(smaller).br(again);
    });
  });
  return larger;
}

/** The unsigned i64 as an integer of the type; 22003 where it does not fit. */
function fitted(context: EmitContext, unsigned: Local, returns: DataType): Value {
  const { f } = context;
  const type = returns.kind === 'int32' ? 'int32' : 'int64';
  f.get(unsigned)
    .i64(LIMIT[type] - 1n)
    .op('i64.gt_u');
  f.ifThen(() => context.raise(SQLSTATE.numericValueOutOfRange, `${type === 'int32' ? 'integer' : 'bigint'} out of range`));
  const result = context.newValue(returns, { min: 0n, max: LIMIT[type] - 1n });
  f.get(unsigned);
  if (type === 'int32') f.op('i32.wrap_i64');
  f.set(only(result));
  return result;
}

const emit: Emitter = (context, arguments_, returns) => {
  const [a, b] = [magnitude(context, argument(arguments_, 0)), magnitude(context, argument(arguments_, 1))];
  return fitted(context, divisor(context, a, b), returns);
};

export const gcdFunctions: readonly ScalarDefinition[] = [
  {
    name: 'gcd',
    summary: 'greatest common divisor of two integers',
    overloads: [
      { arguments: ['int32', 'int32'], returns: () => INT32, emit },
      { arguments: ['int64', 'int64'], returns: () => INT64, emit },
    ],
  },
];
