import type { PhysicalKind, PhysicalPlan } from '../../planner/physical/plan.ts';
import { lowerAggregate } from './operators/aggregate/lower.ts';
import { lowerFilter } from './operators/filter/filter.ts';
import { lowerHashJoin } from './operators/hash-join/lower.ts';
import { lowerLimit } from './operators/limit/limit.ts';
import { lowerNestedLoop } from './operators/nested-loop/lower.ts';
import { lowerProject } from './operators/project/project.ts';
import { lowerTableScan } from './operators/scan/table-scan.ts';
import { lowerSingleRow } from './operators/single-row/single-row.ts';
import { lowerSort } from './operators/sort/lower.ts';
import { lowerTableFunction } from './operators/table-function/table-function.ts';
import { lowerTopN } from './operators/top-n/lower.ts';
import { lowerUnionAll } from './operators/union/union.ts';
import { lowerEmpty, lowerOneRow, lowerValues } from './operators/values/constant-rows.ts';
import { lowerWindow } from './operators/window/lower.ts';
import type { Stream } from './pipeline/stream.ts';
import type { QueryRun } from './query-run.ts';
import { lowerSeriesScan } from './series/lower.ts';

/** How an operator becomes a stream; what it needs of its inputs has run by then. */
type Lower<Plan> = (plan: Plan, run: QueryRun) => Promise<Stream>;

const LOWER: { readonly [Kind in PhysicalKind]: Lower<Extract<PhysicalPlan, { kind: Kind }>> } = {
  table_scan: lowerTableScan,
  one_row: lowerOneRow,
  empty: lowerEmpty,
  values: lowerValues,
  filter: lowerFilter,
  project: lowerProject,
  hash_aggregate: lowerAggregate,
  hash_join: lowerHashJoin,
  nested_loop_join: lowerNestedLoop,
  sort: lowerSort,
  top_n: lowerTopN,
  limit: lowerLimit,
  single_row: lowerSingleRow,
  union_all: lowerUnionAll,
  window: lowerWindow,
  table_function: lowerTableFunction,
  series_scan: lowerSeriesScan,
};

export function lowerPlan(plan: PhysicalPlan, run: QueryRun): Promise<Stream> {
  return lowerKind(plan.kind, plan, run);
}

function lowerKind<Kind extends PhysicalKind>(
  kind: Kind,
  plan: Extract<PhysicalPlan, { kind: Kind }>,
  run: QueryRun,
): Promise<Stream> {
  return LOWER[kind](plan, run);
}
