import type { Batch, Schema } from '../types/vector.ts';
import { type CsvOptions, csvFormat } from './csv/options.ts';
import { quoter } from './csv/quoter.ts';
import { CsvScanner } from './csv/scanner.ts';
import { linesOf } from './lines.ts';
import { pieces } from './pieces.ts';
import { type FileColumn, RowReader, readRows } from './row-reader.ts';

export type { CsvOptions, FileColumn };

/**
 * Rows of a CSV file or stream, in batches, with memory for one batch and one piece of the input. Throws, naming
 * line and column (fields count from 1), 22P04 for missing and extra columns and what its type throws for a field that
 * does not fit, 58030 for a file that cannot be read.
 */
export async function* readCsv(
  source: AsyncIterable<Uint8Array> | string,
  columns: readonly FileColumn[],
  options: CsvOptions = {},
): AsyncGenerator<Batch, void> {
  const format = csvFormat(options);
  yield* readRows(new RowReader(columns, new CsvScanner(format), format), pieces(source));
}

/**
 * CSV text as PostgreSQL's COPY TO writes it: `\n` line ends, quotes only where needed (delimiter, quote, line end, or
 * text that would read as NULL), NULL unquoted.
 */
export async function* writeCsv(
  batches: AsyncIterable<Batch> | Iterable<Batch>,
  schema: Schema,
  options: CsvOptions = {},
): AsyncGenerator<Uint8Array, void> {
  const format = csvFormat(options);
  const quote = quoter(format, schema.length === 1);
  yield* linesOf(batches, schema, {
    header: format.header,
    delimiter: String.fromCharCode(format.delimiter),
    null: format.nullText,
    write: quote,
  });
}
