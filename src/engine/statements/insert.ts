import type { Insert } from '../../../grammars/ast/statement.ts';
import type { Snapshot } from '../../../storage/api.ts';
import { asLumaError } from '../../types/error.ts';
import type { Compiled } from '../compile.ts';
import type { Outcome } from '../results/outcome.ts';
import type { StatementContext } from '../session.ts';
import { writeRows } from './write-rows.ts';

/**
 * INSERT: `current` gives the plan of the rows, one output per column of the table. It reads the state before the
 * statement, so `INSERT INTO t SELECT … FROM t` ends.
 */
export async function insert(
  statement: Insert,
  context: StatementContext,
  current: (snapshot: Snapshot) => Compiled,
): Promise<Outcome> {
  const { session } = context;
  const snapshot = session.snapshot();
  try {
    const compiled = current(snapshot);
    const rows = await session.write(async (transaction) =>
      writeRows(await session.start(compiled, snapshot, context), statement.table, transaction),
    );
    return { kind: 'command', tag: `INSERT 0 ${rows}` };
  } catch (thrown) {
    throw asLumaError(thrown).at(statement.span);
  } finally {
    snapshot.release();
  }
}
