import { formatReader } from '../types/format.ts';
import { type Batch, isValid, type Schema } from '../types/vector.ts';

/** How rows become lines. */
export interface LineFormat {
  readonly header: boolean;
  readonly delimiter: string;
  /** What stands for NULL. */
  readonly null: string;
  /** A value as it is written. */
  write(value: string): string;
}

/** About as many characters go into one piece of output. */
const PIECE = 1 << 16;

/** One line per row, after the names if asked for, in pieces of UTF-8. */
export async function* linesOf(
  batches: AsyncIterable<Batch> | Iterable<Batch>,
  schema: Schema,
  format: LineFormat,
): AsyncGenerator<Uint8Array, void> {
  const encoder = new TextEncoder();
  const { delimiter } = format;
  let text = format.header ? `${schema.map(({ name }) => format.write(name)).join(delimiter)}\n` : '';
  for await (const batch of batches) {
    const columns = batch.columns.map((vector) => {
      const read = formatReader(vector);
      return (row: number) => (isValid(vector, row) ? format.write(read(row)) : format.null);
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
