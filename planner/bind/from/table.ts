import type { TableReference } from '../../../grammars/ast/relation.ts';
import { LumaError, SQLSTATE } from '../../../src/types/error.ts';
import { didYouMean } from '../../../src/types/nearest.ts';
import type { TableInfo } from '../../catalog.ts';
import { scanOf } from '../../logical/build.ts';
import type { Scan } from '../../logical/plan.ts';
import type { FromItem } from '../scope.ts';
import type { BindSession, Environment } from '../session.ts';
import { aliasColumns, fromItem } from './alias.ts';
import { bindCommonTable } from './common-table.ts';

/** The schema of tables that no schema names. */
const DEFAULT_SCHEMA = 'public';

/** A table or a WITH entry, which hides a table of its name; 42P01 when there is neither. */
export function bindTable(reference: TableReference, environment: Environment): FromItem {
  const { name, alias, span } = reference;
  const shown = alias?.name ?? name;
  const common = reference.schema === null ? environment.commonTables.get(name) : undefined;
  if (common !== undefined) {
    const { plan, outputs } = bindCommonTable(common, span);
    const own = aliasColumns(
      outputs.map((output) => output.name),
      { name, columns: common.definition.columns },
      common.definition.span,
    );
    return fromItem(plan, shown, aliasColumns(own, alias, span));
  }
  const table = findTable(reference, environment);
  const names = aliasColumns(
    table.columns.map((column) => column.name),
    alias === null ? null : { ...alias, name: shown },
    span,
  );
  return fromItem(scanTable(environment.session, table, shown, [...table.columns.keys()]), shown, names);
}

/** A scan of the table's columns at the given positions. */
export function scanTable(session: BindSession, table: TableInfo, alias: string, positions: readonly number[]): Scan {
  const columns = positions.flatMap((position) => {
    const column = table.columns[position];
    return column === undefined ? [] : [session.columns.newColumn(column.name, column.type, !column.notNull)];
  });
  return scanOf(table, alias, positions, columns);
}

function findTable(reference: TableReference, environment: Environment): TableInfo {
  const { catalog } = environment.session;
  const { schema, name, span } = reference;
  const full = schema === null || schema === DEFAULT_SCHEMA ? name : `${schema}.${name}`;
  const table = catalog.table(full);
  if (table !== undefined) return table;
  const known = [...catalog.tables().map((each) => each.name), ...environment.commonTables.keys()];
  const shown = schema === null ? name : `${schema}.${name}`;
  throw new LumaError(SQLSTATE.undefinedTable, `relation "${shown}" does not exist`, { span, hint: didYouMean(full, known) });
}
