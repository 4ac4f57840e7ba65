import type { Statement } from '../../../grammars/ast/statement.ts';
import { asLumaError } from '../../types/error.ts';
import type { Connection } from './connection.ts';
import { sendOutcome } from './outcomes.ts';
import { errorResponse } from './responses.ts';

/**
 * The simple query protocol (55.2.2): all statements of one message are one transaction unless they say otherwise, and
 * the first error ends them.
 */
export async function simpleQuery(connection: Connection, text: string): Promise<void> {
  const { session, out } = connection;
  let implicit = false;
  try {
    const statements = session.parse(text);
    if (statements.length === 0) {
      out.begin('I').end();
      return;
    }
    implicit = statements.length > 1 && session.transactionStatus === 'idle' && !statements.some(isTransactionControl);
    if (implicit) await runControl(connection, 'begin');
    for (const statement of statements) {
      await connection.cancellable(async (signal) => {
        const outcome = await session.execute(session.prepare(statement), { signal });
        await sendOutcome(connection, outcome, { describe: true });
      });
    }
    if (implicit) await runControl(connection, 'commit');
  } catch (thrown) {
    if (implicit) await runControl(connection, 'rollback');
    errorResponse(out, asLumaError(thrown), 'ERROR', text);
  }
}

function isTransactionControl(statement: Statement): boolean {
  return statement.kind === 'transaction';
}

async function runControl({ session }: Connection, action: 'begin' | 'commit' | 'rollback'): Promise<void> {
  await session.execute(session.prepare({ kind: 'transaction', span: { start: 0, end: 0 }, action }));
}
