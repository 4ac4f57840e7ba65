import type { Copy } from '../../../grammars/ast/statement.ts';
import type { TableDefinition } from '../../../storage/api.ts';
import { LumaError, SQLSTATE } from '../../types/error.ts';
import { didYouMean } from '../../types/nearest.ts';
import type { Outcome } from '../results/outcome.ts';
import type { StatementContext } from '../session.ts';
import { copyFrom } from './copy-from.ts';
import { copyOptions } from './copy-options.ts';
import { copyTo } from './copy-to.ts';

/** COPY between a table or query and a file or the client. */
export async function copy(statement: Copy, context: StatementContext): Promise<Outcome> {
  const options = copyOptions(statement);
  const table = tableOf(statement, context);
  if (statement.direction === 'to') return copyTo(statement, options, context);
  if (table !== null) return copyFrom(statement, table, options, context);
  throw new LumaError(SQLSTATE.syntaxError, 'COPY … FROM takes a table, not a query', { span: statement.span });
}

/** The table that is named; null: a query is. Throws 42P01 for a table and 42703 for a column that is not there, 42701 for one twice. */
function tableOf({ source, span }: Copy, { session }: StatementContext): TableDefinition | null {
  if (source.type === 'query') return null;
  const snapshot = session.snapshot();
  try {
    const table = snapshot.table(source.name);
    if (table === undefined) {
      const names = snapshot.tables().map((each) => each.name);
      throw new LumaError(SQLSTATE.undefinedTable, `table "${source.name}" does not exist`, {
        span,
        hint: didYouMean(source.name, names),
      });
    }
    const twice = source.columns.find((name, position) => source.columns.indexOf(name) !== position);
    if (twice !== undefined) {
      throw new LumaError(SQLSTATE.duplicateColumn, `column "${twice}" specified more than once`, { span });
    }
    const names = table.columns.map((column) => column.name);
    const missing = source.columns.find((name) => !names.includes(name));
    if (missing === undefined) return table;
    throw new LumaError(SQLSTATE.undefinedColumn, `table "${table.name}" has no column "${missing}"`, {
      span,
      hint: didYouMean(missing, names),
    });
  } finally {
    snapshot.release();
  }
}
