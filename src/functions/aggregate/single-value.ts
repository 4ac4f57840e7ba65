import { SQLSTATE } from '../../types/error.ts';
import type { Local } from '../../wasm/function-builder.ts';
import type { AggregateDefinition, AggregateInput, AggregateState, EmitContext, StateAccess, Value } from '../definition.ts';
import { ORDERED, parts, valueFields } from './extremes.ts';

/** Field 0 tells what was seen: nothing yet, one value, or one NULL. The fields after it are the value. */
const SEEN = 0;
const ONE_VALUE = 1;
const ONE_NULL = 2;

function seenBy(state: StateAccess): Local {
  const [seen] = state.load(SEEN);
  if (seen === undefined) throw new RangeError('the state has a flag');
  return seen;
}

function onlyOne(context: EmitContext, state: StateAccess): void {
  context.f.get(seenBy(state)).ifThen(() => {
    context.raise(SQLSTATE.cardinalityViolation, 'more than one row returned by a subquery used as an expression');
  });
}

function store(context: EmitContext, state: StateAccess, value: Value): void {
  const { f } = context;
  const seen = f.local('i32');
  f.i32(ONE_VALUE).set(seen);
  if (value.isNull !== null) f.i32(ONE_NULL).get(seen).get(value.isNull).select().set(seen);
  state.store(SEEN, [seen]);
  const locals = parts(context, value);
  if (valueFields(value.type).length === 1) state.store(1, locals);
  else for (const [i, local] of locals.entries()) state.store(i + 1, [local]);
}

/** The value as it is kept; NULL unless a value was seen. */
function load({ f }: EmitContext, state: StateAccess, type: Value['type']): Value {
  const isNull = f.local('i32');
  f.get(seenBy(state)).i32(ONE_VALUE).op('i32.ne').set(isNull);
  return { type, locals: valueFields(type).flatMap((_, i) => state.load(i + 1)), isNull, bounds: null };
}

function single({ types: [type] }: AggregateInput): AggregateState {
  if (type === undefined) throw new RangeError('the aggregate has an argument');
  return {
    fields: ['i32', ...valueFields(type)],
    update: (context, state, [value]) => {
      onlyOne(context, state);
      if (value !== undefined) store(context, state, value);
    },
    merge: (context, into, from) => {
      context.f.get(seenBy(from)).ifThen(() => {
        onlyOne(context, into);
        store(context, into, load(context, from, type));
      });
    },
    finish: (context, state) => load(context, state, type),
  };
}

/** What a correlated scalar subquery becomes when its rows are grouped by the outer row. */
export const singleValueAggregates: readonly AggregateDefinition[] = [
  {
    name: 'single_value',
    summary: 'the only value, NULL without one; more than one row is an error',
    overloads: ORDERED.map((kind) => ({
      arguments: [kind],
      returns: ([type]) => type,
      nullOnEmpty: true,
      seesNulls: true,
      state: single,
    })),
  },
];
