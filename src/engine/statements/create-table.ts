import type { CreateTable } from '../../../grammars/ast/statement.ts';
import type { ColumnDefinition, Snapshot, StorageTransaction } from '../../../storage/api.ts';
import { typeName } from '../../types/data-type.ts';
import { asLumaError, LumaError, SQLSTATE } from '../../types/error.ts';
import type { Compiled } from '../compile.ts';
import type { Outcome } from '../results/outcome.ts';
import type { StatementContext } from '../session.ts';
import { columnsWithRoles } from './roles.ts';
import { writeRows } from './write-rows.ts';

/** CREATE TABLE, and CREATE TABLE … AS, whose plan `current` gives: the definition and the rows are one commit. */
export async function createTable(
  statement: CreateTable,
  context: StatementContext,
  current: (snapshot: Snapshot) => Compiled,
): Promise<Outcome> {
  const { session } = context;
  const snapshot = session.snapshot();
  try {
    if (statement.ifNotExists && snapshot.table(statement.name) !== undefined) return { kind: 'command', tag: 'CREATE TABLE' };
    if (statement.query === null) {
      const columns = columnsWithRoles(statement.columns);
      await session.write((transaction) => create(transaction, statement, columns));
      return { kind: 'command', tag: 'CREATE TABLE' };
    }
    const compiled = current(snapshot);
    const columns = columnsWithRoles(
      compiled.physical.output.map(({ name, type }) => ({ span: statement.span, name, type, role: null, notNull: false })),
    );
    const unknown = columns.find((column) => column.type.kind === 'null');
    if (unknown !== undefined) {
      throw new LumaError(SQLSTATE.invalidColumnDefinition, `column "${unknown.name}" has no type (${typeName(unknown.type)})`, {
        span: statement.span,
        hint: 'Give it one with CAST(… AS type).',
      });
    }
    const rows = await session.write(async (transaction) => {
      create(transaction, statement, columns);
      return writeRows(await session.start(compiled, snapshot, context), statement.name, transaction);
    });
    return { kind: 'command', tag: `SELECT ${rows}` };
  } finally {
    snapshot.release();
  }
}

function create(transaction: StorageTransaction, statement: CreateTable, columns: readonly ColumnDefinition[]): void {
  try {
    transaction.createTable({ name: statement.name, columns });
  } catch (thrown) {
    throw asLumaError(thrown).at(statement.span);
  }
}
