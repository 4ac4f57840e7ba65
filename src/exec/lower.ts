import type { PhysicalKind, PhysicalPlan } from '../../planner/physical/plan.ts';
import { notSupported } from '../types/error.ts';
import { lowerAggregate } from './operators/aggregate/lower.ts';
import { lowerFilter } from './operators/filter/filter.ts';
import { lowerLimit } from './operators/limit/limit.ts';
import { lowerProject } from './operators/project/project.ts';
import { lowerTableScan } from './operators/scan/table-scan.ts';
import { lowerSingleRow } from './operators/single-row/single-row.ts';
import { lowerTableFunction } from './operators/table-function/table-function.ts';
import { lowerUnionAll } from './operators/union/union.ts';
import { lowerEmpty, lowerOneRow, lowerValues } from './operators/values/constant-rows.ts';
import type { Stream } from './pipeline/stream.ts';
import type { QueryRun } from './query-run.ts';

/** How an operator becomes a stream; what it needs of its inputs has run by then. */
type Lower<Plan> = (plan: Plan, run: QueryRun) => Promise<Stream>;

const LOWER: { readonly [Kind in PhysicalKind]?: Lower<Extract<PhysicalPlan, { kind: Kind }>> } = {
  table_scan: lowerTableScan,
  one_row: lowerOneRow,
  empty: lowerEmpty,
  values: lowerValues,
  filter: lowerFilter,
  project: lowerProject,
  hash_aggregate: lowerAggregate,
  limit: lowerLimit,
  single_row: lowerSingleRow,
  union_all: lowerUnionAll,
  table_function: lowerTableFunction,
};

export function lowerPlan(plan: PhysicalPlan, run: QueryRun): Promise<Stream> {
  return lowerKind(plan.kind, plan, run);
}

function lowerKind<Kind extends PhysicalKind>(
  kind: Kind,
  plan: Extract<PhysicalPlan, { kind: Kind }>,
  run: QueryRun,
): Promise<Stream> {
  const lower = LOWER[kind];
  if (lower === undefined) throw notSupported(`the operator ${kind}`);
  return lower(plan, run);
}
