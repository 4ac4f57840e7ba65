import type { Column, ColumnId } from '../../../../planner/expression.ts';
import type { UnionAll } from '../../../../planner/physical/plan.ts';
import type { Value } from '../../../functions/definition.ts';
import { branchShapes } from '../../pipeline/shapes.ts';
import type { Branch, Row, Stream } from '../../pipeline/stream.ts';
import type { QueryRun } from '../../query-run.ts';
import { commonShape } from '../../rows/build.ts';
import { conform } from '../../rows/conform.ts';
import type { FieldShape } from '../../rows/layout.ts';
import { noRows } from '../hash-join/empty.ts';

/** The inputs one after the other: their branches become the branches of one stream. */
export async function lowerUnionAll(plan: UnionAll, run: QueryRun): Promise<Stream> {
  const inputs: Stream[] = [];
  for (const input of plan.inputs) inputs.push(await run.lower(input));
  return unionOf(run, inputs, plan.columns, plan.node);
}

/** Streams of equal types, position by position, as one that delivers `columns`; `node` counts its rows. */
export function unionOf(run: QueryRun, inputs: readonly Stream[], columns: readonly Column[], node: number): Stream {
  const branches = inputs.flatMap((input) => input.branches.map((branch) => ({ branch, from: input.columns })));
  if (branches.length === 0) return noRows(columns);
  const shapes = branches.map(({ branch, from }) => branchShapes(run, branch, from));
  const common = columns.map((_, position) =>
    shapes.map((each) => each[position]).reduce((a, b) => (a === undefined || b === undefined ? undefined : commonShape(a, b))),
  );
  return {
    branches: branches.map(({ branch, from }) => renamed(branch, from, columns, common, node)),
    columns,
    ordered: false,
  };
}

/** The branch with its columns renamed and brought into the common shapes. */
function renamed(
  { source, steps }: Branch,
  from: readonly Column[],
  to: readonly Column[],
  shapes: readonly (FieldShape | undefined)[],
  node: number,
): Branch {
  const columns = new Map<ColumnId, (row: Row) => Value>();
  to.forEach(({ id }, position) => {
    const [column, shape] = [from[position], shapes[position]];
    if (column !== undefined && shape !== undefined) columns.set(id, (row) => conform(row.f, row.column(column.id), shape));
  });
  return { source, steps: [...steps, { node, emit: (_pipeline, row, next) => next(row.with(columns)) }] };
}
