import type { ParameterInput } from '../../../engine/parameters.ts';
import type { NamedStatement } from '../../../engine/prepared.ts';
import type { RowsOutcome } from '../../../engine/results/outcome.ts';
import type { Batch } from '../../../types/vector.ts';
import type { Connection } from '../connection.ts';
import { commandComplete, dataRows, ROWS_AT_ONCE } from '../messages/responses.ts';

/** A statement with its parameters, whose rows a client may fetch in parts. */
export class Portal {
  readonly statement: NamedStatement;
  readonly params: readonly ParameterInput[];
  readonly formats: readonly number[];
  /** One for all fetches: it is what the running query listens to. */
  readonly controller = new AbortController();
  #rows: { readonly outcome: RowsOutcome; batch: Batch | undefined; at: number } | undefined;
  #done = false;

  constructor(statement: NamedStatement, params: readonly ParameterInput[], formats: readonly number[]) {
    this.statement = statement;
    this.params = params;
    this.formats = formats;
  }

  /** Whether it has been executed to its end. */
  get done(): boolean {
    return this.#done;
  }

  get started(): boolean {
    return this.#rows !== undefined;
  }

  open(outcome: RowsOutcome): void {
    this.#rows = { outcome, batch: undefined, at: 0 };
  }

  finish(): void {
    this.#done = true;
    this.#rows = undefined;
  }

  /**
   * Sends at most `limit` rows. Then comes the command's tag, which counts the rows of this fetch, or, when the limit was
   * reached, that the portal is suspended, also if no row is left (exec_execute_message and PortalRun do the same).
   */
  async sendRows(connection: Connection, limit: number): Promise<void> {
    const rows = this.#rows;
    if (rows === undefined) return;
    let sent = 0;
    while (sent < limit) {
      if (rows.batch === undefined || rows.at >= rows.batch.length) {
        const next = await rows.outcome.batches.next();
        if (next.done === true) {
          this.finish();
          const { command } = rows.outcome;
          commandComplete(connection.out, command === 'SELECT' ? `SELECT ${sent}` : command);
          return;
        }
        rows.batch = next.value;
        rows.at = 0;
        continue;
      }
      const to = Math.min(rows.batch.length, rows.at + Math.min(limit - sent, ROWS_AT_ONCE));
      dataRows(connection.out, rows.batch, this.formats, rows.at, to);
      sent += to - rows.at;
      rows.at = to;
      await connection.flushWhenLarge();
    }
    connection.out.begin('s').end();
  }

  /** Gives back what the rows hold. */
  async close(): Promise<void> {
    const rows = this.#rows;
    this.finish();
    await rows?.outcome.batches.return();
  }
}
