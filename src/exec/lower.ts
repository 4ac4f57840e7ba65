import type { PhysicalKind, PhysicalPlan } from '../../planner/physical/plan.ts';
import type { Stream } from './pipeline/stream.ts';
import type { QueryRun } from './query-run.ts';

/** How an operator becomes a stream; what it needs of its inputs has run by then. */
type Lower<Plan> = (plan: Plan, run: QueryRun) => Promise<Stream>;

/** An operator is loaded with the first plan that has it, so that a start does not pay for those it does not use. */
const LOWER: { readonly [Kind in PhysicalKind]: () => Promise<Lower<Extract<PhysicalPlan, { kind: Kind }>>> } = {
  table_scan: async () => (await import('./operators/scan/table-scan.ts')).lowerTableScan,
  one_row: async () => (await import('./operators/values/constant-rows.ts')).lowerOneRow,
  empty: async () => (await import('./operators/values/constant-rows.ts')).lowerEmpty,
  values: async () => (await import('./operators/values/constant-rows.ts')).lowerValues,
  filter: async () => (await import('./operators/filter/filter.ts')).lowerFilter,
  project: async () => (await import('./operators/project/project.ts')).lowerProject,
  hash_aggregate: async () => (await import('./operators/aggregate/lower.ts')).lowerAggregate,
  hash_join: async () => (await import('./operators/hash-join/lower.ts')).lowerHashJoin,
  nested_loop_join: async () => (await import('./operators/nested-loop/lower.ts')).lowerNestedLoop,
  sort: async () => (await import('./operators/sort/lower.ts')).lowerSort,
  top_n: async () => (await import('./operators/top-n/lower.ts')).lowerTopN,
  limit: async () => (await import('./operators/limit/limit.ts')).lowerLimit,
  single_row: async () => (await import('./operators/single-row/single-row.ts')).lowerSingleRow,
  union_all: async () => (await import('./operators/union/union.ts')).lowerUnionAll,
  window: async () => (await import('./operators/window/lower.ts')).lowerWindow,
  table_function: async () => (await import('./operators/table-function/table-function.ts')).lowerTableFunction,
  series_scan: async () => (await import('./series/lower.ts')).lowerSeriesScan,
};

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
