import { isNumeric } from '../../types/data-type.ts';
import { formatReader } from '../../types/format.ts';
import { type Batch, isValid, type Schema } from '../../types/vector.ts';
import type { RowFormat } from './format.ts';
import { displayWidth, pad } from './width.ts';

/** Column widths are those of the first rows; later, wider values shift their line and nothing is cut. */
const ROWS_MEASURED = 1000;

/** Aligned columns as psql prints them: numbers to the right, NULL empty, then the row count. */
export const writeTable: RowFormat = async ({ schema, batches }, write) => {
  let waiting: string[][] = [];
  let widths: readonly number[] | undefined;
  let rows = 0;
  const right = schema.map((field) => isNumeric(field.type));
  const flush = async (): Promise<void> => {
    if (widths === undefined) {
      widths = measure(schema, waiting);
      await write(heading(schema, widths));
    }
    const known = widths;
    if (waiting.length > 0) await write(waiting.map((cells) => line(cells, known, right)).join(''));
    waiting = [];
  };
  for await (const batch of batches) {
    for (const cells of cellsOf(batch)) {
      waiting.push(cells);
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

function measure(schema: Schema, rows: readonly (readonly string[])[]): readonly number[] {
  return schema.map((field, position) => {
    let width = displayWidth(field.name);
    for (const cells of rows) for (const part of (cells[position] ?? '').split('\n')) width = Math.max(width, displayWidth(part));
    return width;
  });
}

function heading(schema: Schema, widths: readonly number[]): string {
  const names = schema.map((field, position) => {
    const width = widths[position] ?? 0;
    const left = Math.floor((width - displayWidth(field.name)) / 2);
    return ` ${pad(' '.repeat(Math.max(0, left)) + field.name, width, false)} `;
  });
  return `${names.join('|').trimEnd()}\n${widths.map((width) => '-'.repeat(width + 2)).join('+')}\n`;
}

/** A value with line breaks takes several lines; a `+` marks that the cell goes on, as in psql. */
function line(cells: readonly string[], widths: readonly number[], right: readonly boolean[]): string {
  const parts = cells.map((cell) => cell.split('\n'));
  const height = Math.max(1, ...parts.map((part) => part.length));
  let text = '';
  for (let at = 0; at < height; at++) {
    const shown = parts.map((part, position) => {
      const goesOn = at < part.length - 1;
      return ` ${pad(part[at] ?? '', widths[position] ?? 0, right[position] === true)}${goesOn ? '+' : ' '}`;
    });
    text += `${shown.join('|').trimEnd()}\n`;
  }
  return text;
}
