import { asLumaError } from '../../../types/error.ts';
import type { Connection } from '../connection.ts';
import type { Body } from '../messages/body.ts';
import { commandComplete, errorResponse } from '../messages/responses.ts';
import type { ImplicitBlock } from './implicit-block.ts';
import { sendOutcome } from './outcomes.ts';

/**
 * The simple query protocol (55.2.2): all statements of one message are one transaction unless they say otherwise, and
 * the first error ends them. They join what `block` has open. Never throws.
 */
export async function simpleQuery(connection: Connection, body: Body, block: ImplicitBlock): Promise<void> {
  let text = '';
  const { session, out } = connection;
  try {
    text = body.text();
    body.end();
    const statements = session.parse(text);
    if (statements.length === 0) out.begin('I').end();
    for (const statement of statements) {
      // A message of one statement needs no block: the statement is a transaction of its own.
      if ((statements.length > 1 || block.open) && (await block.before(statement))) {
        commandComplete(out, 'BEGIN');
        continue;
      }
      const controller = new AbortController();
      await connection.cancellable(controller, async () => {
        const outcome = await session.execute(session.prepare(statement), { signal: controller.signal });
        await sendOutcome(connection, outcome);
      });
    }
    await block.end();
  } catch (thrown) {
    await block.abandon();
    session.fail();
    errorResponse(out, asLumaError(thrown), 'ERROR', text);
  }
}
