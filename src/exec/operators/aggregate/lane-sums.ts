import type { AggregateCall } from '../../../../planner/expression.ts';
import type { StateAccess, Value } from '../../../functions/definition.ts';
import type { FunctionBuilder, Local } from '../../../wasm/function-builder.ts';
import type { LanePlan } from '../../expression/lanes.ts';
import { MORSEL } from '../../pipeline/blocks.ts';
import type { LaneRows, PipelineBuilder } from '../../pipeline/stream.ts';
import { type Accumulators, planAccumulators } from './accumulators.ts';

/** Sums and counts over rows in lanes. */
export interface LaneSums {
  readonly accumulators: Accumulators;
  /** By accumulator: what it adds up, null for the number of rows, or that there are any. */
  readonly sums: readonly (LanePlan | null)[];
}

/** Null when an aggregate is more than sums and counts of lanes. `rows` bounds how many there are. */
export function planLaneSums(calls: readonly AggregateCall[], lanes: LaneRows, rows: number): LaneSums | null {
  const plans = new Map<AggregateCall, readonly LanePlan[]>();
  for (const call of calls) {
    const arguments_ = call.arguments.flatMap((argument) => lanes.plan(argument) ?? []);
    if (call.filter !== null || arguments_.length < call.arguments.length) return null;
    plans.set(call, arguments_);
  }
  const accumulators = planAccumulators(calls, (call) => plans.get(call)?.map(asValue), rows, false);
  const sums: (LanePlan | null)[] = [];
  for (const { call, state, fields, condition } of accumulators.calls) {
    if (condition.key !== '') return null;
    for (const [i, field] of fields.entries()) {
      const name = state.names?.[i];
      const [sum] = plans.get(call) ?? [];
      if (name === 'count' || name === 'seen') sums[field] = null;
      else if (name === 'sum' && sum !== undefined && state.fields[i] !== 'i128') sums[field] = sum;
      else return null;
    }
  }
  return { accumulators, sums };
}

/** What planning asks of a value: its type and bounds. */
function asValue({ shape }: LanePlan): Value {
  return { ...shape, locals: [], isNull: null };
}

/** Emits the loop, and adds what it found to the state; the result holds how many rows there were (i64). */
export function emitLaneSums(
  pipeline: PipelineBuilder,
  lanes: LaneRows,
  { accumulators, sums }: LaneSums,
  state: StateAccess,
): Local {
  const { f } = pipeline;
  const partial = sums.map((plan) => (plan === null ? null : { plan, sum: f.local('v128') }));
  const loop = (): Local =>
    lanes.emit(pipeline, (row, mask) => {
      partial.forEach((each, field) => {
        if (each === null) return;
        const value = each.plan.emit(row);
        f.get(each.sum).get(value).get(mask).op('v128.and');
        f.op(accumulators.types[field] === 'f64' ? 'f64x2.add' : 'i64x2.add').set(each.sum);
      });
    });
  const rows = lanes.all && partial.every((each) => each === null) ? rowsOfMorsel(pipeline) : loop();
  partial.forEach((each, field) => {
    const [total] = state.load(field);
    if (total === undefined) return;
    if (each !== null) addLanes(f, total, each.sum);
    else if (total.type === 'i64') f.get(total).get(rows).op('i64.add').set(total);
    else f.get(total).get(rows).op('i64.eqz').op('i32.eqz').op('i32.or').set(total);
    state.store(field, [total]);
  });
  return rows;
}

function rowsOfMorsel({ f, morsel }: PipelineBuilder): Local {
  const rows = f.local('i64');
  f.get(morsel).load('i64.load32_u', MORSEL.rows).set(rows);
  return rows;
}

function addLanes(f: FunctionBuilder, total: Local, sum: Local): void {
  for (const lane of [0, 1]) {
    f.get(total).get(sum);
    if (total.type === 'f64') f.lane('f64x2.extract_lane', lane).op('f64.add');
    else f.lane('i64x2.extract_lane', lane).op('i64.add');
    f.set(total);
  }
}
