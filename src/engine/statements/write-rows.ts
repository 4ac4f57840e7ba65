import type { StorageTransaction } from '../../../storage/api.ts';
import type { ExecutionResult } from '../../exec/executor.ts';

/** Writes a query's rows into a table, batch by batch, and releases the result. Gives the number of rows. */
export async function writeRows(result: ExecutionResult, table: string, transaction: StorageTransaction): Promise<number> {
  let rows = 0;
  try {
    for await (const batch of result.stream()) {
      transaction.write(table, batch);
      rows += batch.length;
    }
  } finally {
    result.release();
  }
  return rows;
}
