import type { PhysicalKind, PhysicalPlan } from '../../planner/physical/plan.ts';
import type { Stream } from './pipeline/stream.ts';
import type { QueryRun } from './query-run.ts';

/** How an operator becomes a stream; what it needs of its inputs has run by then. */
type Lower<Plan> = (plan: Plan, run: QueryRun) => Promise<Stream>;

type Load<Plan> = () => Lower<Plan> | Promise<Lower<Plan>>;

/** An operator is loaded with the first plan that has it, so that a start does not pay for those it does not use. */
const LOWER: {
  readonly [Kind in PhysicalKind]: Load<Extract<PhysicalPlan, { kind: Kind }>>;
} = {
  table_scan: once(async () => (await import('./operators/scan/table-scan.ts')).lowerTableScan),
  one_row: once(async () => (await import('./operators/values/constant-rows.ts')).lowerOneRow),
  empty: once(async () => (await import('./operators/values/constant-rows.ts')).lowerEmpty),
  values: once(async () => (await import('./operators/values/constant-rows.ts')).lowerValues),
  filter: once(async () => (await import('./operators/filter/filter.ts')).lowerFilter),
  project: once(async () => (await import('./operators/project/project.ts')).lowerProject),
  hash_aggregate: once(async () => (await import('./operators/aggregate/lower.ts')).lowerAggregate),
  hash_join: once(async () => (await import('./operators/hash-join/lower.ts')).lowerHashJoin),
  nested_loop_join: once(async () => (await import('./operators/nested-loop/lower.ts')).lowerNestedLoop),
  sort: once(async () => (await import('./operators/sort/lower.ts')).lowerSort),
  top_n: once(async () => (await import('./operators/top-n/lower.ts')).lowerTopN),
  limit: once(async () => (await import('./operators/limit/limit.ts')).lowerLimit),
  single_row: once(async () => (await import('./operators/single-row/single-row.ts')).lowerSingleRow),
  union_all: once(async () => (await import('./operators/union/union.ts')).lowerUnionAll),
  window: once(async () => (await import('./operators/window/lower.ts')).lowerWindow),
  table_function: once(async () => (await import('./operators/table-function/table-function.ts')).lowerTableFunction),
  shared: once(async () => (await import('./operators/shared/shared.ts')).lowerShared),
  series_scan: once(async () => (await import('./series/lower.ts')).lowerSeriesScan),
};

/** Importing again what is there already would cost a small query more than its rows. */
function once<Plan>(load: () => Promise<Lower<Plan>>): Load<Plan> {
  let loaded: Lower<Plan> | undefined;
  return () =>
    loaded ??
    load().then((lower) => {
      loaded = lower;
      return lower;
    });
}

export function lowerPlan(plan: PhysicalPlan, run: QueryRun): Promise<Stream> {
  return lowerKind(plan.kind, plan, run);
}

async function lowerKind<Kind extends PhysicalKind>(
  kind: Kind,
  plan: Extract<PhysicalPlan, { kind: Kind }>,
  run: QueryRun,
): Promise<Stream> {
  const lower = await LOWER[kind]();
  return lower(plan, run);
}
