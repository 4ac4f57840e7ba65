import type { Copy } from '../../../grammars/ast/statement.ts';
import type { TableDefinition } from '../../../storage/api.ts';
import { readCsv } from '../../io/csv.ts';
import { readParquet } from '../../io/parquet.ts';
import { readText } from '../../io/text.ts';
import { LumaError, notSupported, SQLSTATE } from '../../types/error.ts';
import type { Batch } from '../../types/vector.ts';
import type { Outcome } from '../results/outcome.ts';
import type { StatementContext } from '../session.ts';
import { arrangeColumns } from './arrange-columns.ts';
import type { CopyOptions } from './copy-options.ts';

/** A file's path, or what the client sends. */
type CopySource = string | AsyncIterable<Uint8Array>;

/** COPY … FROM: all rows in one commit, or none. */
export async function copyFrom(
  { source, file, span }: Copy,
  table: TableDefinition,
  options: CopyOptions,
  context: StatementContext,
): Promise<Outcome> {
  const named = source.type === 'table' ? source.columns : [];
  const positions =
    named.length === 0
      ? table.columns.map((_, position) => position)
      : named.map((name) => table.columns.findIndex((column) => column.name === name));
  if (file !== null) return { kind: 'command', tag: await load(table, positions, options, file, context) };
  if (options.format === 'parquet') throw notSupported('Parquet from STDIN', { span, hint: 'Name a file.' });
  return {
    kind: 'copy_in',
    columns: positions.length,
    load: (data) => load(table, positions, options, data, context),
  };
}

async function load(
  table: TableDefinition,
  positions: readonly number[],
  options: CopyOptions,
  source: CopySource,
  context: StatementContext,
): Promise<string> {
  const rows = await context.session.write(async (transaction) => {
    let count = 0;
    for await (const batch of read(table, positions, options, source)) {
      context.deadline.check();
      transaction.write(table.name, arrangeColumns(batch, positions, table));
      count += batch.length;
    }
    return count;
  });
  return `COPY ${rows}`;
}

async function* read(
  table: TableDefinition,
  positions: readonly number[],
  options: CopyOptions,
  source: CopySource,
): AsyncGenerator<Batch, void> {
  const columns = positions.flatMap((position) => table.columns[position] ?? []);
  if (options.format === 'csv') return yield* readCsv(source, columns, options);
  if (options.format === 'text') return yield* readText(source, columns, options);
  if (typeof source !== 'string') throw notSupported('Parquet from STDIN', { hint: 'Name a file.' });
  const file = await readParquet(source);
  if (file.schema.length !== columns.length) {
    throw new LumaError(
      SQLSTATE.badCopyFileFormat,
      `the file has ${file.schema.length} columns, ${columns.length} are expected`,
      {
        hint: `The file's are ${file.schema.map((field) => field.name).join(', ')}.`,
      },
    );
  }
  yield* file.batches();
}
