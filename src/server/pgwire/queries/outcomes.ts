import type { CopyInOutcome, CopyOutOutcome, Outcome, RowsOutcome } from '../../../engine/results/outcome.ts';
import { LumaError, SQLSTATE } from '../../../types/error.ts';
import type { Connection } from '../connection.ts';
import { commandComplete, copyResponse, dataRows, FORMAT, ROWS_AT_ONCE, rowDescription } from '../messages/responses.ts';

/** Sends all of an outcome; rows come with their description, as text. */
export async function sendOutcome(connection: Connection, outcome: Outcome): Promise<void> {
  switch (outcome.kind) {
    case 'command':
      commandComplete(connection.out, outcome.tag);
      return;
    case 'rows':
      return rows(connection, outcome);
    case 'copy_in':
      return copyIn(connection, outcome);
    case 'copy_out':
      return copyOut(connection, outcome);
  }
}

async function rows(connection: Connection, { schema, batches, command }: RowsOutcome): Promise<void> {
  const { out } = connection;
  const formats = schema.map(() => FORMAT.text);
  rowDescription(out, schema, formats);
  let sent = 0;
  for await (const batch of batches) {
    for (let from = 0; from < batch.length; from += ROWS_AT_ONCE) {
      dataRows(out, batch, formats, from, Math.min(batch.length, from + ROWS_AT_ONCE));
      await connection.flushWhenLarge();
    }
    sent += batch.length;
  }
  commandComplete(out, command === 'SELECT' ? `SELECT ${sent}` : command);
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
