import type { StateAccess, Value } from '../../../functions/definition.ts';
import type { FunctionBuilder } from '../../../wasm/function-builder.ts';
import { emitCondition, emitExpression } from '../../expression/emit.ts';
import { emitContextOf } from '../../expression/emit-context.ts';
import { anyNull } from '../../expression/values.ts';
import type { Row } from '../../pipeline/stream.ts';
import { type Accumulators, isShared, type PlannedCall } from './accumulators.ts';
import { STATE_PARTS } from './state-layout.ts';

/**
 * Updates the accumulators with one row. `argumentsOf` gives the arguments of calls without a filter, already evaluated;
 * those of the others are evaluated where their filter is true.
 */
export function emitUpdates(
  row: Row,
  accumulators: Accumulators,
  states: StateAccess,
  argumentsOf: (planned: PlannedCall) => readonly Value[] | undefined,
): void {
  const byCondition = new Map<string, PlannedCall[]>();
  for (const planned of accumulators.calls) {
    if (isShared(planned)) continue;
    const group = byCondition.get(planned.condition.key);
    if (group === undefined) byCondition.set(planned.condition.key, [planned]);
    else group.push(planned);
  }
  for (const calls of byCondition.values()) emitConditionally(row, accumulators, states, calls, argumentsOf);
}

function emitConditionally(
  row: Row,
  accumulators: Accumulators,
  states: StateAccess,
  calls: readonly PlannedCall[],
  argumentsOf: (planned: PlannedCall) => readonly Value[] | undefined,
): void {
  const { f } = row;
  const [first] = calls;
  if (first === undefined) return;
  const { filter, notNull } = first.condition;
  const update = (inner: Row): void => {
    for (const planned of calls) emitUpdate(inner, accumulators, states, planned, argumentsOf(planned));
  };
  const whereNotNull = (inner: Row): void => {
    const isNull = anyNull(
      f,
      notNull.map((argument) => emitExpression(inner, argument)),
    );
    if (isNull === null) update(inner);
    else
      f.get(isNull)
        .op('i32.eqz')
        .ifThen(() => update(inner.branch()));
  };
  if (filter === null) whereNotNull(row);
  else {
    emitCondition(row, filter);
    f.ifThen(() => whereNotNull(row.branch()));
  }
}

function emitUpdate(
  row: Row,
  accumulators: Accumulators,
  states: StateAccess,
  planned: PlannedCall,
  known: readonly Value[] | undefined,
): void {
  const { call, state } = planned;
  const arguments_ = known ?? call.arguments.map((argument) => emitExpression(row, argument));
  const context = emitContextOf(row, call.span, call.arguments);
  state.update(context, ownFields(row.f, accumulators, states, planned), arguments_);
}

/** Folds the accumulators of one state into another. */
export function emitMerge(row: Row, accumulators: Accumulators, into: StateAccess, from: StateAccess): void {
  for (const planned of accumulators.calls) {
    if (isShared(planned)) continue;
    const context = emitContextOf(row, planned.call.span, planned.call.arguments);
    planned.state.merge(context, ownFields(row.f, accumulators, into, planned), ownFields(row.f, accumulators, from, planned));
  }
}

/** An aggregate's result from its accumulators. */
export function emitFinish(row: Row, states: StateAccess, planned: PlannedCall): Value {
  const { call, state, fields } = planned;
  const context = emitContextOf(row, call.span, call.arguments);
  const accumulator = (field: number): number => fields[field] ?? field;
  const own: StateAccess = {
    load: (field) => states.load(accumulator(field)),
    store: (field, locals) => states.store(accumulator(field), locals),
  };
  return state.finish(context, own, call.output.type);
}

/** What a call sees of the accumulators while it changes its own; what it would do to those that another call keeps is dropped. */
function ownFields(f: FunctionBuilder, accumulators: Accumulators, states: StateAccess, planned: PlannedCall): StateAccess {
  const accumulator = (field: number): number => planned.fields[field] ?? field;
  return {
    load(field) {
      if (planned.owned[field] === true) return states.load(accumulator(field));
      // Nothing that is kept depends on these locals: V8 removes what is computed from them.
      const type = accumulators.types[accumulator(field)] ?? 'i32';
      return STATE_PARTS[type].map((part) => f.local(part));
    },
    store(field, locals) {
      if (planned.owned[field] === true) states.store(accumulator(field), locals);
    },
  };
}
