import type { ColumnId } from '../../../../planner/expression.ts';
import { isVolatile } from '../../../../planner/expression-visit.ts';
import type { ProjectOperator } from '../../../../planner/physical/plan.ts';
import type { Value } from '../../../functions/definition.ts';
import { emitExpression } from '../../expression/emit.ts';
import type { Row, Stream } from '../../pipeline/stream.ts';
import { addStep } from '../../pipeline/streams.ts';
import type { QueryRun } from '../../query-run.ts';

/** Computes columns. One is computed where it is first asked for; a volatile one at once, so that it is the same wherever it is used. */
export async function lowerProject(plan: ProjectOperator, run: QueryRun): Promise<Stream> {
  const { node, items } = plan;
  return addStep(await run.lower(plan.input), plan.columns, {
    node,
    emit: (_pipeline, row, next) => {
      const columns = new Map<ColumnId, (below: Row) => Value>(
        items.map(({ output, expression }) => [output.id, (below) => emitExpression(below, expression)]),
      );
      const projected = row.with(columns);
      for (const { output, expression } of items) if (isVolatile(expression)) projected.column(output.id);
      next(projected);
    },
  });
}
