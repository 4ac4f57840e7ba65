import type { Insert } from '../../../grammars/ast/statement.ts';
import { asLumaError } from '../../types/error.ts';
import { compileInsert } from '../compile-insert.ts';
import type { Outcome } from '../outcome.ts';
import type { StatementContext } from '../session.ts';
import { writeRows } from './write-rows.ts';

/** INSERT: its query reads the state before it, so `INSERT INTO t SELECT … FROM t` ends. */
export async function insert(statement: Insert, context: StatementContext): Promise<Outcome> {
  const { session } = context;
  const snapshot = session.snapshot();
  try {
    const parameterTypes = (context.options.params ?? []).map(() => undefined);
    const { table, compiled } = compileInsert(statement, session.compileContext(session.catalog(snapshot), parameterTypes));
    const rows = await session.write(async (transaction) =>
      writeRows(await session.start(compiled, snapshot, context), table, transaction),
    );
    return { kind: 'command', tag: `INSERT 0 ${rows}` };
  } catch (thrown) {
    throw asLumaError(thrown).at(statement.span);
  } finally {
    snapshot.release();
  }
}
