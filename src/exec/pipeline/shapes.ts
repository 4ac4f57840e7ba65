import type { Column } from '../../../planner/expression.ts';
import { LumaError, SQLSTATE } from '../../types/error.ts';
import type { QueryRun } from '../query-run.ts';
import { shapeOf } from '../rows/build.ts';
import type { FieldShape } from '../rows/layout.ts';
import { emitBranch } from './code/branch.ts';
import { PipelineFunction } from './code/builder.ts';
import { ErrorTable } from './code/errors.ts';
import { PipelineModule } from './code/module.ts';
import type { Branch, Sink } from './stream.ts';

/** The shapes in which a branch delivers the columns, found by generating it for nothing. */
export function branchShapes(run: QueryRun, branch: Branch, columns: readonly Column[]): readonly FieldShape[] {
  let shapes: readonly FieldShape[] | undefined;
  const sink: Sink = {
    open: () => undefined,
    consume: (_pipeline, row) => {
      shapes = columns.map((column) => shapeOf(row.column(column.id)));
    },
  };
  const owner = new PipelineModule(run, new ErrorTable(), branch.source.rows);
  PipelineFunction.entry(owner, 'shapes', (pipeline) => emitBranch(pipeline, branch, sink, null));
  if (shapes === undefined) throw new LumaError(SQLSTATE.internalError, 'a pipeline was generated without its sink');
  return shapes;
}
