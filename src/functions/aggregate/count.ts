import { INT64 } from '../../types/data-type.ts';
import type { AggregateDefinition, AggregateState, EmitContext, StateAccess } from '../definition.ts';

function plus({ f }: EmitContext, state: StateAccess, push: () => void): void {
  const [count] = state.load(0);
  if (count === undefined) throw new RangeError('the state has a count');
  f.get(count);
  push();
  f.op('i64.add').set(count);
  state.store(0, [count]);
}

const counting: AggregateState = {
  fields: ['i64'],
  names: ['count'],
  update: (context, state) => plus(context, state, () => context.f.i64(1n)),
  merge: (context, into, from) => {
    const [other] = from.load(0);
    if (other !== undefined) plus(context, into, () => context.f.get(other));
  },
  finish: (_, state) => ({ type: INT64, locals: state.load(0), isNull: null, bounds: null }),
};

export const countAggregates: readonly AggregateDefinition[] = [
  {
    name: 'count',
    summary: 'number of rows, or of values that are not NULL',
    overloads: [
      { arguments: [], returns: () => INT64, nullOnEmpty: false, state: () => counting },
      { arguments: ['any'], returns: () => INT64, nullOnEmpty: false, state: () => counting },
    ],
  },
];
