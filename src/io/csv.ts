import { formatReader } from '../types/format.ts';
import { type Batch, isValid, type Schema } from '../types/vector.ts';
import { type CsvOptions, csvFormat } from './csv/options.ts';
import { pieces } from './csv/pieces.ts';
import { quoter } from './csv/quoter.ts';
import { type CsvColumn, RowReader } from './csv/row-reader.ts';

export type { CsvColumn, CsvOptions };

/** About as many characters go into one piece of output. */
const PIECE = 1 << 16;

/**
 * Rows of a CSV file or stream, in batches, with memory for one batch and one piece of the input. Throws 22P04 naming
 * line and column (fields count from 1) for a field that does not fit its type and for missing and extra columns, 58030
 * for a file that cannot be read.
 */
export async function* readCsv(
  source: AsyncIterable<Uint8Array> | string,
  columns: readonly CsvColumn[],
  options: CsvOptions = {},
): AsyncGenerator<Batch, void> {
  const rows = new RowReader(columns, csvFormat(options));
  for await (const piece of pieces(source)) {
    rows.scanner.push(piece);
    while (rows.fill()) yield rows.finish();
  }
  rows.scanner.finish();
  while (rows.fill()) yield rows.finish();
  if (rows.length > 0) yield rows.finish();
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
  const encoder = new TextEncoder();
  const format = csvFormat(options);
  const write = quoter(format);
  const delimiter = String.fromCharCode(format.delimiter);
  let text = format.header ? `${schema.map(({ name }) => write(name)).join(delimiter)}\n` : '';
  for await (const batch of batches) {
    const columns = batch.columns.map((vector) => {
      const read = formatReader(vector);
      return (row: number) => (isValid(vector, row) ? write(read(row)) : format.nullText);
    });
    for (let row = 0; row < batch.length; row++) {
      for (let column = 0; column < columns.length; column++) {
        if (column > 0) text += delimiter;
        text += columns[column]?.(row) ?? '';
      }
      text += '\n';
      if (text.length >= PIECE) {
        yield encoder.encode(text);
        text = '';
      }
    }
  }
  if (text.length > 0) yield encoder.encode(text);
}
