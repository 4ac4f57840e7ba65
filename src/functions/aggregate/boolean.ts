import { only } from '../../exec/expression/values.ts';
import { BOOLEAN } from '../../types/data-type.ts';
import type { Local } from '../../wasm/function-builder.ts';
import type { AggregateDefinition, AggregateState, EmitContext, StateAccess } from '../definition.ts';

/** Whether some value was true, or some was false: field 0 counts in bits, 1 for a true and 2 for a false seen. */
const TRUE_SEEN = 1;
const FALSE_SEEN = 2;

function fold({ f }: EmitContext, state: StateAccess, push: () => void): void {
  const [seen] = state.load(0);
  if (seen === undefined) throw new RangeError('the state has flags');
  f.get(seen);
  push();
  f.op('i32.or').set(seen);
  state.store(0, [seen]);
}

function seenState(pushResult: (context: EmitContext, seen: Local) => void): AggregateState {
  return {
    fields: ['i32'],
    update: (context, state, [value]) => {
      if (value === undefined) throw new RangeError('the aggregate has an argument');
      fold(context, state, () => context.f.i32(TRUE_SEEN).i32(FALSE_SEEN).get(only(value)).select());
    },
    merge: (context, into, from) => {
      const [seen] = from.load(0);
      if (seen !== undefined) fold(context, into, () => context.f.get(seen));
    },
    finish: (context, state) => {
      const { f } = context;
      const [seen] = state.load(0);
      if (seen === undefined) throw new RangeError('the state has flags');
      const result = context.newValue(BOOLEAN);
      const isNull = f.local('i32');
      pushResult(context, seen);
      f.set(only(result));
      f.get(seen).op('i32.eqz').set(isNull);
      return { ...result, isNull };
    },
  };
}

const all = seenState(({ f }, seen) => f.get(seen).i32(FALSE_SEEN).op('i32.and').op('i32.eqz'));
const any = seenState(({ f }, seen) => f.get(seen).i32(TRUE_SEEN).op('i32.and'));

function one(name: string, summary: string, state: AggregateState): AggregateDefinition {
  return {
    name,
    summary,
    overloads: [{ arguments: ['boolean'], returns: () => BOOLEAN, nullOnEmpty: true, state: () => state }],
  };
}

export const booleanAggregates: readonly AggregateDefinition[] = [
  one('bool_and', 'whether every value is true', all),
  one('bool_or', 'whether some value is true', any),
];
