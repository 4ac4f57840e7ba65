import type { SeriesRelation } from '../../../grammars/ast/relation.ts';
import type { SeriesExpression } from '../../../grammars/ast/series.ts';
import { TEXT } from '../../../src/types/data-type.ts';
import { LumaError, SQLSTATE } from '../../../src/types/error.ts';
import type { NamedExpression } from '../../expression.ts';
import { constantOf } from '../../expression-build.ts';
import { passThrough, projectOf, seriesScanOf } from '../../logical/build.ts';
import type { LogicalPlan } from '../../logical/plan.ts';
import type { FromItem } from '../scope.ts';
import { bindSeriesExpression } from '../series/expression.ts';
import { seriesColumns } from '../series/output.ts';
import type { Environment } from '../session.ts';
import { aliasColumns, fromItem } from './alias.ts';
import { bindGrid } from './series-grid.ts';

/** A series expression in FROM: its labels as TEXT, `time` TIMESTAMP(3), `value` DOUBLE PRECISION. */
export function bindSeriesRelation(relation: SeriesRelation, environment: Environment): FromItem {
  const { session } = environment;
  const series = bindSeriesExpression(relation.expression, bindGrid(relation, environment), session);
  if (series.kind === 'series_string') {
    throw new LumaError(SQLSTATE.datatypeMismatch, 'a string is no relation', { span: relation.expression.span });
  }
  const { output, columns } = seriesColumns(series, session);
  const plan = withGroupColumns(seriesScanOf(series, output, columns), relation.expression, environment);
  const names = aliasColumns(
    plan.columns.map((column) => column.name),
    relation.alias,
    relation.span,
  );
  return fromItem(plan, relation.alias?.name ?? null, names);
}

/** The labels of an outermost `by` are columns, NULL ones, even while no series has them: SQL names must not depend on data. */
function withGroupColumns(plan: LogicalPlan, expression: SeriesExpression, { session }: Environment): LogicalPlan {
  const present = new Set(plan.columns.map((column) => column.name));
  const missing = [...new Set(outerGroups(expression))].filter((label) => !present.has(label));
  if (missing.length === 0) return plan;
  const added = missing.map((label): NamedExpression => {
    const output = session.columns.newColumn(label, TEXT, true);
    return { output, expression: constantOf(null, TEXT, expression.span) };
  });
  return projectOf(plan, [...added, ...plan.columns.map(passThrough)]);
}

function outerGroups(expression: SeriesExpression): readonly string[] {
  switch (expression.kind) {
    case 'aggregation':
      return expression.grouping.type === 'by' ? expression.grouping.labels : [];
    case 'series_negate':
      return outerGroups(expression.operand);
    case 'series_binary':
      return [...outerGroups(expression.left), ...outerGroups(expression.right)];
    default:
      return [];
  }
}
