import type { Statement } from '../../../../grammars/ast/statement.ts';
import type { Session } from '../../../engine/session.ts';

/**
 * The transaction block that the protocol itself makes: around the statements of one simple query message (55.2.2.1), and
 * around those of the extended protocol up to Sync (55.2.3). BEGIN turns it into an ordinary block, COMMIT and ROLLBACK
 * end it, and the next statement opens another.
 */
export class ImplicitBlock {
  readonly #session: Session;
  #open = false;

  constructor(session: Session) {
    this.#session = session;
  }

  /** Whether there is a transaction to end. */
  get open(): boolean {
    return this.#open;
  }

  /** Called before each statement. True: the statement has thereby been carried out, a BEGIN of what is open already. */
  async before(statement: Statement): Promise<boolean> {
    if (statement.kind !== 'transaction') {
      // DISCARD ALL is refused in a block; alone, it is in none.
      if (statement.kind !== 'discard' && this.#session.transactionStatus === 'idle') {
        await this.#control('begin');
        this.#open = true;
      }
      return false;
    }
    const joins = statement.action === 'begin' && this.#open;
    this.#open = false;
    return joins;
  }

  /** Commits what is open; rolls back when a statement has failed. Throws what the commit throws. */
  async end(): Promise<void> {
    if (this.#session.transactionStatus === 'failed') return this.abandon();
    if (!this.#open) return;
    this.#open = false;
    await this.#control('commit');
  }

  /** Rolls back what is open. */
  async abandon(): Promise<void> {
    if (!this.#open) return;
    this.#open = false;
    await this.#control('rollback');
  }

  async #control(action: 'begin' | 'commit' | 'rollback'): Promise<void> {
    await this.#session.execute(this.#session.prepare({ kind: 'transaction', span: { start: 0, end: 0 }, action }));
  }
}
