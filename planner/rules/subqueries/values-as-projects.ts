import type { NamedExpression } from '../../expression.ts';
import { projectOf, setOperationOf } from '../../logical/build.ts';
import type { LogicalPlan, Values } from '../../logical/plan.ts';
import type { ColumnFactory } from '../rule.ts';

/** VALUES as a projection of one row for each of its rows: what stands in them may then refer to columns of a join. */
export function valuesAsProjects(plan: Values, columns: ColumnFactory): LogicalPlan {
  const only = plan.rows.length === 1;
  const rows = plan.rows.map((row) =>
    projectOf(
      { kind: 'one_row', columns: [] },
      plan.columns.flatMap((column, at): NamedExpression[] => {
        const expression = row[at];
        if (expression === undefined) return [];
        const output = only ? column : columns.newColumn(column.name, column.type, true);
        return [{ output: { ...output, nullable: expression.nullable }, expression }];
      }),
    ),
  );
  const [first] = rows;
  if (first !== undefined && only) return first;
  return setOperationOf('union', true, rows, plan.columns);
}
