import { isNumeric } from '../../types/data-type.ts';
import { formatReader } from '../../types/format.ts';
import { type Batch, isValid } from '../../types/vector.ts';
import type { RowFormat } from './format.ts';
import { displayWidth, pad, visible } from './width.ts';

/** Column widths are those of the first rows; later, wider values shift their line and nothing is cut. */
const ROWS_MEASURED = 1000;

/** Aligned columns as psql prints them: numbers to the right, NULL empty, then the row count. */
export const writeTable: RowFormat = async ({ schema, batches }, write) => {
  let waiting: string[][] = [];
  let widths: readonly number[] | undefined;
  let rows = 0;
  const names = schema.map((field) => visible(field.name));
  const right = schema.map((field) => isNumeric(field.type));
  const flush = async (): Promise<void> => {
    if (widths === undefined) {
      widths = measure([names, ...waiting]);
      await write(heading(names, widths));
    }
    const known = widths;
    if (waiting.length > 0)
      await write(
        waiting
          .map((cells) => lines(cells, (part, position) => pad(part, known[position] ?? 0, right[position] === true)))
          .join(''),
      );
    waiting = [];
  };
  for await (const batch of batches) {
    for (const cells of cellsOf(batch)) {
      waiting.push(cells.map(visible));
      if (waiting.length >= ROWS_MEASURED) await flush();
    }
    rows += batch.length;
  }
  await flush();
  await write(`(${rows} ${rows === 1 ? 'row' : 'rows'})\n`);
  return rows;
};

/** The rows of a batch as text; NULL is the empty string. */
export function* cellsOf(batch: Batch): Generator<string[]> {
  const readers = batch.columns.map(formatReader);
  for (let row = 0; row < batch.length; row++) {
    yield batch.columns.map((column, position) => (isValid(column, row) ? (readers[position]?.(row) ?? '') : ''));
  }
}

function measure(rows: readonly (readonly string[])[]): readonly number[] {
  const [first = []] = rows;
  return first.map((_, position) => {
    let width = 0;
    for (const cells of rows) for (const part of (cells[position] ?? '').split('\n')) width = Math.max(width, displayWidth(part));
    return width;
  });
}

function heading(names: readonly string[], widths: readonly number[]): string {
  const centred = (part: string, position: number): string => {
    const width = widths[position] ?? 0;
    return pad(' '.repeat(Math.floor((width - displayWidth(part)) / 2)) + part, width, false);
  };
  return `${lines(names, centred)}${widths.map((width) => '-'.repeat(width + 2)).join('+')}\n`;
}

/** A value with line breaks takes several lines; a `+` marks that the cell goes on, as in psql. */
function lines(cells: readonly string[], place: (part: string, position: number) => string): string {
  const parts = cells.map((cell) => cell.split('\n'));
  const height = Math.max(1, ...parts.map((part) => part.length));
  let text = '';
  for (let at = 0; at < height; at++) {
    const shown = parts.map((part, position) => ` ${place(part[at] ?? '', position)}${at < part.length - 1 ? '+' : ' '}`);
    text += `${shown.join('|').trimEnd()}\n`;
  }
  return text;
}
