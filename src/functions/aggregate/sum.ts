import { conform, scaleOf } from '../../exec/expression/decimal.ts';
import { fitsInt64, only, pushInt64, typeBounds, widen } from '../../exec/expression/values.ts';
import { add, int128ToFloat } from '../../exec/runtime/int128.ts';
import { type DataType, decimal, FLOAT64, INT64, MAX_DECIMAL_PRECISION } from '../../types/data-type.ts';
import { SQLSTATE } from '../../types/error.ts';
import type { Local } from '../../wasm/function-builder.ts';
import type {
  AggregateDefinition,
  AggregateInput,
  AggregateState,
  Bounds,
  EmitContext,
  StateAccess,
  Value,
} from '../definition.ts';

/**
 * Sums. Integers and decimals are exact: int64 where bounds × rows prove that it holds every partial sum, int128 otherwise.
 * Float sums are plain float64 additions, so they depend on the order of the rows.
 */

const SUM = 0;

/** Bounds of every sum of at most `rows` values. */
function sumBounds(input: AggregateInput): Bounds {
  const [type] = input.types;
  const bounds = input.bounds[0] ?? (type === undefined ? null : typeBounds(type));
  if (bounds === null) throw new RangeError('only integers have exact sums');
  return { min: bounds.min < 0n ? bounds.min * input.rows : 0n, max: bounds.max > 0n ? bounds.max * input.rows : 0n };
}

function first(arguments_: readonly Value[]): Value {
  const [value] = arguments_;
  if (value === undefined) throw new RangeError('the aggregate has an argument');
  return value;
}

/** How the running sum of integers is kept in field 0. */
interface ExactSum {
  readonly field: 'i64' | 'i128';
  readonly bounds: Bounds | null;
  add(context: EmitContext, state: StateAccess, value: Value): void;
  merge(context: EmitContext, into: StateAccess, from: StateAccess): void;
}

function exactSum(input: AggregateInput): ExactSum {
  const bounds = sumBounds(input);
  if (fitsInt64(bounds)) {
    const plus = ({ f }: EmitContext, state: StateAccess, push: () => void): void => {
      const [sum] = state.load(SUM);
      if (sum === undefined) throw new RangeError('the state has a sum');
      f.get(sum);
      push();
      f.op('i64.add').set(sum);
      state.store(SUM, [sum]);
    };
    return {
      field: 'i64',
      bounds,
      add: (context, state, value) => plus(context, state, () => pushInt64(context.f, value)),
      merge: (context, into, from) => {
        const [other] = from.load(SUM);
        if (other !== undefined) plus(context, into, () => context.f.get(other));
      },
    };
  }
  const plus = ({ f }: EmitContext, state: StateAccess, otherLow: Local, otherHigh: Local): void => {
    const [low, high] = state.load(SUM);
    if (low === undefined || high === undefined) throw new RangeError('the state has a wide sum');
    add(f, low, high, otherLow, otherHigh);
    state.store(SUM, [low, high]);
  };
  return {
    field: 'i128',
    bounds: null,
    add: (context, state, value) => plus(context, state, ...wideOf(context, value)),
    merge: (context, into, from) => {
      const [low, high] = from.load(SUM);
      if (low !== undefined && high !== undefined) plus(context, into, low, high);
    },
  };
}

function wideOf(context: EmitContext, value: Value): readonly [Local, Local] {
  if (value.locals.length === 2 || only(value).type === 'i64') return widen(context.f, value);
  const low = context.f.local('i64');
  pushInt64(context.f, value);
  context.f.set(low);
  return widen(context.f, { ...value, locals: [low] });
}

/** Marks a state that has been updated, unless all are. */
function seenField(position: number, input: AggregateInput) {
  const none = input.alwaysUpdated;
  return {
    fields: none ? [] : (['i32'] as const),
    names: none ? [] : ['seen'],
    mark: ({ f }: EmitContext, state: StateAccess): void => {
      if (none) return;
      const one = f.local('i32');
      f.i32(1).set(one);
      state.store(position, [one]);
    },
    merge: ({ f }: EmitContext, into: StateAccess, from: StateAccess): void => {
      if (none) return;
      const [a] = into.load(position);
      const [b] = from.load(position);
      if (a === undefined || b === undefined) return;
      f.get(a).get(b).op('i32.or').set(a);
      into.store(position, [a]);
    },
    isNull: ({ f }: EmitContext, state: StateAccess): Local | null => {
      if (none) return null;
      const [seen] = state.load(position);
      if (seen === undefined) return null;
      const isNull = f.local('i32');
      f.get(seen).op('i32.eqz').set(isNull);
      return isNull;
    },
  };
}

/** sum of int32 is int64, which 2^31 rows of 2^31 cannot exceed. */
function exactSumState(input: AggregateInput): AggregateState {
  const sum = exactSum(input);
  const seen = seenField(1, input);
  return {
    fields: [sum.field, ...seen.fields],
    names: ['sum', ...seen.names],
    update: (context, state, arguments_) => {
      sum.add(context, state, first(arguments_));
      seen.mark(context, state);
    },
    merge: (context, into, from) => {
      sum.merge(context, into, from);
      seen.merge(context, into, from);
    },
    finish: (context, state, returns) => {
      const isNull = seen.isNull(context, state);
      const locals = state.load(SUM);
      if (returns.kind === 'int64') return { ...int64Result(context, locals), isNull };
      if (returns.kind !== 'decimal') throw new RangeError('an exact sum is int64 or decimal');
      const wide = decimal(MAX_DECIMAL_PRECISION, returns.scale);
      return { ...conform(context, { type: wide, locals, isNull: null, bounds: sum.bounds }, returns), isNull };
    },
  };
}

function int64Result(context: EmitContext, locals: readonly Local[]): Value {
  const { f } = context;
  const [low, high] = locals;
  if (low === undefined) throw new RangeError('the state has a sum');
  if (high !== undefined) {
    f.get(low).i64(63n).op('i64.shr_s').get(high).op('i64.ne');
    f.ifThen(() => context.raise(SQLSTATE.numericValueOutOfRange, 'bigint out of range'));
  }
  return { type: INT64, locals: [low], isNull: null, bounds: null };
}

function floatAdd({ f }: EmitContext, state: StateAccess, position: number, value: Local): void {
  const [sum] = state.load(position);
  if (sum === undefined) throw new RangeError('the state has a sum');
  f.get(sum).get(value).op('f64.add').set(sum);
  state.store(position, [sum]);
}

function floatSumState(input: AggregateInput): AggregateState {
  const seen = seenField(1, input);
  return {
    fields: ['f64', ...seen.fields],
    names: ['sum', ...seen.names],
    update: (context, state, arguments_) => {
      floatAdd(context, state, SUM, only(first(arguments_)));
      seen.mark(context, state);
    },
    merge: (context, into, from) => {
      const [other] = from.load(SUM);
      if (other !== undefined) floatAdd(context, into, SUM, other);
      seen.merge(context, into, from);
    },
    finish: (context, state) => ({
      type: FLOAT64,
      locals: state.load(SUM),
      isNull: seen.isNull(context, state),
      bounds: null,
    }),
  };
}

const COUNT = 1;

/** Field 1 counts the updates. */
function countOne({ f }: EmitContext, state: StateAccess, push: () => void = () => f.i64(1n)): void {
  const [count] = state.load(COUNT);
  if (count === undefined) throw new RangeError('the state has a count');
  f.get(count);
  push();
  f.op('i64.add').set(count);
  state.store(COUNT, [count]);
}

function average(context: EmitContext, state: StateAccess, pushSum: () => void): Value {
  const { f } = context;
  const result = context.newValue(FLOAT64);
  const isNull = f.local('i32');
  const [count] = state.load(COUNT);
  if (count === undefined) throw new RangeError('the state has a count');
  pushSum();
  f.get(count).op('f64.convert_i64_s').op('f64.div').set(only(result));
  f.get(count).op('i64.eqz').set(isNull);
  return { ...result, isNull };
}

/** The exact sum, divided once. */
function exactAverageState(input: AggregateInput): AggregateState {
  const sum = exactSum(input);
  const scale = scaleOf(input.types[0] ?? INT64);
  return {
    fields: [sum.field, 'i64'],
    names: ['sum', 'count'],
    update: (context, state, arguments_) => {
      sum.add(context, state, first(arguments_));
      countOne(context, state);
    },
    merge: (context, into, from) => {
      sum.merge(context, into, from);
      const [other] = from.load(COUNT);
      if (other !== undefined) countOne(context, into, () => context.f.get(other));
    },
    finish: (context, state) =>
      average(context, state, () => {
        const { f } = context;
        const [low, high] = state.load(SUM);
        if (low === undefined) throw new RangeError('the state has a sum');
        f.get(low);
        if (high === undefined) f.op('f64.convert_i64_s');
        else {
          f.get(high);
          context.call(int128ToFloat);
        }
        if (scale > 0) f.f64(Number(`1e${scale}`)).op('f64.div');
      }),
  };
}

const floatAverageState: AggregateState = {
  fields: ['f64', 'i64'],
  names: ['sum', 'count'],
  update: (context, state, arguments_) => {
    floatAdd(context, state, SUM, only(first(arguments_)));
    countOne(context, state);
  },
  merge: (context, into, from) => {
    const [sum] = from.load(SUM);
    const [count] = from.load(COUNT);
    if (sum !== undefined) floatAdd(context, into, SUM, sum);
    if (count !== undefined) countOne(context, into, () => context.f.get(count));
  },
  finish: (context, state) =>
    average(context, state, () => {
      const [sum] = state.load(SUM);
      if (sum !== undefined) context.f.get(sum);
    }),
};

function decimalSumType([type]: readonly DataType[]): DataType | undefined {
  return type?.kind === 'decimal' ? decimal(MAX_DECIMAL_PRECISION, type.scale) : undefined;
}

export const sumAggregates: readonly AggregateDefinition[] = [
  {
    name: 'sum',
    summary: 'sum of the values; integers and decimals exactly',
    overloads: [
      { arguments: ['int32'], returns: () => INT64, nullOnEmpty: true, state: exactSumState },
      { arguments: ['int64'], returns: () => decimal(MAX_DECIMAL_PRECISION, 0), nullOnEmpty: true, state: exactSumState },
      { arguments: ['decimal'], returns: decimalSumType, nullOnEmpty: true, state: exactSumState },
      { arguments: ['float64'], returns: () => FLOAT64, nullOnEmpty: true, state: floatSumState },
    ],
  },
  {
    name: 'avg',
    summary: 'mean of the values in floating point; the sum under it is exact for integers and decimals',
    overloads: [
      { arguments: ['int32'], returns: () => FLOAT64, nullOnEmpty: true, state: exactAverageState },
      { arguments: ['int64'], returns: () => FLOAT64, nullOnEmpty: true, state: exactAverageState },
      { arguments: ['decimal'], returns: () => FLOAT64, nullOnEmpty: true, state: exactAverageState },
      { arguments: ['float64'], returns: () => FLOAT64, nullOnEmpty: true, state: () => floatAverageState },
    ],
  },
];
