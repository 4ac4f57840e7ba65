import type { Analyze } from '../../../grammars/ast/statement.ts';
import { asLumaError } from '../../types/error.ts';
import type { Outcome } from '../results/outcome.ts';
import type { StatementContext } from '../session.ts';

/** ANALYZE: refines the statistics of the named tables, or of all. */
export async function analyzeTables(statement: Analyze, context: StatementContext): Promise<Outcome> {
  const { storage } = context.engine;
  const snapshot = context.session.snapshot();
  const names = statement.tables.length > 0 ? statement.tables : snapshot.tables().map((table) => table.name);
  snapshot.release();
  for (const name of names) {
    context.deadline.check();
    try {
      await storage.analyze(name);
    } catch (thrown) {
      throw asLumaError(thrown).at(statement.span);
    }
  }
  return { kind: 'command', tag: 'ANALYZE' };
}
