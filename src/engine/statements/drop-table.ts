import type { DropTable } from '../../../grammars/ast/statement.ts';
import { LumaError, SQLSTATE } from '../../types/error.ts';
import { didYouMean } from '../../types/nearest.ts';
import type { Outcome } from '../results/outcome.ts';
import type { StatementContext } from '../session.ts';

/** DROP TABLE: all of the named tables or, when one is missing, none. */
export async function dropTables(statement: DropTable, context: StatementContext): Promise<Outcome> {
  await context.session.write((transaction) => {
    const snapshot = transaction.snapshot();
    try {
      for (const name of statement.names) {
        if (snapshot.table(name) !== undefined) transaction.dropTable(name);
        else if (!statement.ifExists) {
          const names = snapshot.tables().map((table) => table.name);
          throw new LumaError(SQLSTATE.undefinedTable, `table "${name}" does not exist`, {
            span: statement.span,
            hint: didYouMean(name, names) ?? 'DROP TABLE IF EXISTS passes over it.',
          });
        }
      }
    } finally {
      snapshot.release();
    }
  });
  return { kind: 'command', tag: 'DROP TABLE' };
}
