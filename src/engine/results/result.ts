import type { Table } from 'apache-arrow';
import type { ExecutionStatistics } from '../../../planner/physical/statistics.ts';
import { LumaError, notSupported, SQLSTATE } from '../../types/error.ts';
import type { Batch, Schema } from '../../types/vector.ts';
import { batchCopier } from '../../types/vector-copy.ts';
import { type JsValue, jsReader } from './js-values.ts';
import type { Outcome } from './outcome.ts';
import { uniqueNames } from './unique-names.ts';

/** A whole result, with buffers of its own: it stays valid whatever happens to the database. */
export interface QueryResult {
  /** PostgreSQL's command tag: `SELECT 3`, `CREATE TABLE`. */
  readonly command: string;
  readonly rowCount: number;
  readonly schema: Schema;
  /** Views the result's buffers. */
  readonly table: Table;
  /** One object per row, by column name (the second of one name is `name_2`); see js-values.ts for how types come over. */
  rows(): Record<string, JsValue>[];
  readonly batches: readonly Batch[];
  readonly stats: ExecutionStatistics | undefined;
}

let arrow: typeof import('./arrow.ts') | undefined;

/** Reads an outcome to its end. COPY from STDIN or to STDOUT needs a session and is refused (0A000). */
export async function collectResult(outcome: Outcome): Promise<QueryResult> {
  switch (outcome.kind) {
    case 'command':
      return resultOf(outcome.tag, 0, [], [], undefined, noColumns);
    case 'copy_in':
    case 'copy_out':
      throw notSupported('COPY from STDIN or to STDOUT through query()', { hint: 'Name a file, or use a session.' });
    case 'rows': {
      const batches: Batch[] = [];
      const copy = batchCopier();
      let rows = 0;
      for await (const batch of outcome.batches) {
        batches.push(copy(batch));
        rows += batch.length;
      }
      // Arrow is loaded with the first rows, so that a start does not pay for it, and once: importing takes a while each time.
      arrow ??= await import('./arrow.ts');
      const { arrowTable } = arrow;
      const { schema } = outcome;
      return resultOf(`${outcome.command} ${rows}`, rows, schema, batches, outcome.statistics(), () =>
        arrowTable(schema, batches),
      );
    }
  }
}

function resultOf(
  command: string,
  rowCount: number,
  schema: Schema,
  batches: readonly Batch[],
  stats: ExecutionStatistics | undefined,
  makeTable: () => Table,
): QueryResult {
  let table: Table | undefined;
  return {
    command,
    rowCount,
    schema,
    batches,
    stats,
    get table() {
      table ??= makeTable();
      return table;
    },
    rows: () => batches.flatMap((batch) => rowsOf(schema, batch)),
  };
}

function noColumns(): never {
  throw new LumaError(SQLSTATE.invalidParameterValue, 'a command gives no rows, so there is no table');
}

function rowsOf(schema: Schema, batch: Batch): Record<string, JsValue>[] {
  const names = uniqueNames(schema);
  const readers = batch.columns.map(jsReader);
  return Array.from({ length: batch.length }, (_, row) =>
    Object.fromEntries(names.map((name, position) => [name, readers[position]?.(row) ?? null])),
  );
}
