import type { ExecutionStatistics } from '../../../planner/physical/statistics.ts';
import type { Batch, Schema } from '../../types/vector.ts';

/** What one statement gives. */
export type Outcome = RowsOutcome | CommandOutcome | CopyInOutcome | CopyOutOutcome;

/**
 * Rows, pulled batch by batch in bounded memory. A batch is valid until the next is asked for. Whoever takes an outcome
 * reads it to the end or calls `batches.return()`; both give back its memory and its snapshot.
 */
export interface RowsOutcome {
  readonly kind: 'rows';
  readonly schema: Schema;
  readonly batches: AsyncGenerator<Batch, void>;
  /** PostgreSQL's command tag without the count: `SELECT`, `EXPLAIN`, `SHOW`. */
  readonly command: string;
  /** How the query is served, once `batches` has ended. */
  statistics(): ExecutionStatistics | undefined;
}

export interface CommandOutcome {
  readonly kind: 'command';
  /** PostgreSQL's command tag: `CREATE TABLE`, `INSERT 0 3`. */
  readonly tag: string;
}

/** COPY … FROM STDIN: waits for the client's data; `load` resolves with the command tag once it is committed. */
export interface CopyInOutcome {
  readonly kind: 'copy_in';
  readonly columns: number;
  load(data: AsyncIterable<Uint8Array>): Promise<string>;
}

/** COPY … TO STDOUT. */
export interface CopyOutOutcome {
  readonly kind: 'copy_out';
  readonly columns: number;
  readonly data: AsyncGenerator<Uint8Array, void>;
  /** Rows sent, once `data` has ended. */
  rows(): number;
}
