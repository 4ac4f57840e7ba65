import type { TableFunction } from '../../../grammars/ast/relation.ts';
import { LumaError, notSupported, SQLSTATE } from '../../../src/types/error.ts';
import { applyOf, ONE_ROW, passThrough, projectOf, tableFunctionOf } from '../../logical/build.ts';
import type { LogicalPlan } from '../../logical/plan.ts';
import { argumentInfo, callFunction, coerce, settle } from '../expression/coerce.ts';
import { type ExpressionContext, plainContext } from '../expression/context.ts';
import { bindExpression } from '../expression/expression.ts';
import type { FromItem } from '../scope.ts';
import type { Environment } from '../session.ts';
import { type Attachment, attach } from '../subquery/attachment.ts';
import { aliasColumns, fromItem } from './alias.ts';
import { type Lateral, lateralScope } from './from.ts';

/**
 * A function in FROM. Its arguments see what stands to the left, as under LATERAL. A function of one column is named by
 * its alias, column and all (PostgreSQL, 7.2.1.4). A scalar function is one row.
 */
export function bindTableFunction(function_: TableFunction, environment: Environment, lateral: Lateral): FromItem {
  const scope = lateralScope(environment, lateral, true);
  const attachments: Attachment[] = [];
  const context = plainContext(environment, scope, 'functions in FROM', attachments);
  const kinds = environment.session.catalog.functions.kinds(function_.name);
  if (kinds.includes('aggregate') || (kinds.includes('window') && !kinds.includes('table'))) {
    const code = kinds.includes('aggregate') ? SQLSTATE.groupingError : SQLSTATE.windowingError;
    const what = kinds.includes('aggregate') ? 'aggregate' : 'window';
    throw new LumaError(code, `${what} functions are not allowed in functions in FROM`, { span: function_.span });
  }
  const scalarOnly = kinds.includes('scalar') && !kinds.includes('table');
  const rows = scalarOnly ? scalarRow(function_, context, attachments) : functionRows(function_, context, attachments);
  const name = function_.alias?.name ?? function_.name;
  const own = rows.columns.map((column) => (rows.columns.length === 1 ? name : column.name));
  return fromItem(rows, name, aliasColumns(own, function_.alias, function_.span));
}

function functionRows(function_: TableFunction, context: ExpressionContext, attachments: readonly Attachment[]): LogicalPlan {
  const { session } = context.environment;
  const given = function_.arguments.map((argument) => bindExpression(argument, context));
  const info = session.catalog.functions.table(function_.name, given.map(argumentInfo), function_.span);
  const arguments_ = given.map((argument, position) =>
    settle(session, coerce(session, argument, info.argumentTypes[position] ?? argument.type)),
  );
  const columns = info.columns.map((column) => session.columns.newColumn(column.name, column.type, column.nullable));
  const rows = tableFunctionOf(info, arguments_, columns);
  if (attachments.length === 0) return rows;
  return projectOf(applyOf('inner', attach(ONE_ROW, attachments), rows, []), columns.map(passThrough));
}

function scalarRow(function_: TableFunction, context: ExpressionContext, attachments: readonly Attachment[]): LogicalPlan {
  if (attachments.length > 0) throw notSupported('a subquery in a scalar function in FROM', { span: function_.span });
  const { session } = context.environment;
  const arguments_ = function_.arguments.map((argument) => bindExpression(argument, context));
  const expression = callFunction(session, function_.name, arguments_, function_.span);
  const output = session.columns.newColumn(function_.name, expression.type, expression.nullable);
  return projectOf(ONE_ROW, [{ output, expression }]);
}
