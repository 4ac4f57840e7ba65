import type { Insert } from '../../grammars/ast/statement.ts';
import { LumaError, SQLSTATE } from '../../src/types/error.ts';
import { didYouMean } from '../../src/types/nearest.ts';
import type { Span } from '../../src/types/span.ts';
import type { Catalog, TableColumn, TableInfo } from '../catalog.ts';
import type { BoundExpression, NamedExpression } from '../expression.ts';
import { constantOf } from '../expression-build.ts';
import { columnRef, projectOf } from '../logical/build.ts';
import type { LogicalPlan, LogicalQuery } from '../logical/plan.ts';
import { castForAssignment } from './expression/cast.ts';
import { bindRelation, finishQuery } from './query.ts';
import { bindValueRows, valuesPlan } from './select/values.ts';
import { type BindOptions, createSession, type Environment } from './session.ts';

/** A bound INSERT: `query` has one output per column of `table`, in its order and of its type. */
export interface BoundInsert {
  readonly table: TableInfo;
  readonly query: LogicalQuery;
}

/**
 * INSERT; a column that the statement leaves out is NULL. Errors besides the source's own: 42P01 no such table, 42703 and
 * 42701 in the column list, 42601 for too many or too few values, 42804 for a value that no assignment cast takes.
 */
export function bindInsert(insert: Insert, catalog: Catalog, options: BindOptions): BoundInsert {
  const session = createSession(catalog, options);
  const environment = { session, outer: null, commonTables: new Map() };
  const table = session.catalog.table(insert.table);
  if (table === undefined) {
    const known = session.catalog.tables().map((each) => each.name);
    throw new LumaError(SQLSTATE.undefinedTable, `relation "${insert.table}" does not exist`, {
      span: insert.span,
      hint: didYouMean(insert.table, known),
    });
  }
  const targets = targetColumns(insert, table);
  const source = valueRows(insert, targets, environment) ?? queryRows(insert, targets, environment);
  const items = table.columns.map((column): NamedExpression => {
    const position = targets.indexOf(column);
    const given = source.expressions[position] ?? constantOf(null, column.type, insert.span);
    return { output: session.columns.newColumn(column.name, column.type, given.nullable), expression: given };
  });
  const names = table.columns.map((column) => column.name);
  return { table, query: finishQuery(projectOf(source.plan, items), names, session) };
}

/** The columns that the source fills, in its order: the list of the statement, or the whole table. */
function targetColumns(insert: Insert, table: TableInfo): readonly TableColumn[] {
  if (insert.columns.length === 0) return table.columns;
  const names = table.columns.map((column) => column.name);
  return insert.columns.map((name, position) => {
    if (insert.columns.indexOf(name) !== position) {
      throw new LumaError(SQLSTATE.duplicateColumn, `column "${name}" specified more than once`, { span: insert.span });
    }
    const column = table.columns.find((each) => each.name === name);
    if (column !== undefined) return column;
    throw new LumaError(SQLSTATE.undefinedColumn, `column "${name}" of relation "${table.name}" does not exist`, {
      span: insert.span,
      hint: didYouMean(name, names),
    });
  });
}

/** `expressions[i]` is the value of the i-th target column over the plan's rows. */
interface Source {
  readonly plan: LogicalPlan;
  readonly expressions: readonly BoundExpression[];
}

/** Plain VALUES: each expression is cast to its column on its own (PostgreSQL, analyze.c: transformInsertStmt). */
function valueRows(insert: Insert, targets: readonly TableColumn[], environment: Environment): Source | undefined {
  const { source } = insert;
  const { body } = source;
  const bare = source.with.length === 0 && source.orderBy.length === 0 && source.limit === null && source.offset === null;
  if (body.kind !== 'values' || !bare) return undefined;
  const { session } = environment;
  const bound = bindValueRows(body, environment);
  const filled = checkWidth(insert, targets, bound.rows[0]?.length ?? 0, bound.rows[0]?.at(targets.length)?.span);
  const rows = bound.rows.map((row) =>
    filled.flatMap((target, position) => {
      const expression = row[position];
      return expression === undefined ? [] : [castForAssignment(session, expression, target)];
    }),
  );
  const columns = filled.map((target, position) =>
    session.columns.newColumn(
      target.name,
      target.type,
      rows.some((row) => row[position]?.nullable ?? true),
    ),
  );
  return { plan: valuesPlan({ rows, attachments: bound.attachments }, columns, body), expressions: columns.map(columnRef) };
}

function queryRows(insert: Insert, targets: readonly TableColumn[], environment: Environment): Source {
  const { plan, outputs } = bindRelation(insert.source, environment, true);
  const filled = checkWidth(insert, targets, outputs.length, insert.source.span);
  const expressions = filled.flatMap((target, position) => {
    const column = plan.columns[position];
    if (column === undefined) return [];
    const given = outputs[position]?.untyped ?? { ...columnRef(column), span: insert.source.span };
    return [castForAssignment(environment.session, given, target)];
  });
  return { plan, expressions };
}

/** The targets that get a value; without a column list, fewer values than columns are allowed. */
function checkWidth(
  insert: Insert,
  targets: readonly TableColumn[],
  width: number,
  span: Span | undefined,
): readonly TableColumn[] {
  if (width > targets.length) {
    throw new LumaError(SQLSTATE.syntaxError, 'INSERT has more expressions than target columns', {
      span: span ?? insert.source.span,
    });
  }
  if (width < targets.length && insert.columns.length > 0) {
    throw new LumaError(SQLSTATE.syntaxError, 'INSERT has more target columns than expressions', { span: insert.span });
  }
  return targets.slice(0, width);
}
