import type { Snapshot, StorageEngine, StorageTransaction } from '../../storage/api.ts';
import { LumaError, SQLSTATE } from '../types/error.ts';

/** As ReadyForQuery reports it (PostgreSQL protocol 55.7). */
export type TransactionStatus = 'idle' | 'active' | 'failed';

/**
 * The transaction of one session. Outside BEGIN … COMMIT each statement that writes is a transaction of its own.
 * After an error inside a block only ROLLBACK (or COMMIT, which then rolls back) is accepted (25P02).
 */
export class TransactionState {
  readonly #storage: StorageEngine;
  #block: { readonly transaction: StorageTransaction; readonly now: bigint; failed: boolean } | undefined;

  constructor(storage: StorageEngine) {
    this.#storage = storage;
  }

  get status(): TransactionStatus {
    if (this.#block === undefined) return 'idle';
    return this.#block.failed ? 'failed' : 'active';
  }

  /** The time `now()` stands for: when the block began, else the present; nanoseconds since 1970. */
  now(): bigint {
    return this.#block?.now ?? presentNs();
  }

  /** Returns false when a block was open already (PostgreSQL warns and goes on). */
  begin(): boolean {
    if (this.#block !== undefined) return false;
    this.#block = { transaction: this.#storage.begin(), now: presentNs(), failed: false };
    return true;
  }

  /** Resolves to whether the block's work is kept; a failed block rolls back instead. */
  async commit(): Promise<boolean> {
    const block = this.#block;
    if (block === undefined) return false;
    this.#block = undefined;
    if (block.failed) {
      block.transaction.rollback();
      return false;
    }
    await block.transaction.commit();
    return true;
  }

  rollback(): void {
    const block = this.#block;
    this.#block = undefined;
    block?.transaction.rollback();
  }

  /** Called when a statement ends with an error. */
  fail(): void {
    if (this.#block !== undefined) this.#block.failed = true;
  }

  /** Throws 25P02 after an error in the block. */
  checkUsable(): void {
    if (this.#block?.failed !== true) return;
    throw new LumaError(
      SQLSTATE.inFailedTransaction,
      'current transaction is aborted, commands ignored until end of transaction block',
      { hint: 'Send ROLLBACK to go on.' },
    );
  }

  snapshot(): Snapshot {
    return this.#block?.transaction.snapshot() ?? this.#storage.snapshot();
  }

  /** Runs `work` in the block's transaction, or in one of its own that is committed when `work` resolves. */
  async write<Result>(work: (transaction: StorageTransaction) => Promise<Result> | Result): Promise<Result> {
    if (this.#block !== undefined) return work(this.#block.transaction);
    const transaction = this.#storage.begin();
    try {
      const result = await work(transaction);
      await transaction.commit();
      return result;
    } catch (thrown) {
      transaction.rollback();
      throw thrown;
    }
  }
}

function presentNs(): bigint {
  return BigInt(Date.now()) * 1_000_000n;
}
