import type { Snapshot } from '../../../storage/api.ts';
import type { ExecutionResult } from '../../exec/executor.ts';
import type { Batch, Schema } from '../../types/vector.ts';
import type { RowsOutcome } from './outcome.ts';
import { pulled } from './pull.ts';

/** How far a query is: morsels done of those known so far. */
export interface Progress {
  readonly done: number;
  readonly total: number;
}

/** The rows of a running query; reading to the end, or giving up, releases its memory and the snapshot. */
export function rowsOutcome(command: string, result: ExecutionResult, snapshot: Snapshot): RowsOutcome {
  const batches = pulled(result.stream(), {
    ended: () => {
      result.release();
      snapshot.release();
    },
  });
  return { kind: 'rows', command, schema: result.schema, batches, statistics: () => result.statistics };
}

/** Rows that are already there. */
export function readyRows(command: string, schema: Schema, batch: Batch): RowsOutcome {
  async function* batches(): AsyncGenerator<Batch, void> {
    yield batch;
  }
  return { kind: 'rows', command, schema, batches: batches(), statistics: () => undefined };
}
