import type { Deallocate, Discard } from '../../../grammars/ast/statement.ts';
import { LumaError, SQLSTATE } from '../../types/error.ts';
import type { CommandOutcome } from '../results/outcome.ts';
import type { Session } from '../session.ts';

/** Throws 26000 for a name that no prepared statement has. */
export function deallocate({ name, span }: Deallocate, { statements }: Session): CommandOutcome {
  if (name === null) {
    statements.clear();
    return { kind: 'command', tag: 'DEALLOCATE ALL' };
  }
  if (!statements.delete(name)) {
    throw new LumaError(SQLSTATE.invalidStatementName, `prepared statement "${name}" does not exist`, { span });
  }
  return { kind: 'command', tag: 'DEALLOCATE' };
}

/**
 * DISCARD ALL gives poolers a session as new: settings and prepared statements (PostgreSQL, DISCARD). What else it names, a
 * session never has. Throws 25001 inside a transaction block.
 */
export function discard({ what, span }: Discard, session: Session): CommandOutcome {
  if (what === 'all') {
    if (session.transactionStatus !== 'idle') {
      throw new LumaError(SQLSTATE.activeTransaction, 'DISCARD ALL cannot run inside a transaction block', { span });
    }
    session.settings.set('all', null);
    session.statements.clear();
  }
  return { kind: 'command', tag: `DISCARD ${what.toUpperCase()}` };
}
