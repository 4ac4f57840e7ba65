import type { BoundExpression, ColumnId, ConstantValue } from '../../../../planner/expression.ts';
import type { EmptyScan, OneRowScan, ValuesScan } from '../../../../planner/physical/plan.ts';
import type { Value } from '../../../functions/definition.ts';
import { batchOf } from '../../../types/vector-build.ts';
import { emitExpression } from '../../expression/emit.ts';
import type { Row, Stream } from '../../pipeline/stream.ts';
import { addStep, streamOf } from '../../pipeline/streams.ts';
import type { QueryRun } from '../../query-run.ts';
import { batchSource } from '../scan/batch-source.ts';
import { columnSource } from '../scan/column-source.ts';
import { unionOf } from '../union/union.ts';

/** One row without columns. */
export async function lowerOneRow(plan: OneRowScan, run: QueryRun): Promise<Stream> {
  return streamOf(columnSource(run, [], [{ rows: 1, columns: [] }], plan.node), plan.columns);
}

export async function lowerEmpty(plan: EmptyScan, run: QueryRun): Promise<Stream> {
  return streamOf(batchSource(run, plan.columns, [], plan.node), plan.columns);
}

/** Rows of constants become columns at once; others are a pipeline of one row each. */
export async function lowerValues(plan: ValuesScan, run: QueryRun): Promise<Stream> {
  const constants = plan.rows.map((row) => row.map((expression) => constantOf(expression, run)));
  if (constants.every((row) => row.every((value) => value !== undefined))) {
    const rows = constants.map((row) => row.map((value) => value ?? null));
    const types = plan.columns.map((column) => column.type);
    return streamOf(batchSource(run, plan.columns, [batchOf(types, rows)], plan.node), plan.columns);
  }
  const inputs = plan.rows.map((row) => rowOfExpressions(plan, row, run));
  return unionOf(run, inputs, plan.columns, plan.node);
}

function constantOf(expression: BoundExpression, run: QueryRun): ConstantValue | undefined {
  if (expression.kind === 'constant') return expression.value;
  return expression.kind === 'parameter' ? run.parameters[expression.index - 1]?.value : undefined;
}

function rowOfExpressions(plan: ValuesScan, row: readonly BoundExpression[], run: QueryRun): Stream {
  const columns = new Map<ColumnId, (below: Row) => Value>();
  plan.columns.forEach(({ id }, position) => {
    const expression = row[position];
    if (expression !== undefined) columns.set(id, (below) => emitExpression(below, expression));
  });
  const one = streamOf(columnSource(run, [], [{ rows: 1, columns: [] }], null), []);
  return addStep(one, plan.columns, { node: plan.node, emit: (_pipeline, below, next) => next(below.with(columns)) });
}
