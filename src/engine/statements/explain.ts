import type { Explain } from '../../../grammars/ast/statement.ts';
import { explainQuery } from '../../../planner/explain/explain.ts';
import type { Snapshot } from '../../../storage/api.ts';
import { TEXT } from '../../types/data-type.ts';
import { notSupported } from '../../types/error.ts';
import { vectorOf } from '../../types/vector-build.ts';
import type { Compiled } from '../compile.ts';
import type { Outcome } from '../results/outcome.ts';
import { readyRows } from '../results/rows.ts';
import type { StatementContext } from '../session.ts';
import { explainSchema } from './explain-schema.ts';

/**
 * EXPLAIN: the plan that `current` gives (null: the statement has none) as lines of text or as JSON. ANALYZE runs the
 * statement, throws its rows away and reports what it did; of a statement that writes it is refused, because looking must
 * not change anything.
 */
export async function explain(
  statement: Explain,
  context: StatementContext,
  current: ((snapshot: Snapshot) => Compiled) | null,
): Promise<Outcome> {
  const { session } = context;
  const inner = statement.statement;
  const snapshot = session.snapshot();
  try {
    if (current === null) throw notSupported(`EXPLAIN of ${inner.kind.replaceAll('_', ' ')}`, { span: inner.span });
    if (statement.analyze && (inner.kind === 'insert' || inner.kind === 'create_table')) {
      throw notSupported('EXPLAIN ANALYZE of a statement that writes', {
        span: inner.span,
        hint: 'EXPLAIN ANALYZE its SELECT.',
      });
    }
    const compiled = current(snapshot);
    const execution = statement.analyze ? await measure(compiled, snapshot, context) : undefined;
    const text = explainQuery(compiled, { format: statement.format, verbose: statement.verbose, execution });
    const lines = statement.format === 'json' ? [text] : text.split('\n');
    return readyRows('EXPLAIN', explainSchema(), { length: lines.length, columns: [vectorOf(TEXT, lines)] });
  } finally {
    snapshot.release();
  }
}

async function measure(compiled: Compiled, snapshot: Snapshot, context: StatementContext) {
  const result = await context.session.start(compiled, snapshot, context, true);
  try {
    for await (const _ of result.stream());
    return { ...result.statistics, planningMs: compiled.planningMs };
  } finally {
    result.release();
  }
}
