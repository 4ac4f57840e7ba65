import type { CopyInOutcome, CopyOutOutcome, Outcome } from '../../engine/outcome.ts';
import { LumaError, SQLSTATE } from '../../types/error.ts';
import type { Connection } from './connection.ts';
import { commandComplete, copyResponse, dataRows, FORMAT, rowDescription } from './responses.ts';

/** Rows of one batch are written in steps of this many, so that a large batch does not pile up in memory. */
const ROWS_AT_ONCE = 1024;

/** Sends all of an outcome; `describe` puts the row description before the rows (simple queries). */
export async function sendOutcome(
  connection: Connection,
  outcome: Outcome,
  options: { readonly describe: boolean; readonly formats?: readonly number[] },
): Promise<void> {
  const { out } = connection;
  switch (outcome.kind) {
    case 'command':
      commandComplete(out, outcome.tag);
      return;
    case 'rows': {
      const formats = options.formats ?? outcome.schema.map(() => FORMAT.text);
      if (options.describe) rowDescription(out, outcome.schema, formats);
      let rows = 0;
      for await (const batch of outcome.batches) {
        for (let from = 0; from < batch.length; from += ROWS_AT_ONCE) {
          dataRows(out, batch, formats, from, Math.min(batch.length, from + ROWS_AT_ONCE));
          await connection.flushWhenLarge();
        }
        rows += batch.length;
      }
      commandComplete(out, outcome.command === 'SELECT' ? `SELECT ${rows}` : outcome.command);
      return;
    }
    case 'copy_in':
      return copyIn(connection, outcome);
    case 'copy_out':
      return copyOut(connection, outcome);
  }
}

async function copyIn(connection: Connection, outcome: CopyInOutcome): Promise<void> {
  copyResponse(connection.out, 'G', outcome.columns);
  await connection.flush();
  commandComplete(connection.out, await outcome.load(copyData(connection)));
}

async function copyOut(connection: Connection, outcome: CopyOutOutcome): Promise<void> {
  copyResponse(connection.out, 'H', outcome.columns);
  for await (const chunk of outcome.data) {
    connection.out.begin('d').raw(chunk).end();
    await connection.flushWhenLarge();
  }
  connection.out.begin('c').end();
  commandComplete(connection.out, `COPY ${outcome.rows()}`);
}

/** CopyData messages until CopyDone; CopyFail is an error, as is the end of the connection. */
async function* copyData(connection: Connection): AsyncGenerator<Uint8Array, void> {
  for (;;) {
    const message = await connection.reader.next();
    switch (message?.type) {
      case 'd':
        yield message.body.rest();
        break;
      case 'c':
        return;
      case 'H':
      case 'S':
        break;
      case 'f':
        throw new LumaError(SQLSTATE.queryCanceled, `COPY from stdin failed: ${message.body.text()}`);
      case undefined:
        throw new LumaError(SQLSTATE.protocolViolation, 'the client has gone during COPY from stdin');
      default:
        throw new LumaError(SQLSTATE.protocolViolation, `unexpected message "${message?.type}" during COPY from stdin`);
    }
  }
}
