import { type Comparison, pushComparison } from '../../exec/expression/compare.ts';
import { isWideType, localTypes, textOf, widen } from '../../exec/expression/values.ts';
import type { DataType } from '../../types/data-type.ts';
import type { Local } from '../../wasm/function-builder.ts';
import type {
  AggregateDefinition,
  AggregateInput,
  AggregateState,
  EmitContext,
  StateAccess,
  StateType,
  Value,
} from '../definition.ts';

/** Field 0 tells whether a value has been seen; the fields after it are the value. */
const SEEN = 0;

/** Fields that hold a value of the type. */
export function valueFields(type: DataType): readonly StateType[] {
  if (type.kind === 'text') return ['text'];
  if (isWideType(type)) return ['i128'];
  return localTypes(type).map((each) => {
    if (each === 'f32' || each === 'v128') throw new RangeError(`no state holds a ${each}`);
    return each;
  });
}

/** A value's locals, one for each part that its fields have. */
export function parts(context: EmitContext, value: Value): readonly Local[] {
  if (value.type.kind === 'text') return textOf(context.f, value).locals;
  return isWideType(value.type) ? widen(context.f, value) : value.locals;
}

/** A state that keeps one of the values it saw; `pushReplaces` leaves 1 when the candidate replaces the kept one. */
function keeping(
  input: AggregateInput,
  pushReplaces: (context: EmitContext, candidate: Value, kept: Value) => void,
): AggregateState {
  const [type] = input.types;
  if (type === undefined) throw new RangeError('the aggregate has an argument');
  const fields = valueFields(type);
  const load = (state: StateAccess): Value => ({
    type,
    locals: fields.flatMap((_, i) => state.load(i + 1)),
    isNull: null,
    bounds: null,
  });
  const store = (context: EmitContext, state: StateAccess, value: Value): void => {
    const locals = parts(context, value);
    if (fields.length === 1) state.store(1, locals);
    else for (const [i, local] of locals.entries()) state.store(i + 1, [local]);
  };
  const offer = (context: EmitContext, state: StateAccess, candidate: Value): void => {
    const { f } = context;
    const [seen] = state.load(SEEN);
    if (seen === undefined) throw new RangeError('the state has a flag');
    f.get(seen);
    f.ifElse(
      () => pushReplaces(context, candidate, load(state)),
      () => f.i32(1),
      'i32',
    );
    f.ifThen(() => {
      store(context, state, candidate);
      f.i32(1).set(seen);
      state.store(SEEN, [seen]);
    });
  };
  return {
    fields: ['i32', ...fields],
    update: (context, state, [value]) => {
      if (value !== undefined) offer(context, state, value);
    },
    merge: (context, into, from) => {
      const [seen] = from.load(SEEN);
      if (seen === undefined) throw new RangeError('the state has a flag');
      context.f.get(seen);
      context.f.ifThen(() => offer(context, into, load(from)));
    },
    finish: (context, state) => {
      const value = load(state);
      if (input.alwaysUpdated) return value;
      const [seen] = state.load(SEEN);
      if (seen === undefined) throw new RangeError('the state has a flag');
      const isNull = context.f.local('i32');
      context.f.get(seen).op('i32.eqz').set(isNull);
      return { ...value, isNull };
    },
  };
}

export const ORDERED = ['boolean', 'int32', 'int64', 'float64', 'decimal', 'text', 'date', 'timestamp', 'interval'] as const;

function extreme(name: string, comparison: Comparison, summary: string): AggregateDefinition {
  return {
    name,
    summary,
    overloads: ORDERED.map((kind) => ({
      arguments: [kind],
      returns: ([type]) => type,
      nullOnEmpty: true,
      state: (input) => keeping(input, (context, candidate, kept) => pushComparison(context, comparison, candidate, kept)),
    })),
  };
}

export const extremeAggregates: readonly AggregateDefinition[] = [
  extreme('min', 'less', 'least value; NaN counts as the greatest'),
  extreme('max', 'greater', 'greatest value; NaN counts as the greatest'),
  {
    name: 'any_value',
    summary: 'some value that is not NULL',
    overloads: ORDERED.map((kind) => ({
      arguments: [kind],
      returns: ([type]) => type,
      nullOnEmpty: true,
      state: (input) => keeping(input, (context) => context.f.i32(0)),
    })),
  },
];
