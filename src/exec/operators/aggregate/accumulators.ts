import type { AggregateCall, BoundExpression } from '../../../../planner/expression.ts';
import { expressionKey } from '../../../../planner/expression-visit.ts';
import type { AggregateOverload, AggregateState, Bounds, StateType, Value } from '../../../functions/definition.ts';
import { aggregateDefinition } from '../../../functions/lookup.ts';
import { notSupported } from '../../../types/error.ts';

/**
 * What a group's state holds: accumulators, each updated once per row however many aggregates read it (`names` in
 * AggregateState). Planned when the arguments' bounds are known, that is while the first pipeline into the aggregate is generated.
 */
export interface Accumulators {
  readonly types: readonly StateType[];
  readonly calls: readonly PlannedCall[];
  /** An accumulator that is not 0 in every group that has a row; null when none is. */
  readonly presence: number | null;
}

export interface PlannedCall {
  readonly call: AggregateCall;
  readonly overload: AggregateOverload;
  readonly state: AggregateState;
  /** Accumulator of each of the state's fields. */
  readonly fields: readonly number[];
  /** Whether this call is the one that updates and merges it. */
  readonly owned: readonly boolean[];
  /** Calls with equal conditions see the same rows. */
  readonly condition: Condition;
}

/** Which rows reach an aggregate: those where the filter is true and none of the strict arguments is NULL. */
export interface Condition {
  readonly key: string;
  readonly filter: BoundExpression | null;
  readonly notNull: readonly BoundExpression[];
}

/**
 * `argumentsOf` gives the values of a call's arguments where they are already known (calls without a filter): their bounds and
 * NULL-ness hold for all rows, because all branches of a stream deliver equal shapes. `rows` bounds how many there are; `grouped` says that
 * a state exists only where a row does.
 */
export function planAccumulators(
  calls: readonly AggregateCall[],
  argumentsOf: (call: AggregateCall) => readonly Value[] | undefined,
  rows: number,
  grouped: boolean,
): Accumulators {
  const types: StateType[] = [];
  const byKey = new Map<string, number>();
  let presence: number | null = null;
  const planned = calls.map((call): PlannedCall => {
    if (call.orderBy.length > 0) {
      throw notSupported(`ORDER BY inside ${call.function.name}()`, { span: call.span });
    }
    const overload = aggregateDefinition(call.function);
    const values = argumentsOf(call);
    const bounds = call.arguments.map((_, i): Bounds | null => values?.[i]?.bounds ?? null);
    const condition = conditionOf(call, overload, values);
    const alwaysUpdated = grouped && condition.key === '';
    const state = overload.state({
      types: call.function.argumentTypes,
      bounds,
      rows: BigInt(Math.min(rows, Number.MAX_SAFE_INTEGER)),
      alwaysUpdated,
    });
    const over = call.arguments.map(expressionKey).join();
    const owned: boolean[] = [];
    const fields = state.fields.map((type, i) => {
      const name = state.names?.[i] ?? null;
      const what = name === null ? `${call.function.name}#${i}(${over})` : name === 'count' ? name : `${name}(${over})`;
      const key = `${type} ${what} ${condition.key}`;
      const known = byKey.get(key);
      owned.push(known === undefined);
      if (known !== undefined) return known;
      byKey.set(key, types.length);
      if (name === 'count' && condition.key === '') presence = types.length;
      return types.push(type) - 1;
    });
    return { call, overload, state, fields, owned, condition };
  });
  return { types, calls: planned, presence };
}

/** Accumulators of which one, `presence`, is not 0 exactly in groups that have a row. */
export interface PresentAccumulators extends Accumulators {
  readonly presence: number;
  /** It is an i32 of its own, which belongs to no aggregate. */
  readonly marked: boolean;
}

/** The same with an accumulator that tells groups with rows from those without, where no `count` does. */
export function withPresence(accumulators: Accumulators): PresentAccumulators {
  const { presence, types } = accumulators;
  if (presence !== null) return { ...accumulators, presence, marked: false };
  return { ...accumulators, types: [...types, 'i32'], presence: types.length, marked: true };
}

function conditionOf(call: AggregateCall, overload: AggregateOverload, values: readonly Value[] | undefined): Condition {
  const mayBeNull = (argument: BoundExpression, i: number): boolean =>
    values === undefined ? argument.nullable : (values[i]?.isNull ?? null) !== null;
  const notNull = overload.seesNulls === true ? [] : call.arguments.filter(mayBeNull);
  const keys = [...new Set(notNull.map(expressionKey))].sort();
  const filter = call.filter === null ? '' : expressionKey(call.filter);
  return { key: filter === '' && keys.length === 0 ? '' : `${filter}|${keys.join()}`, filter: call.filter, notNull };
}

/** Whether the call updates nothing that another call does not already. */
export function isShared(planned: PlannedCall): boolean {
  return planned.fields.length > 0 && !planned.owned.includes(true);
}
