import { only } from '../../exec/expression/values.ts';
import { FLOAT64 } from '../../types/data-type.ts';
import type { Local } from '../../wasm/function-builder.ts';
import type { AggregateDefinition, AggregateState, EmitContext, StateAccess, Value } from '../definition.ts';

/**
 * Variances and covariances in floating point, one pass: Welford's update, and the merge of Chan, Golub and LeVeque
 * ("Updating Formulae and a Pairwise Algorithm for Computing Sample Variances", 1979).
 */

type Locals = readonly Local[];

function local(locals: Locals, position: number): Local {
  const found = locals[position];
  if (found === undefined) throw new RangeError(`the state has no field ${position}`);
  return found;
}

function loadAll(state: StateAccess, count: number): Locals {
  return Array.from({ length: count }, (_, i) => local(state.load(i), 0));
}

function storeAll(state: StateAccess, locals: Locals): void {
  locals.forEach((each, i) => {
    state.store(i, [each]);
  });
}

/** A number of the state as the result, NULL where the count (field 0) is below `least`. */
function finished(context: EmitContext, count: Local, least: number, push: () => void): Value {
  const { f } = context;
  const result = context.newValue(FLOAT64);
  const isNull = f.local('i32');
  push();
  f.set(only(result));
  f.get(count).f64(least).op('f64.lt').set(isNull);
  return { ...result, isNull };
}

/** Fields: count, mean, sum of squared distances from the mean. */
function varianceState(sample: boolean, root: boolean): AggregateState {
  return {
    fields: ['f64', 'f64', 'f64'],
    update: (context, state, [value]) => {
      if (value === undefined) throw new RangeError('the aggregate has an argument');
      const { f } = context;
      const fields = loadAll(state, 3);
      const [count, mean, squares] = [local(fields, 0), local(fields, 1), local(fields, 2)];
      const delta = f.local('f64');
      f.get(count).f64(1).op('f64.add').set(count);
      f.get(only(value)).get(mean).op('f64.sub').set(delta);
      f.get(mean).get(delta).get(count).op('f64.div').op('f64.add').set(mean);
      f.get(squares).get(delta).get(only(value)).get(mean).op('f64.sub').op('f64.mul').op('f64.add').set(squares);
      storeAll(state, fields);
    },
    merge: (context, into, from) => {
      const { f } = context;
      const a = loadAll(into, 3);
      const b = loadAll(from, 3);
      f.get(local(b, 0)).f64(0).op('f64.gt');
      f.ifThen(() => {
        const total = f.local('f64');
        const delta = f.local('f64');
        f.get(local(a, 0)).get(local(b, 0)).op('f64.add').set(total);
        f.get(local(b, 1)).get(local(a, 1)).op('f64.sub').set(delta);
        f.get(local(a, 2)).get(local(b, 2)).op('f64.add');
        f.get(delta).get(delta).op('f64.mul').get(local(a, 0)).op('f64.mul').get(local(b, 0)).op('f64.mul');
        f.get(total).op('f64.div').op('f64.add').set(local(a, 2));
        f.get(local(a, 1)).get(delta).get(local(b, 0)).op('f64.mul').get(total).op('f64.div').op('f64.add').set(local(a, 1));
        f.get(total).set(local(a, 0));
        storeAll(into, a);
      });
    },
    finish: (context, state) => {
      const { f } = context;
      const [count, , squares] = loadAll(state, 3);
      if (count === undefined || squares === undefined) throw new RangeError('the state has three fields');
      return finished(context, count, sample ? 2 : 1, () => {
        f.get(squares).get(count);
        if (sample) f.f64(1).op('f64.sub');
        f.op('f64.div');
        if (root) f.op('f64.sqrt');
      });
    },
  };
}

/** Fields: count, mean of y, mean of x, Syy, Sxx, Sxy. */
const PAIR = 6;

function pairState(least: number, pushResult: (context: EmitContext, fields: Locals) => void): AggregateState {
  return {
    fields: ['f64', 'f64', 'f64', 'f64', 'f64', 'f64'],
    update: (context, state, [y, x]) => {
      if (y === undefined || x === undefined) throw new RangeError('the aggregate has two arguments');
      const { f } = context;
      const fields = loadAll(state, PAIR);
      const [count, meanY, meanX] = [local(fields, 0), local(fields, 1), local(fields, 2)];
      const deltaY = f.local('f64');
      const deltaX = f.local('f64');
      f.get(count).f64(1).op('f64.add').set(count);
      f.get(only(y)).get(meanY).op('f64.sub').set(deltaY);
      f.get(only(x)).get(meanX).op('f64.sub').set(deltaX);
      f.get(meanY).get(deltaY).get(count).op('f64.div').op('f64.add').set(meanY);
      f.get(meanX).get(deltaX).get(count).op('f64.div').op('f64.add').set(meanX);
      const grow = (sum: Local, delta: Local, value: Value, mean: Local): void => {
        f.get(sum).get(delta).get(only(value)).get(mean).op('f64.sub').op('f64.mul').op('f64.add').set(sum);
      };
      grow(local(fields, 3), deltaY, y, meanY);
      grow(local(fields, 4), deltaX, x, meanX);
      grow(local(fields, 5), deltaX, y, meanY);
      storeAll(state, fields);
    },
    merge: (context, into, from) => {
      const { f } = context;
      const a = loadAll(into, PAIR);
      const b = loadAll(from, PAIR);
      f.get(local(b, 0)).f64(0).op('f64.gt');
      f.ifThen(() => {
        const total = f.local('f64');
        const deltas = [f.local('f64'), f.local('f64')];
        const [deltaY, deltaX] = deltas;
        if (deltaY === undefined || deltaX === undefined) return;
        f.get(local(a, 0)).get(local(b, 0)).op('f64.add').set(total);
        deltas.forEach((delta, i) => {
          f.get(local(b, i + 1))
            .get(local(a, i + 1))
            .op('f64.sub')
            .set(delta);
        });
        const grow = (position: number, first: Local, second: Local): void => {
          f.get(local(a, position)).get(local(b, position)).op('f64.add');
          f.get(first).get(second).op('f64.mul').get(local(a, 0)).op('f64.mul').get(local(b, 0)).op('f64.mul');
          f.get(total).op('f64.div').op('f64.add').set(local(a, position));
        };
        grow(3, deltaY, deltaY);
        grow(4, deltaX, deltaX);
        grow(5, deltaY, deltaX);
        deltas.forEach((delta, i) => {
          const mean = local(a, i + 1);
          f.get(mean).get(delta).get(local(b, 0)).op('f64.mul').get(total).op('f64.div').op('f64.add').set(mean);
        });
        f.get(total).set(local(a, 0));
        storeAll(into, a);
      });
    },
    finish: (context, state) => {
      const fields = loadAll(state, PAIR);
      return finished(context, local(fields, 0), least, () => pushResult(context, fields));
    },
  };
}

const covariance = (sample: boolean): AggregateState =>
  pairState(sample ? 2 : 1, ({ f }, fields) => {
    f.get(local(fields, 5)).get(local(fields, 0));
    if (sample) f.f64(1).op('f64.sub');
    f.op('f64.div');
  });

/** NULL where x or y does not vary. */
const correlation: AggregateState = (() => {
  const state = pairState(1, ({ f }, fields) => {
    f.get(local(fields, 5)).get(local(fields, 3)).get(local(fields, 4)).op('f64.mul').op('f64.sqrt').op('f64.div');
  });
  return {
    ...state,
    finish: (context, access, returns) => {
      const { f } = context;
      const fields = loadAll(access, PAIR);
      const value = state.finish(context, access, returns);
      const isNull = f.local('i32');
      f.get(local(fields, 3)).f64(0).op('f64.eq').get(local(fields, 4)).f64(0).op('f64.eq').op('i32.or');
      if (value.isNull !== null) f.get(value.isNull).op('i32.or');
      f.set(isNull);
      return { ...value, isNull };
    },
  };
})();

function ofOne(name: string, summary: string, state: AggregateState): AggregateDefinition {
  return {
    name,
    summary,
    overloads: [{ arguments: ['float64'], returns: () => FLOAT64, nullOnEmpty: true, state: () => state }],
  };
}

function ofTwo(name: string, summary: string, state: AggregateState): AggregateDefinition {
  return {
    name,
    summary,
    overloads: [{ arguments: ['float64', 'float64'], returns: () => FLOAT64, nullOnEmpty: true, state: () => state }],
  };
}

export const statisticsAggregates: readonly AggregateDefinition[] = [
  ofOne('variance', 'sample variance', varianceState(true, false)),
  ofOne('var_pop', 'population variance', varianceState(false, false)),
  ofOne('stddev', 'sample standard deviation', varianceState(true, true)),
  ofOne('stddev_pop', 'population standard deviation', varianceState(false, true)),
  ofTwo('covar_samp', 'sample covariance of y and x', covariance(true)),
  ofTwo('covar_pop', 'population covariance of y and x', covariance(false)),
  ofTwo('corr', 'correlation coefficient of y and x', correlation),
];
