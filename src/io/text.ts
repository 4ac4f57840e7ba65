import type { Batch, Schema } from '../types/vector.ts';
import { linesOf } from './lines.ts';
import { pieces } from './pieces.ts';
import { type FileColumn, RowReader, readRows } from './row-reader.ts';
import { type TextOptions, textFormat } from './text/options.ts';
import { TextScanner } from './text/scanner.ts';

export type { TextOptions };

/** Rows in the text format of PostgreSQL's COPY, in batches. Throws as `readCsv` does. */
export async function* readText(
  source: AsyncIterable<Uint8Array> | string,
  columns: readonly FileColumn[],
  options: TextOptions = {},
): AsyncGenerator<Batch, void> {
  const format = textFormat(options);
  yield* readRows(new RowReader(columns, new TextScanner(format), format), pieces(source));
}

/** What PostgreSQL writes with a backslash (CopyAttributeOutText), besides the delimiter. */
const ESCAPED: Readonly<Record<string, string>> = {
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
};

/** The text format as PostgreSQL's COPY TO writes it. */
export async function* writeText(
  batches: AsyncIterable<Batch> | Iterable<Batch>,
  schema: Schema,
  options: TextOptions = {},
): AsyncGenerator<Uint8Array, void> {
  const format = textFormat(options);
  const delimiter = String.fromCharCode(format.delimiter);
  const special = new RegExp(`[\b\f\n\r\t\v\\\\\\u{${format.delimiter.toString(16)}}]`, 'gu');
  yield* linesOf(batches, schema, {
    header: format.header,
    delimiter,
    null: format.nullText,
    write: (value) => value.replace(special, (character) => ESCAPED[character] ?? `\\${character}`),
  });
}
